package cairn.attack.ground;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that was started here. Its output goes to files named after it. Thread-safe. */
public final class Program {

    private static final long POLL_MILLIS = 5;

    private final String name;
    private final Process process;
    private final Path out;
    private final Path errors;
    private volatile boolean harmed;
    private volatile boolean stopped;

    private Program(String name, Process process, Path out, Path errors) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.errors = errors;
    }

    /** Starts {@code command}; {@code NAME.out} is made anew, {@code NAME.err} is continued. */
    static Program start(Ground ground, String name, List<String> command) throws IOException {
        Path out = ground.directory().resolve(name + ".out");
        Path errors = ground.directory().resolve(name + ".err");
        Files.deleteIfExists(out);
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        try {
            ground.undo().process(process);
        } catch (IllegalStateException e) {
            process.destroyForcibly();
            throw e;
        }
        return new Program(name, process, out, errors);
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether its end is our doing. */
    public boolean isHarmed() {
        return harmed;
    }

    /** kill -9; returns when it is gone. */
    public void kill() {
        harmed = true;
        process.destroyForcibly();
        awaitEnd();
    }

    /** Something else will end it, and that is meant to be. */
    public void expectEnd() {
        harmed = true;
    }

    private void awaitEnd() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void pause() {
        stopped = true;
        Libc.signal(pid(), Libc.SIGSTOP);
    }

    public void resume() {
        stopped = false;
        Libc.signal(pid(), Libc.SIGCONT);
    }

    public boolean isPaused() {
        return stopped;
    }

    /** Asks it to end, as ctrl-C does; its end is not a failure then. */
    public boolean terminate(Duration patience) throws IOException {
        harmed = true;
        process.destroy();
        return awaitExit(patience);
    }

    public boolean awaitExit(Duration patience) throws IOException {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    public int exitCode() {
        return process.exitValue();
    }

    /** Sends a line to its standard input; false when it does not listen any more. */
    public boolean tell(String line) {
        try {
            OutputStream to = process.getOutputStream();
            to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What it has printed so far on standard output. */
    public String output() {
        return read(out);
    }

    public String errors() {
        return read(errors);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line that begins with {@code begin} and returns the rest of it. */
    public String awaitLine(String begin, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            for (String line : output().split("\n", -1)) {
                if (line.startsWith(begin) && output().contains(line + "\n")) {
                    return line.substring(begin.length());
                }
            }
            if (!isAlive()) {
                throw new ProgramEnded(name + " ended with " + exitCode() + ": " + tail(errors()));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(name + " did not say '" + begin + "' within " + patience);
            }
            pauseShortly();
        }
    }

    private static void pauseShortly() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static String tail(String text) {
        return text.length() > 2000 ? "..." + text.substring(text.length() - 2000) : text;
    }

    /** The threads of a JVM and where they stand. */
    public String threads(Path java) throws IOException {
        return Shell.tryRun(List.of(java.resolveSibling("jstack").toString(), Long.toString(pid())))
                .output();
    }

    /** It ended where it should have gone on. */
    public static final class ProgramEnded extends IOException {
        private static final long serialVersionUID = 1L;

        ProgramEnded(String message) {
            super(message);
        }
    }
}
