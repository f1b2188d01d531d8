package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnWriter;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.FileCheck;
import cairn.simulation.check.FileOp;
import cairn.simulation.check.FileOp.Kind;
import cairn.simulation.check.FileOp.Range;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writers and readers at random offsets of one file of a few chunks: overwrites, gaps, growth, and cuts when there is only
 * one writer. Judged by {@link FileCheck} (P4, P2, P7).
 */
final class FileWorkload implements Workload {

    private static final int WRITERS_MAX = 3;
    private static final int READERS_MAX = 2;
    private static final int CHUNKS_MAX = 4;
    private static final int OPS_MAX = 200;
    private static final double REST_SHARE = 0.2;
    private static final double REOPEN_SHARE = 0.1;

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final SimRandom random;
    private final String path;
    private final List<FileOp> history = new ArrayList<>();
    private final Map<String, CairnInput> inputs = new TreeMap<>();
    private final int writers;
    private final int readers;
    private final int steps;
    private final int lengthMax;
    private final int bytesMax;
    private final long pauseNanos;
    private boolean created;
    private boolean stopped;
    private int ended;
    private int numbers;
    private long events;
    private int givenUp;

    FileWorkload(Simulation simulation, Clients clients, CellPlan plan, String name) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.path = "/" + name;
        this.random = new SimRandom(simulation.seed()).stream("file " + name);
        this.writers = clients.limited(Limit.CLIENTS, random.between(1, WRITERS_MAX));
        this.readers = clients.limited(Limit.READERS, random.between(0, READERS_MAX));
        this.steps = clients.limited(Limit.STEPS, random.between(5, OPS_MAX / (writers + readers)));
        int chunk = plan.geometry().chunkBytes();
        this.lengthMax = random.coin() ? (int) random.between(1, chunk) : CHUNKS_MAX * chunk;
        this.bytesMax = (int) random.between(1, Math.min(lengthMax, chunk + chunk / 2));
        this.pauseNanos = plan.storm().toNanos() / steps / 2;
    }

    @Override
    public void start() {
        for (int i = 0; i < writers; i++) {
            String name = path.substring(1) + "-writer" + i;
            clients.start(name, (cairn, world) -> write(cairn, world, name));
        }
        for (int i = 0; i < readers; i++) {
            String name = path.substring(1) + "-reader" + i;
            clients.start(name, (cairn, world) -> read(cairn, world, name));
        }
    }

    private void awaitFile(Cairn cairn, World world) throws IOException {
        while (!created && !stopped) {
            try {
                cairn.create(path, CreateOptions.DEFAULTS).close();
                created = true;
            } catch (CairnException e) {
                created |= e.code() == ErrorCode.EXISTS;
                Violation.unless(created || e.code() == ErrorCode.UNREACHABLE, "cannot make %s: %s", path, e);
                world.time().sleep(pauseNanos / 10);
            }
        }
    }

    private void write(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        awaitFile(cairn, world);
        CairnWriter writer = null;
        List<FileOp> unsure = new ArrayList<>();
        for (int i = 0; i < steps && !stopped; i++) {
            writer = writer == null ? openWriter(cairn) : writer;
            if (writer != null) {
                if (own.chance(0.2)) {
                    readOnce(cairn, own, name);
                } else if (!mutate(writer, own, name, unsure)) {
                    closeQuietly(writer);
                    writer = null;
                    unsure.clear(); // nobody promises when they end
                }
            }
            rest(world, own);
        }
        closeQuietly(writer);
        closeInput(name);
        ended++;
    }

    private @Nullable CairnWriter openWriter(Cairn cairn) throws IOException {
        try {
            return cairn.openForWrite(path);
        } catch (CairnException e) {
            Violation.unless(plan.mayFail(e.code()), "cannot open %s: %s", path, e);
            return null;
        }
    }

    private static void closeQuietly(@Nullable CairnWriter writer) {
        if (writer != null) {
            writer.close();
        }
    }

    /** One write or cut; false when the writer should not be used again. */
    private boolean mutate(CairnWriter writer, SimRandom own, String name, List<FileOp> unsure) throws IOException {
        boolean cut = writers == 1 && own.chance(0.15);
        int length = cut ? 0 : randomLength(own);
        long offset = own.below(lengthMax - length + 1);
        FileOp op = new FileOp(cut ? Kind.TRUNCATE : Kind.WRITE, name, ++numbers, new Range(offset, length), events++);
        history.add(op);
        try {
            if (cut) {
                writer.truncate(offset);
            } else {
                writer.write(offset, ByteBuffer.wrap(op.bytes()));
            }
            if (plan.synced()) {
                writer.sync();
            }
            op.returnedAt = events++;
            long now = op.returnedAt;
            unsure.forEach(earlier -> earlier.returnedAt = now);
            unsure.clear();
            return true;
        } catch (CairnException e) {
            op.unsure = true;
            unsure.add(op);
            simulation.tell(name, op + " failed: " + e);
            Violation.unless(plan.mayFail(e.code()), "%s: %s", op, e);
            return e.code() == ErrorCode.UNREACHABLE && own.coin();
        } finally {
            simulation.tell(name, op.toString());
        }
    }

    /** Of every order of magnitude. */
    private int randomLength(SimRandom own) {
        int bits = own.below(Integer.SIZE - Integer.numberOfLeadingZeros(bytesMax));
        return (int) Math.min(bytesMax, own.between(1L << bits, (2L << bits) - 1));
    }

    private void read(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        while (!created && !stopped) {
            world.time().sleep(pauseNanos / 10);
        }
        for (int i = 0; i < steps && !stopped; i++) {
            readOnce(cairn, own, name);
            rest(world, own);
        }
        closeInput(name);
        ended++;
    }

    /** Now and then for long, so that calls come close together and still last as long as the storm. */
    private void rest(World world, SimRandom own) {
        long mean = own.chance(REST_SHARE) ? (long) (pauseNanos / REST_SHARE) : pauseNanos / 10;
        world.time().sleep(own.exponential(mean));
    }

    /** An input that stays open from call to call, so that a reader needs no master: what was located serves for a while. */
    private CairnInput input(Cairn cairn, String name) throws IOException {
        CairnInput open = inputs.get(name);
        if (open == null) {
            open = cairn.open(path);
            inputs.put(name, open);
        }
        return open;
    }

    private void closeInput(String name) {
        CairnInput open = inputs.remove(name);
        if (open != null) {
            open.close();
        }
    }

    private void readOnce(Cairn cairn, SimRandom own, String name) throws IOException {
        boolean wantsLength = own.chance(0.1);
        int length = wantsLength ? 0 : randomLength(own);
        long offset = own.below(lengthMax - length + 1);
        FileOp op = new FileOp(wantsLength ? Kind.LENGTH : Kind.READ, name, 0, new Range(offset, length), events++);
        try {
            CairnInput input = input(cairn, name);
            if (wantsLength) {
                op.toldLength = input.length();
            } else {
                op.got = readAt(input, offset, length);
            }
            op.returnedAt = events++;
            history.add(op);
            if (own.chance(REOPEN_SHARE)) {
                closeInput(name);
            }
        } catch (CairnException e) {
            Violation.unless(plan.mayFail(e.code()), "%s: %s", op, e);
        }
        simulation.tell(name, op.toString());
    }

    private static byte[] readAt(CairnInput input, long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        int count = input.read(offset, into);
        Violation.unless(count == -1 || count == into.position(), "read said %d and gave %d", count, into.position());
        return Arrays.copyOf(into.array(), Math.max(0, count));
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return ended == writers + readers;
    }

    @Override
    public void check(Cairn cairn) throws IOException {
        if (!created) {
            return;
        }
        FileOp all = new FileOp(Kind.READ, "judge", 0, new Range(0, lengthMax + 1), events++);
        try (CairnInput input = cairn.open(path)) {
            all.got = readAt(input, 0, all.length);
        }
        all.returnedAt = events++;
        history.add(all);
        FileCheck check = new FileCheck(path, plan.geometry().chunkBytes(), history);
        check.run();
        givenUp = check.givenUp();
    }

    @Override
    public String summary() {
        return "%s: %d writers, %d readers, %d calls, %d bytes at most%s"
                .formatted(
                        path.substring(1),
                        writers,
                        readers,
                        history.size(),
                        lengthMax,
                        givenUp == 0 ? "" : ", " + givenUp + " chunks too hard to judge");
    }
}
