package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.NamespaceCheck;
import cairn.simulation.check.NamespaceOp;
import cairn.simulation.check.NamespaceOp.Kind;
import cairn.simulation.check.NamespaceOp.Request;
import cairn.simulation.check.Tree;
import cairn.simulation.check.Tree.Entry;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
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
    private static final int CLIENTS_MAX = 4;

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final SimRandom random;
    private final List<NamespaceOp> history = new ArrayList<>();
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
        this.clientCount = clients.limited(Limit.CLIENTS, random.between(1, CLIENTS_MAX));
        this.steps = clients.limited(Limit.STEPS, random.between(5, 120 / clientCount));
        this.pauseNanos = plan.storm().toNanos() / steps / 2;
    }

    private Request randomRequest(String client, SimRandom own) {
        Kind[] kinds = Kind.values();
        Kind kind = kinds[own.below(kinds.length)];
        String path = randomPath(own);
        String other = kind == Kind.RENAME ? randomPath(own) : "";
        boolean forced = own.coin();
        boolean parents = own.chance(0.3);
        String owner = kind == Kind.SET_ATTRIBUTES ? "u" + own.below(1000) : client;
        Entry entry = new Entry(kind == Kind.MKDIR, 1 + own.below(0777), owner, plan.replication());
        return new Request(kind, path, other, forced, parents, entry, Integer.MAX_VALUE);
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
            NamespaceCalls.carryOut(op, cairn, () -> events++);
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
    }

    @Override
    public String summary() {
        return "namespace: %d clients, %d requests, %s".formatted(clientCount, history.size(), verdict);
    }
}
