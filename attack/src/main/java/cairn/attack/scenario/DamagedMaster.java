package cairn.attack.scenario;

import cairn.attack.ground.Server;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The master's log, checkpoints and identity are damaged while it is down, and its log while it works. It goes on without what it
 * can do without, and refuses to start, and changes nothing, where it would have to forget what it has confirmed.
 */
final class DamagedMaster {

    private static final String CHECKPOINT = "checkpoint-";
    private static final String SEGMENT = "log-";

    /** Of a segment: what stands before the records. */
    private static final int HEADER_BYTES = 32;

    /** Less than the header of a record and any payload. */
    private static final int HALF_A_RECORD = 30;

    /** So much of a segment has syncs in it that prove what stands before them. */
    private static final int GROWN_BYTES = 1500;

    private static final String RESTORE = "restore";
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Trial trial;
    private final Server master;
    private final Path directory;

    DamagedMaster(Trial trial) {
        this.trial = trial;
        this.master = trial.cell().master();
        this.directory = master.directory();
    }

    void run() throws IOException {
        passesOver("a flipped byte in the newest checkpoint", file -> Damage.flip(file, Files.size(file) / 2));
        passesOver("the newest checkpoint cut short", file -> Damage.cut(file, Files.size(file) / 2));
        passesOver("the newest checkpoint empty", file -> Damage.cut(file, 0));
        tornTail();
        refusesNewest();
        refusesClosed();
        refusesIdentity();
        whileRunning();
    }

    /** What is done to a file. */
    private interface Act {
        void to(Path file) throws IOException;
    }

    private List<Path> checkpoints() throws IOException {
        return Damage.files(directory, CHECKPOINT, "").stream()
                .filter(file -> !file.toString().endsWith(".tmp"))
                .toList();
    }

    private List<Path> segments() throws IOException {
        return Damage.files(directory, SEGMENT, "");
    }

    private static long index(Path file) {
        String name = String.valueOf(file.getFileName());
        return Long.parseUnsignedLong(name.substring(name.indexOf('-') + 1), 16);
    }

    /** A condition on the master's files. */
    private interface State {
        boolean holds() throws IOException;
    }

    private void await(String what, State state) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!state.holds()) {
            Violation.unless(System.nanoTime() < deadline, "not within %s: %s", PATIENCE, what);
            trial.go(SOON);
        }
    }

    private Trial.Running kill(String why) throws IOException {
        trial.calm();
        await("a log that has grown", () -> size(segments().getLast()) > GROWN_BYTES);
        Trial.Running harm = trial.harm("master killed, " + why);
        master.kill();
        return harm;
    }

    /** Starts it, and has it say this of {@code file}. */
    private void startsSaying(String words, Path file) throws IOException {
        int before = master.program().errors().length();
        master.start();
        String said = master.program().errors().substring(before);
        Violation.unless(
                said.lines().anyMatch(line -> line.contains(file.toString()) && line.contains(words)),
                "the master did not say '%s' of %s: %s",
                words,
                file,
                said);
    }

    /** The older checkpoint and more of the log do as well. */
    private void passesOver(String what, Act act) throws IOException {
        await("two checkpoints", () -> checkpoints().size() >= 2);
        Trial.Running harm = kill(what);
        Path newest = checkpoints().getLast();
        act.to(newest);
        startsSaying("passed over", newest);
        harm.over();
        await(
                "a checkpoint after the damaged one",
                () -> index(checkpoints().getLast()) > index(newest) && !Files.exists(newest));
    }

    /** Half a record at the very end was confirmed to nobody. */
    private void tornTail() throws IOException {
        Trial.Running harm = kill("half a record at the log's end");
        Path newest = segments().getLast();
        Damage.repeatAtEnd(newest, HEADER_BYTES, HEADER_BYTES + HALF_A_RECORD);
        startsSaying("cut at offset", newest);
        harm.over();
    }

    private void refusesNewest() throws IOException {
        Trial.Running harm = kill("a flipped byte in the middle of the newest part of the log");
        Path newest = segments().getLast();
        refuses(newest, file -> Damage.flip(file, middle(file)));
        master.start();
        harm.over();
    }

    private static long middle(Path segment) throws IOException {
        return HEADER_BYTES + (Files.size(segment) - HEADER_BYTES) / 2;
    }

    /** A part of the log that is closed, and that the newest checkpoint does not have in it. */
    private Optional<Path> needed() throws IOException {
        long covered = checkpoints().isEmpty() ? 0 : index(checkpoints().getLast());
        List<Path> all = segments();
        return all.subList(0, all.size() - 1).stream()
                .filter(file -> index(file) > covered && size(file) > HEADER_BYTES)
                .findFirst();
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private void refusesClosed() throws IOException {
        Trial.Running harm = kill("its log damaged in every way");
        while (needed().isEmpty()) { // a checkpoint was made just now: the next start closes what was written since
            master.start();
            trial.go(SOON);
            master.kill();
        }
        Path closed = needed().orElseThrow();
        refuses(closed, file -> Damage.flip(file, middle(file)));
        refuses(closed, file -> Damage.cut(file, middle(file)));
        refuses(closed, file -> Damage.cut(file, 0));
        refuses(closed, file -> Damage.flip(file, 0));
        refusesWithout(closed);
        master.start();
        harm.over();
    }

    /** Damages the file, has the master refuse, and restores the file from a copy. */
    private void refuses(Path file, Act act) throws IOException {
        byte[] copy = Files.readAllBytes(file);
        act.to(file);
        Refusal.of(master, file, RESTORE);
        Files.write(file, copy);
    }

    private void refusesWithout(Path segment) throws IOException {
        byte[] copy = Files.readAllBytes(segment);
        Files.delete(segment);
        Refusal.of(master, directory, RESTORE);
        Files.write(segment, copy);
    }

    private void refusesIdentity() throws IOException {
        Trial.Running harm = kill("a flipped byte anywhere in its identity");
        Path cell = directory.resolve("cell");
        long bytes = Files.size(cell);
        for (long place : new long[] {0, bytes / 3, bytes / 2, bytes - 2}) {
            refuses(cell, file -> Damage.flip(file, place));
        }
        master.start();
        harm.over();
    }

    /** A master at work does not read its log, but for checkpoints: it says so and goes on without, until the file is restored. */
    private void whileRunning() throws IOException {
        Trial.Running harm = kill("then a flipped byte in its log while it works");
        master.start();
        harm.over();
        await("a part of the log that is needed", () -> {
            if (needed().isEmpty()) {
                master.kill();
                master.start();
            }
            return needed().isPresent();
        });
        Path closed = needed().orElseThrow();
        long place = middle(closed);
        int before = master.program().errors().length();
        Damage.flip(closed, place);
        await(
                "the master says that " + closed + " is damaged",
                () -> master.program()
                        .errors()
                        .substring(before)
                        .lines()
                        .anyMatch(line ->
                                line.contains("no checkpoint could be made") && line.contains(closed.toString())));
        Damage.flip(closed, place);
        long covered = checkpoints().isEmpty() ? 0 : index(checkpoints().getLast());
        await(
                "a checkpoint when the file is restored",
                () -> index(checkpoints().getLast()) > covered);
    }
}
