package cairn.cli;

import picocli.CommandLine.Option;

/** {@code --log-level}, on every verb that runs servers. To be applied before the first logger is made. */
final class LogLevel {

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warn, info or debug; info unless told.")
    Level level = Level.INFO;

    /** What logback knows. */
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** Read by logback.xml. */
    void apply() {
        apply(level);
    }

    static void apply(Level level) {
        System.setProperty("cairn.log.level", level.name());
    }
}
