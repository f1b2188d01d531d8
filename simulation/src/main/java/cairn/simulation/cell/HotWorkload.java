package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnWriter;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.Fault;
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
import org.jspecify.annotations.Nullable;

/**
 * A few blocks of one chunk that are overwritten all the time and read all the time, through inputs that stay open: readers
 * that know where the replicas were and go on asking there, while {@link Isolation} leaves one behind. Judged by
 * {@link FileCheck} (P4): none of them ever sees bytes that were overwritten before it asked.
 */
final class HotWorkload implements Workload {

    private static final int BLOCK_BYTES = 64;
    private static final int BLOCKS = 8;
    private static final int CALLS_MAX = 500;

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final Storm storm;
    private final SimRandom random;
    private final String path;
    private final List<FileOp> history = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final int writers;
    private final int readers;
    private final int steps;
    private final long pauseNanos;
    private @Nullable Isolation isolation;
    private boolean created;
    private boolean stopped;
    private int ended;
    private int numbers;
    private long events;
    private int givenUp;

    HotWorkload(Simulation simulation, Clients clients, CellPlan plan, Storm storm) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.storm = storm;
        this.path = "/hot";
        this.random = new SimRandom(simulation.seed()).stream("hot");
        this.writers = clients.limited(Limit.CLIENTS, random.between(1, 2));
        this.readers = clients.limited(Limit.READERS, random.between(2, 5));
        this.steps = clients.limited(Limit.STEPS, random.between(20, CALLS_MAX / (writers + readers)));
        this.pauseNanos = plan.storm().toNanos() / steps;
    }

    @Override
    public void start() {
        for (int i = 0; i < writers; i++) {
            start("hot-writer" + i, this::write);
        }
        for (int i = 0; i < readers; i++) {
            start("hot-reader" + i, this::read);
        }
        if (plan.has(Fault.PARTITION)) {
            isolation = new Isolation(simulation, plan, storm.cell(), hosts);
            isolation.start();
        }
    }

    /** What one client does until it is through or all are stopped. */
    private interface Body {
        void run(Cairn cairn, World world, String name) throws IOException;
    }

    private void start(String name, Body body) {
        hosts.add(name);
        clients.start(name, (cairn, world) -> {
            body.run(cairn, world, name);
            ended++;
        });
    }

    private void create(Cairn cairn, World world) throws IOException {
        while (!created && !stopped) {
            try {
                cairn.create(path, CreateOptions.DEFAULTS).close();
                created = true;
            } catch (CairnException e) {
                created |= e.code() == ErrorCode.EXISTS;
                Violation.unless(created || e.code() == ErrorCode.UNREACHABLE, "cannot make %s: %s", path, e);
                world.time().sleep(pauseNanos);
            }
        }
    }

    private void write(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        create(cairn, world);
        for (int i = 0; i < steps && !stopped; ) {
            try (CairnWriter writer = cairn.openForWrite(path)) {
                boolean good = true;
                for (; good && i < steps && !stopped; i++) {
                    good = writeOnce(writer, own, name);
                    world.time().sleep(own.exponential(pauseNanos));
                }
            } catch (CairnException e) {
                Violation.unless(plan.mayFail(e.code()), "cannot open %s: %s", path, e);
                i++;
            }
        }
    }

    /** @return false when the writer should not be used again */
    private boolean writeOnce(CairnWriter writer, SimRandom own, String name) throws IOException {
        FileOp op = new FileOp(Kind.WRITE, name, ++numbers, blocks(own), events++);
        history.add(op);
        try {
            writer.write(op.offset, ByteBuffer.wrap(op.bytes()));
            if (plan.synced()) {
                writer.sync();
            }
            op.returnedAt = events++;
            return true;
        } catch (CairnException e) {
            op.unsure = true;
            Violation.unless(plan.mayFail(e.code()), "%s: %s", op, e);
            return false;
        } finally {
            tell(name, op);
        }
    }

    private static Range blocks(SimRandom own) {
        int first = own.below(BLOCKS);
        int count = 1 + own.below(BLOCKS - first);
        return new Range((long) first * BLOCK_BYTES, count * BLOCK_BYTES);
    }

    private void read(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        CairnInput input = null;
        for (int i = 0; i < steps && !stopped; i++) {
            world.time().sleep(own.exponential(pauseNanos));
            if (!created) {
                continue;
            }
            FileOp op = new FileOp(Kind.READ, name, 0, blocks(own), events++);
            try {
                input = input == null ? cairn.open(path) : input;
                ByteBuffer into = ByteBuffer.allocate(op.length);
                int count = input.read(op.offset, into);
                op.got = Arrays.copyOf(into.array(), Math.max(0, count));
                op.returnedAt = events++;
                history.add(op);
            } catch (CairnException e) {
                Violation.unless(plan.mayFail(e.code()), "%s: %s", op, e);
            }
            tell(name, op);
        }
        if (input != null) {
            input.close();
        }
    }

    private void tell(String name, FileOp op) {
        if (simulation.isTraced()) {
            simulation.tell(name, op.toString());
        }
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
        FileCheck check = new FileCheck(path, plan.geometry().chunkBytes(), history);
        check.run();
        givenUp = check.givenUp();
    }

    @Override
    public String summary() {
        Isolation cuts = isolation;
        return "hot: %d writers, %d readers, %d calls, a chunkserver was cut off %d times%s"
                .formatted(
                        writers,
                        readers,
                        history.size(),
                        cuts == null ? 0 : cuts.done(),
                        givenUp == 0 ? "" : ", too hard to judge");
    }
}
