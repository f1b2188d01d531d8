package cairn.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How processes are started.
 *
 * @param java the command of the JVM
 * @param options of the JVM of all processes but HDFS's, which have their own ({@link HdfsKit})
 * @param serverOptions further ones for Cairn's servers: their AOT cache
 * @param classPath that has this module and the {@code cairn} command
 * @param mainClass of the {@code cairn} command
 * @param hdfsScript fetches HDFS ({@code bin/bench-hdfs}); null outside of a checkout
 */
public record Launcher(
        Path java,
        List<String> options,
        List<String> serverOptions,
        String classPath,
        String mainClass,
        @Nullable Path hdfsScript) {

    private static final String COMMAND = "cairn.cli.Main";

    public Launcher {
        options = List.copyOf(options);
        serverOptions = List.copyOf(serverOptions);
    }

    /** As {@code ./cairn} and {@code ./dev} hand it over, for the build whose class path this process has. */
    public static Launcher ofThisBuild() {
        String script = System.getProperty("cairn.bench.hdfs");
        return new Launcher(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                words("cairn.bench.options"),
                words("cairn.bench.server-options"),
                System.getProperty("java.class.path", ""),
                COMMAND,
                script == null ? null : Path.of(script));
    }

    /** Of another build, on the same JVM. */
    public static Launcher ofOtherBuild() {
        return new Launcher(
                ofThisBuild().java,
                words("cairn.gate.other.options"),
                words("cairn.gate.other.server-options"),
                System.getProperty("cairn.gate.other.class-path", ""),
                COMMAND,
                null);
    }

    /** With a further option for the JVMs of all processes. */
    public Launcher with(String option) {
        List<String> more = new ArrayList<>(options);
        more.add(option);
        return new Launcher(java, more, serverOptions, classPath, mainClass, hdfsScript);
    }

    private static List<String> words(String property) {
        String text = System.getProperty(property, "");
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** The command line of {@code cairn WORDS}. */
    List<String> cairn(List<String> words) {
        List<String> further = new ArrayList<>(serverOptions);
        further.addAll(List.of("-cp", classPath, mainClass));
        further.addAll(words);
        return command(further);
    }

    /** The command line of a main class of this module. */
    List<String> main(Class<?> main, List<String> words) {
        List<String> further = new ArrayList<>(List.of("-cp", classPath, main.getName()));
        further.addAll(words);
        return command(further);
    }

    private List<String> command(List<String> further) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(further);
        return command;
    }
}
