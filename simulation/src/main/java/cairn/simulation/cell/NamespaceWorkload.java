package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.FileInfo;
import cairn.client.TrashedEntry;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.Fault;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.NamespaceCheck;
import cairn.simulation.check.NamespaceOp;
import cairn.simulation.check.NamespaceOp.Kind;
import cairn.simulation.check.NamespaceOp.Request;
import cairn.simulation.check.Trash;
import cairn.simulation.check.Tree;
import cairn.simulation.check.Tree.Entry;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that make, move and delete in one small tree, all at once. Judged by {@link NamespaceCheck} (P5),
 * which for a single client means exactly what the {@link Tree} says.
 */
final class NamespaceWorkload implements Workload {

    private static final String ROOT = "/names";
    private static final String[] NAMES = {"a", "b", "c"};
    private static final int DEPTH_MAX = 3;
    private static final int[] TRASH_SECONDS = {-1, 0, 1, 3, 10, 100_000};

    /** What has expired is taken out in ticks of the master, and it has been up for longer than that needs. */
    private static final Duration OVERDUE = Duration.ofSeconds(15);

    private static final int CLIENTS_MAX = 4;

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final SimRandom random;
    private final List<NamespaceOp> history = new ArrayList<>();

    /** Half of the seeds also use trash and quotas. */
    private final List<Kind> kinds;

    /** Paths that were deleted: worth asking for. */
    private final List<String> deleted = new ArrayList<>();

    private final int clientCount;
    private final int steps;
    private final long pauseNanos;
    private boolean stopped;
    private int ended;
    private long events;
    private String verdict = "";

    NamespaceWorkload(Simulation simulation, Clients clients, CellPlan plan) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.random = new SimRandom(simulation.seed()).stream("namespace");
        boolean plain = new SimRandom(simulation.seed()).stream("trash").coin();
        this.kinds = plain ? Kind.PLAIN : List.of(Kind.values());
        this.clientCount = clients.limited(Limit.CLIENTS, random.between(1, CLIENTS_MAX));
        this.steps = clients.limited(Limit.STEPS, random.between(5, 120 / clientCount));
        this.pauseNanos = plan.storm().toNanos() / steps / 2;
    }

    private Request randomRequest(String client, SimRandom own) {
        Kind kind = kinds.get(own.below(kinds.size()));
        String path = randomPath(own);
        String other = kind == Kind.RENAME ? randomPath(own) : "";
        boolean forced = own.coin();
        boolean parents = own.chance(0.3);
        String owner = kind == Kind.SET_ATTRIBUTES ? "u" + own.below(1000) : client;
        Entry entry = new Entry(kind == Kind.MKDIR, 1 + own.below(0777), owner, plan.replication());
        Request plain = new Request(kind, path, other, forced, parents, entry, Integer.MAX_VALUE);
        return kinds.size() == Kind.PLAIN.size() ? plain : ofTrash(plain, own);
    }

    /** What the kinds of the trash need besides. */
    private Request ofTrash(Request plain, SimRandom own) {
        Kind kind = plain.kind();
        boolean known = kind == Kind.UNDELETE && !deleted.isEmpty() && own.chance(0.7);
        String path = known ? deleted.get(own.below(deleted.size())) : plain.path();
        boolean whole = (kind == Kind.LIST_TRASH || kind == Kind.EMPTY_TRASH) && own.coin();
        boolean elsewhere = kind == Kind.UNDELETE && own.chance(0.3);
        boolean kept = plain.parents() || (kind == Kind.DELETE && own.chance(0.8));
        int limit = switch (kind) {
            case SET_TRASH_TIME -> TRASH_SECONDS[own.below(TRASH_SECONDS.length)];
            case SET_QUOTA -> own.below(6) - 1;
            default -> plain.limit();
        };
        return new Request(
                kind,
                whole ? ROOT : path,
                elsewhere ? randomPath(own) : plain.other(),
                plain.forced(),
                kept,
                plain.entry(),
                limit);
    }

    private static String randomPath(SimRandom random) {
        StringBuilder path = new StringBuilder(ROOT);
        int depth = (int) random.between(1, DEPTH_MAX);
        for (int i = 0; i < depth; i++) {
            path.append('/').append(NAMES[random.below(NAMES.length)]);
        }
        return path.toString();
    }

    @Override
    public void start() {
        for (int i = 0; i < clientCount; i++) {
            String name = "namer" + i;
            clients.start(name, (cairn, world) -> use(cairn, world, name));
        }
    }

    private void use(Cairn cairn, World world, String name) {
        SimRandom own = random.stream(name);
        makeRoot(cairn, world);
        for (int i = 0; i < steps && !stopped; i++) {
            NamespaceOp op = new NamespaceOp(name, randomRequest(name, own), events++);
            history.add(op);
            op.calledAt(plan.has(Fault.WALL_JUMP) ? Trash.CLOCK_JUMPS : simulation.nowNanos());
            NamespaceCalls.carryOut(op, cairn, () -> events++);
            if (op.answer() != null) {
                op.endedAt(simulation.nowNanos());
            }
            if (op.request().kind() == Kind.DELETE && Tree.OK.equals(op.answer())) {
                deleted.add(op.request().path());
            }
            if (simulation.isTraced()) {
                simulation.tell(name, op.toString());
            }
            world.time().sleep(own.exponential(pauseNanos));
        }
        ended++;
    }

    private void makeRoot(Cairn cairn, World world) {
        while (true) {
            try {
                cairn.mkdir(ROOT, true);
                return;
            } catch (CairnException e) {
                Violation.unless(e.code() == ErrorCode.UNREACHABLE, "cannot make %s: %s", ROOT, e);
                world.time().sleep(pauseNanos);
            }
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return ended == clientCount;
    }

    /** What is there in the end belongs to the history too. */
    @Override
    public void check(Cairn cairn) throws IOException {
        Tree initial = NamespaceCheck.onlyDirectory(ROOT, plan.replication());
        verdict = new NamespaceCheck(initial, history).judge().name();
        if (kinds.size() > Kind.PLAIN.size()) {
            checkUse(cairn);
            checkExpiry(cairn);
        }
    }

    /** What the cell says that the directory holds is what is there. */
    private static void checkUse(Cairn cairn) throws IOException {
        long files = files(cairn, ROOT);
        long counted = cairn.rules(ROOT).itself().files();
        Violation.unless(files == counted, "%s holds %d files, and %d are counted", ROOT, files, counted);
    }

    private static long files(Cairn cairn, String directory) throws IOException {
        long files = 0;
        for (FileInfo entry : cairn.list(directory)) {
            files += entry.directory() ? files(cairn, entry.path()) : 1;
        }
        return files;
    }

    /** What has expired is gone; not if the clock was set meanwhile. */
    private void checkExpiry(Cairn cairn) throws IOException {
        if (plan.has(Fault.WALL_JUMP)) {
            return;
        }
        String mark = ROOT + "-mark"; // tells what time it is at the master
        cairn.mkdir(mark, true);
        cairn.delete(mark, false, false);
        long now = 0;
        for (TrashedEntry entry : cairn.listTrash(mark)) {
            now = entry.deletedMillis();
        }
        for (TrashedEntry entry : cairn.listTrash(ROOT)) {
            Violation.unless(entry.goneMillis() + OVERDUE.toMillis() > now, "still in the trash at %d: %s", now, entry);
        }
    }

    @Override
    public String summary() {
        return "namespace: %d clients, %d requests, %s".formatted(clientCount, history.size(), verdict);
    }
}
