package cairn.attack.ground;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs short commands of the system to their end. */
public final class Shell {

    private Shell() {}

    /** @param output of both streams, without the last line end */
    public record Result(int code, String output) {}

    /** Runs a command; throws with what it printed when it fails. */
    public static String run(List<String> command) throws IOException {
        Result result = tryRun(command);
        if (result.code != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output);
        }
        return result.output;
    }

    public static String run(String... command) throws IOException {
        return run(List.of(command));
    }

    /** Runs a command that may fail. */
    public static Result tryRun(List<String> command) throws IOException {
        return feed(command, "");
    }

    /** Runs a command with {@code input} on its standard input. */
    public static Result feed(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading; its exit code says what that means.
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted in " + command, e);
        }
    }
}
