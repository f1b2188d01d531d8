package cairn.cli;

import cairn.model.Limits;
import cairn.server.master.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program of the operator's that knows the racks: {@code SCRIPT HOST:PORT} prints one line, the rack, and exits with 0 in time.
 * Otherwise nobody can tell, which is logged. An answer is good for a while, so that servers that register again and again do
 * not make a storm of processes, and one that was too late for its registration serves the next.
 */
final class TopologyScript implements Topology {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyScript.class);

    static final Duration TIME_MAX = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final int RUNNING_MAX = 8;
    private static final int ANSWERS_MAX = 10_000;

    private final Path script;
    private final Duration timeMax;
    private final Semaphore running = new Semaphore(RUNNING_MAX);
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(String rack, long atNanos) {}

    TopologyScript(Path script, Duration timeMax) {
        this.script = script;
        this.timeMax = timeMax;
    }

    @Override
    public String rackOf(String address, String said) {
        Answer known = answers.get(address);
        if (known != null && System.nanoTime() - known.atNanos() < FRESH.toNanos()) {
            return known.rack();
        }
        try {
            String rack = run(address);
            if (answers.size() >= ANSWERS_MAX) {
                answers.clear();
            }
            answers.put(address, new Answer(rack, System.nanoTime()));
            return rack;
        } catch (IOException e) {
            LOG.warn(
                    "event=topology.failed server={} script={} reason=\"{}\" meaning=\"it is on the rack on which it was\"",
                    address,
                    script,
                    e.getMessage());
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private String run(String address) throws IOException, InterruptedException {
        running.acquire();
        try {
            Process process = new ProcessBuilder(script.toString(), address)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                if (!process.waitFor(timeMax.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("it took longer than " + timeMax.toMillis() + " ms");
                }
                return rack(process);
            } finally {
                process.destroyForcibly();
            }
        } finally {
            running.release();
        }
    }

    /** What it printed fits a pipe; more would be no rack. */
    private static String rack(Process process) throws IOException {
        if (process.exitValue() != 0) {
            throw new IOException("it ended with " + process.exitValue());
        }
        byte[] printed = process.getInputStream().readNBytes(4 * Limits.WORDS_CHARS_MAX);
        String rack = new String(printed, StandardCharsets.UTF_8).strip();
        if (rack.isEmpty()
                || rack.length() > Limits.WORDS_CHARS_MAX
                || rack.chars().anyMatch(Character::isISOControl)) {
            throw new IOException("it printed no rack: one line, of at most " + Limits.WORDS_CHARS_MAX + " characters");
        }
        return rack;
    }
}
