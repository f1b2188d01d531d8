package cairn.cli;

import cairn.cli.text.Table;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command may use of its process. Tests pass their own.
 *
 * @param terminal whether standard error is a terminal: only then is progress shown
 */
record Console(
        InputStream in,
        Output out,
        Output err,
        Map<String, String> environment,
        boolean terminal,
        Interrupted interrupted) {

    // The channels of the standard streams live as long as the process.
    @SuppressWarnings("resource")
    static Console ofProcess() {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new Output(new FileOutputStream(FileDescriptor.out).getChannel()),
                new Output(new FileOutputStream(FileDescriptor.err).getChannel()),
                System.getenv(),
                isTerminal(),
                new Interrupted());
    }

    String variable(String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Says one thing on standard error, as one line. */
    void complain(String verb, String message) {
        try {
            err.println("cairn: " + (verb.isEmpty() ? "" : verb + ": ")
                    + Table.oneLine(message.replaceAll("\\s*\\R\\s*", "; ")));
            err.flush();
        } catch (IOException e) {
            // Nobody is left to tell; the exit code says it.
            return;
        }
    }

    /** Java knows only whether all three streams are a terminal; Linux tells of each. */
    @SuppressWarnings("SystemConsoleNull") // with -Djdk.console=java.base it still may be
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            java.io.Console console = System.console();
            return console != null && console.isTerminal();
        }
    }
}
