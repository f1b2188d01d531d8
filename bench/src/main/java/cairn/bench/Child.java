package cairn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process of ours: lines in, lines out, and how much CPU it has used. One thread at a time; {@link #end} from any. */
final class Child {
    /** Until a process is up. */
    static final Duration START = Duration.ofSeconds(60);

    /** What a line is never: the end of the output. */
    private static final String END = "\n";

    private static final int ERRORS_SHOWN = 1000;

    private final String name;
    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
    }

    static Child start(String name, List<String> command, Path errors) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        Child child = new Child(name, process, errors);
        Thread listener = new Thread(child::listen, name);
        listener.setDaemon(true);
        listener.start();
        return child;
    }

    private void listen() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("error " + e);
        } finally {
            lines.add(END);
        }
    }

    /** Waits for a line that has {@code mark} in it, and returns what follows that. */
    String await(String mark, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            String line = line(deadline - System.nanoTime(), "'" + mark + "' within " + patience);
            int at = line.indexOf(mark);
            if (at >= 0) {
                return line.substring(at + mark.length());
            }
        }
    }

    /** Where a server listens, which it says when it is ready. */
    String address() throws IOException {
        return await("listening on ", START).split(" ", -1)[0];
    }

    /** Sends a line and returns what follows {@code ok} in the answer. */
    String ask(String question, Duration patience) throws IOException {
        OutputStream to = process.getOutputStream();
        to.write((question + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
        String answer = line(patience.toNanos(), "an answer to '" + question + "' within " + patience);
        if (!answer.startsWith("ok ")) {
            throw new IOException(name + ": " + question + ": " + answer);
        }
        return answer.substring("ok ".length());
    }

    private String line(long nanos, String wanted) throws IOException {
        try {
            String line = lines.poll(nanos, TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new IOException(name + " did not say " + wanted + words());
            }
            if (line.equals(END)) {
                throw new IOException(name + " ended" + words());
            }
            return line;
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** The end of what it said on standard error. */
    private String words() throws IOException {
        String said = Files.readString(errors).strip();
        String end = said.substring(Math.max(0, said.length() - ERRORS_SHOWN));
        return end.isEmpty() ? "" : ":\n" + end;
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** User and system time so far. */
    Duration cpu() throws IOException {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IOException("this system does not tell what CPU time " + name + " used"));
    }

    /** Ends it the hard way; returns when it is gone. */
    void end() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
