package cairn.attack.power;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One User-mode Linux. Its console is read line by line; ending it cuts the power of all that runs in it. */
final class Guest implements AutoCloseable {

    private static final String MEMORY = "mem=1000M";

    private final Process process;
    private final List<String> console = new ArrayList<>(); // guarded by itself

    private Guest(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    /** @param disks files that the guest sees as ubda, ubdb and so on */
    static Guest boot(String uml, Path script, List<String> settings, List<Path> disks) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(uml, MEMORY, "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet"));
        command.add("init=" + script);
        command.addAll(List.of("con=null", "con0=null,fd:1"));
        for (int i = 0; i < disks.size(); i++) {
            command.add("ubd" + i + "=" + disks.get(i));
        }
        command.addAll(settings);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        return new Guest(process);
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> {
                synchronized (console) {
                    console.add(line.strip());
                    console.notifyAll();
                }
            });
        } catch (IOException | UncheckedIOException ended) {
            synchronized (console) {
                console.add("guest: its console broke: " + ended);
            }
        }
        synchronized (console) {
            console.notifyAll();
        }
    }

    /** Waits until a line is there that {@code wanted} takes; empty when the guest ended or the time is over. */
    String await(Predicate<String> wanted, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        synchronized (console) {
            while (true) {
                for (String line : console) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0 || !process.isAlive()) {
                    return "";
                }
                console.wait(Math.min(left, 500));
            }
        }
    }

    /** Everything it said, for people. */
    String console() {
        synchronized (console) {
            return String.join(System.lineSeparator(), console);
        }
    }

    /** Pulls the plug: the guest's memory is gone, and with it what its kernel had not written. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
