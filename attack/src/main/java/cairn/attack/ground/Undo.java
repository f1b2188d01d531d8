package cairn.attack.ground;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What must be taken back when a run ends, last made first: processes, namespaces, mounts, directories. Each is written to a file
 * before it is made; so the next run takes back what one left behind that was itself killed ({@link #sweep}). Thread-safe.
 */
public final class Undo implements Closeable {

    private static final String RUN_PREFIX = "cairn-attack-";
    private static final String JOURNAL = "undo";
    private static final String TAB = "\t";

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> steps = new ArrayList<>();
    private boolean keepFiles;
    private boolean closed;

    private Undo(Path directory) {
        this.directory = directory;
    }

    /** A new directory for one run, below {@code base}; it is removed by {@link #close}, unless it is to be kept. */
    static Undo in(Path base) throws IOException {
        Path directory = Files.createTempDirectory(
                base, RUN_PREFIX + ProcessHandle.current().pid() + "-");
        Undo undo = new Undo(directory);
        undo.note("owner", identity(ProcessHandle.current()));
        return undo;
    }

    Path directory() {
        return directory;
    }

    /** Whether all was taken back: the run is over, or was interrupted. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The directory stays, for people to look at. */
    public void keepFiles() {
        keepFiles = true;
    }

    void process(Process process) {
        note("process", identity(process.toHandle()));
    }

    /** A command that takes back what is made next. */
    public void command(String... words) {
        note("command", String.join(TAB, words));
    }

    /** A process and when it began: process ids come again. */
    private static String identity(ProcessHandle process) {
        long began = process.info().startInstant().map(at -> at.toEpochMilli()).orElse(0L);
        return process.pid() + TAB + began;
    }

    private void note(String kind, String what) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the run is over");
            }
            String step = kind + TAB + what;
            steps.add(step);
            Files.writeString(
                    directory.resolve(JOURNAL), step + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Takes everything back. Idempotent; what cannot be taken back is said on standard error. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            takeBack(steps);
            steps.clear();
            if (!keepFiles) {
                removeTree(directory);
            } else {
                Files.deleteIfExists(directory.resolve(JOURNAL));
            }
        } finally {
            lock.unlock();
        }
    }

    private static void takeBack(List<String> steps) {
        for (String step : steps.reversed()) {
            String[] words = step.split(TAB, -1);
            switch (words[0]) {
                case "process" -> end(words[1], words[2]);
                case "command" -> run(List.of(words).subList(1, words.length));
                default -> {
                    // the owner itself
                }
            }
        }
    }

    private static void end(String pid, String began) {
        ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> identity(process).equals(pid + TAB + began))
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    private static void run(List<String> command) {
        try {
            Shell.Result result = Shell.tryRun(command);
            if (result.code() != 0) {
                System.err.println("attack: " + String.join(" ", command) + ": " + result.output());
            }
        } catch (IOException e) {
            System.err.println("attack: " + String.join(" ", command) + ": " + e.getMessage());
        }
    }

    static void removeTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** Takes back what runs left behind that were killed. Returns how many. */
    public static int sweep(Path base) throws IOException {
        int swept = 0;
        try (Stream<Path> all = Files.list(base)) {
            for (Path directory : all.toList()) {
                Path journal = directory.resolve(JOURNAL);
                if (!String.valueOf(directory.getFileName()).startsWith(RUN_PREFIX) || !Files.exists(journal)) {
                    continue;
                }
                List<String> steps = Files.readAllLines(journal);
                if (!steps.isEmpty() && !isRunning(steps.getFirst())) {
                    takeBack(steps);
                    removeTree(directory);
                    swept++;
                }
            }
        }
        return swept;
    }

    private static boolean isRunning(String owner) {
        String[] words = owner.split(TAB, -1);
        return ProcessHandle.of(Long.parseLong(words[1]))
                .filter(process -> identity(process).equals(words[1] + TAB + words[2]))
                .isPresent();
    }
}
