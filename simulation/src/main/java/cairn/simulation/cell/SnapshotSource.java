package cairn.simulation.cell;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnWriter;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.SimRandom;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.FileOp;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a {@link SnapshotWorkload} clones, and who changes it: producers append to its logs, one record here, the next
 * there; a writer overwrites places in a file; a mover renames a log and a token, over and over.
 */
final class SnapshotSource {
    static final String ROOT = "/live";
    static final int PLACES = 12;
    static final int PLACE_BYTES = 600;

    private static final int PLACE_STEP = 1000;

    private static final int LOOKS_MAX = 20;

    private final SnapshotWorkload workload;
    private final List<String> logs;

    /** For each log what each producer sent there, in order. */
    private final Map<String, List<List<AppendRecord>>> sent = new TreeMap<>();

    private final List<List<FileOp>> writes = new ArrayList<>();
    private final List<FileOp> moves = new ArrayList<>();
    private int lives;
    private int writeNumber;
    private boolean ready;

    SnapshotSource(SnapshotWorkload workload, int logCount) {
        this.workload = workload;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < logCount; i++) {
            names.add("log" + i);
            sent.put("log" + i, new ArrayList<>());
        }
        this.logs = List.copyOf(names);
        for (int i = 0; i < PLACES; i++) {
            writes.add(new ArrayList<>());
        }
    }

    List<String> logs() {
        return logs;
    }

    List<List<AppendRecord>> sentTo(String log) {
        return sent.getOrDefault(log, List.of());
    }

    List<FileOp> writesTo(int place) {
        return writes.get(place);
    }

    /** Move k makes the token {@code token-k}. */
    List<FileOp> moves() {
        return moves;
    }

    boolean isReady() {
        return ready;
    }

    /** Makes the tree; however often a part of it must be asked for. */
    void make(Cairn cairn, World world) throws IOException {
        insist(world, () -> cairn.mkdir(ROOT + "/a", true));
        insist(world, () -> cairn.mkdir(ROOT + "/b/c", true));
        for (String log : logs) {
            insist(
                    world,
                    () -> cairn.append(ROOT + "/a/" + log, AppendOptions.DEFAULTS)
                            .close());
        }
        insist(
                world,
                () -> cairn.append(ROOT + "/b/token-0", AppendOptions.DEFAULTS).close());
        insist(world, () -> {
            try (var output = cairn.create(ROOT + "/b/cells", CreateOptions.DEFAULTS.withOverwrite(true))) {
                output.write(ByteBuffer.allocate(PLACES * PLACE_STEP));
            }
        });
        ready = workload.goesOn();
    }

    /** All disks may be full for a while, and all servers that are there may be drained. */
    private static final Set<ErrorCode> MAY_PASS =
            EnumSet.of(ErrorCode.UNREACHABLE, ErrorCode.CONFLICT, ErrorCode.NO_SPACE);

    private interface Step {
        void run() throws IOException;
    }

    private void insist(World world, Step step) throws IOException {
        while (workload.goesOn()) {
            try {
                step.run();
                return;
            } catch (CairnException e) {
                Violation.unless(MAY_PASS.contains(e.code()), "the tree cannot be made: %s", e);
                world.time().sleep(100_000_000L);
            }
        }
    }

    // ---- producers

    void produce(Cairn cairn, World world, SimRandom random) throws IOException {
        Map<String, CairnAppender> open = new TreeMap<>();
        Map<String, List<AppendRecord>> mine = new TreeMap<>();
        int producer = newLife(mine);
        while (workload.goesOn() && producer < AppendRecord.PRODUCERS_MAX - 1) {
            String log = logs.get(random.below(logs.size()));
            try {
                CairnAppender appender = open.get(log);
                if (appender == null) {
                    appender = open(cairn, log);
                    open.put(log, appender);
                }
                append(appender, producer, mine.get(log), random);
            } catch (CairnException e) {
                workload.expect(e, "a producer of " + log);
                open.values().forEach(CairnAppender::abort);
                open.clear();
                mine.clear();
                producer = newLife(mine);
            }
            workload.rest(world, random);
        }
        open.values().forEach(CairnAppender::abort);
    }

    private int newLife(Map<String, List<AppendRecord>> mine) {
        for (String log : logs) {
            List<AppendRecord> records = new ArrayList<>();
            sentTo(log).add(records);
            mine.put(log, records);
        }
        return lives++;
    }

    /** It may be moved from the one directory to the other while it is looked for. */
    private static CairnAppender open(Cairn cairn, String log) throws IOException {
        for (int look = 0; ; look++) {
            String directory = look % 2 == 0 ? "/a/" : "/b/c/";
            try {
                return cairn.append(ROOT + directory + log, AppendOptions.DEFAULTS.withCreate(false));
            } catch (CairnException e) {
                if (e.code() != ErrorCode.NOT_FOUND || look > LOOKS_MAX) {
                    throw e;
                }
            }
        }
    }

    private void append(CairnAppender appender, int producer, @Nullable List<AppendRecord> mine, SimRandom random)
            throws IOException {
        if (mine == null) {
            throw new Violation("a log without a history");
        }
        int length = (int) random.between(AppendRecord.HEAD_BYTES, random.chance(0.2) ? 12_000 : 800);
        AppendRecord record = new AppendRecord(producer, mine.size(), length, 0);
        record.invokedAt = workload.now();
        mine.add(record);
        record.offset = appender.append(ByteBuffer.wrap(record.bytes()));
        record.returnedAt = workload.now();
    }

    // ---- the writer

    void write(Cairn cairn, World world, SimRandom random) throws IOException {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            places.add(i);
        }
        while (workload.goesOn() && !places.isEmpty()) {
            try (CairnWriter writer = cairn.openForWrite(ROOT + "/b/cells")) {
                while (workload.goesOn() && !places.isEmpty()) {
                    Integer place = places.get(random.below(places.size()));
                    places.remove(/* element */ place); // of a write without an answer nobody knows how late it comes
                    write(writer, place);
                    places.add(place);
                    workload.rest(world, random);
                }
            } catch (CairnException e) {
                workload.expect(e, "the writer");
            }
        }
    }

    private void write(CairnWriter writer, int place) throws CairnException {
        FileOp.Range range = new FileOp.Range((long) place * PLACE_STEP, PLACE_BYTES);
        FileOp op = new FileOp(FileOp.Kind.WRITE, "writer", ++writeNumber, range, workload.now());
        writes.get(place).add(op);
        writer.write(op.offset, contentOf(op.number));
        op.returnedAt = workload.now();
    }

    /** Shows its number. */
    static ByteBuffer contentOf(int number) {
        ByteBuffer bytes = ByteBuffer.allocate(PLACE_BYTES);
        while (bytes.remaining() >= Integer.BYTES) {
            bytes.putInt(number);
        }
        return bytes.flip();
    }

    /** The number of the write that is seen at a place; it must be there as a whole. */
    static int numberAt(byte[] cells, int place, String where) {
        int begin = place * PLACE_STEP;
        Violation.unless(
                begin + PLACE_BYTES <= cells.length, "%s ends at %d, before place %d", where, cells.length, place);
        ByteBuffer bytes = ByteBuffer.wrap(cells, begin, PLACE_BYTES);
        int number = bytes.getInt();
        while (bytes.hasRemaining()) {
            int next = bytes.getInt();
            Violation.unless(next == number, "place %d of %s holds parts of #%d and #%d", place, where, number, next);
        }
        return number;
    }

    static long offsetOf(int place) {
        return (long) place * PLACE_STEP;
    }

    // ---- the mover

    void move(Cairn cairn, World world, SimRandom random) throws IOException {
        String log = logs.getFirst();
        boolean home = true;
        for (int next = 1; workload.goesOn(); next++) {
            FileOp move = new FileOp(FileOp.Kind.WRITE, "mover", next, new FileOp.Range(0, 0), workload.now());
            moves.add(move);
            try {
                cairn.rename(ROOT + "/b/token-" + (next - 1), ROOT + "/b/token-" + next, false);
                move.returnedAt = workload.now();
                cairn.rename(ROOT + (home ? "/a/" : "/b/c/") + log, ROOT + (home ? "/b/c/" : "/a/") + log, false);
                home = !home;
            } catch (CairnException e) {
                workload.expect(e, "the mover");
                return; // where things are now nobody knows
            }
            workload.rest(world, random);
        }
    }
}
