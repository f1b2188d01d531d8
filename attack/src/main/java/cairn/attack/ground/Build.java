package cairn.attack.ground;

import java.nio.file.Path;
import java.util.List;

/**
 * What is attacked: a build of {@code ./cairn}, as {@code ./dev attack} hands it over.
 *
 * @param java the command
 * @param app the directory of the build: {@code cli.jar} and the jars that it names
 * @param serverOptions the JVM options that {@code ./cairn} gives to a server
 * @param classPath of this process; the clients run on it
 * @param reports the directory for figures
 */
public record Build(Path java, Path app, List<String> serverOptions, String classPath, Path reports) {

    public Build {
        serverOptions = List.copyOf(serverOptions);
    }

    /** As this process was started with. */
    public static Build ofThisProcess() {
        String app = System.getProperty("cairn.attack.app", "");
        if (app.isEmpty()) {
            throw new IllegalStateException("start it with ./dev attack, which says what to attack");
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String options = System.getProperty("cairn.attack.server-options", "");
        return new Build(
                java,
                Path.of(app),
                List.of(options.strip().split("\\s+")),
                System.getProperty("java.class.path", ""),
                Path.of(System.getProperty("cairn.attack.reports", "attack")));
    }
}
