package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.ClientOptions;
import cairn.model.CairnException;
import cairn.model.proof.Rule;
import cairn.simulation.SimNode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Starts client processes, and finds out whether they leave anything behind. */
final class Clients {

    private static final Duration LEAVING = Duration.ofSeconds(40); // a follower's poll may take 30 s to be given up
    private static final Duration PATIENT = Duration.ofMinutes(1);
    private static final long CONNECT_PAUSE_NANOS = 300_000_000L;

    /** What a client process does; it may throw what it cannot explain. */
    interface Body {
        void run(Cairn cairn, World world) throws IOException;
    }

    private final Simulation simulation;
    private final CellPlan plan;
    private final Limits limits;
    private final Set<Rule> broken;
    private final List<SimNode> chunkHosts;
    private final double guests;
    private final double hedged;
    private int running;
    private int leaving;

    /** @param chunkHosts in some runs, some clients are on these */
    Clients(Simulation simulation, CellPlan plan, Limits limits, Set<Rule> broken, List<SimNode> chunkHosts) {
        this.simulation = simulation;
        this.plan = plan;
        this.limits = limits;
        this.broken = broken;
        this.chunkHosts = List.copyOf(chunkHosts);
        SimRandom random = new SimRandom(simulation.seed()).stream("guests");
        this.guests = random.coin() ? random.fraction() : 0;
        this.hedged = random.coin() ? random.fraction() : 0;
    }

    /** How many there are of something that a workload has drawn. */
    int limited(Limit limit, long drawn) {
        return limits.at(limit, drawn);
    }

    /** Runs {@code body} in a new process on the host {@code name}; when it returns, all it opened must be gone soon. */
    void start(String name, Body body) {
        start(name, node(name), plan.operationTimeout(), body);
    }

    /** On a host of its own, or on a chunkserver's. */
    private SimNode node(String name) {
        SimRandom random = new SimRandom(simulation.seed()).stream("guest " + name);
        return random.chance(guests)
                ? simulation.guest(name, chunkHosts.get(random.below(chunkHosts.size())))
                : simulation.node(name);
    }

    private void start(String name, SimNode node, Duration timeout, Body body) {
        running++;
        node.start(world -> {
            try (Cairn cairn = connect(world, name, timeout)) {
                body.run(cairn, world);
            }
            running--;
            expectNothingLeft(node);
        });
    }

    /** The process that ran there was killed: it will not report its end. */
    void killed() {
        running--;
    }

    /** A judge does not give up as early as a client may. */
    void startPatient(String name, Body body) {
        start(name, simulation.node(name), PATIENT, body);
    }

    private Cairn connect(World world, String host, Duration timeout) {
        ClientOptions options = ClientOptions.DEFAULTS
                .withOperationTimeout(timeout)
                .withPlace(host, "rack0")
                .withCaller(host, "sim")
                .withBytesInFlight(plan.clientBytes(), plan.clientBytes())
                .withHedgedReads(hedged)
                .breaking(broken);
        while (true) {
            try {
                return Cairn.connect(SimulatedCell.MASTERS, options, world);
            } catch (CairnException e) {
                world.time().sleep(CONNECT_PAUSE_NANOS);
            }
        }
    }

    private void expectNothingLeft(SimNode node) {
        leaving++;
        simulation.at(LEAVING, () -> {
            leaving--;
            if (node.isRunning() && node.threadCount() + node.connectionCount() > 0) {
                simulation.fail("leak: " + node + " closed its client and still has " + node.threadCount()
                        + " threads and " + node.connectionCount() + " connections\n" + simulation.dump());
            }
        });
    }

    boolean allEnded() {
        return running == 0;
    }

    /** Whether every client that ended was looked at. */
    boolean allLeft() {
        return running == 0 && leaving == 0;
    }
}
