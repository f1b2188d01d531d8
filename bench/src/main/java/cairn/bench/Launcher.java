package cairn.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How processes are started.
 *
 * @param java the command of the JVM
 * @param options of the JVM of all processes: the same for each system
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

    public Launcher {
        options = List.copyOf(options);
        serverOptions = List.copyOf(serverOptions);
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
