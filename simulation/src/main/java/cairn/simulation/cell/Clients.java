package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.ClientOptions;
import cairn.model.CairnException;
import cairn.model.proof.Rule;
import cairn.simulation.SimNode;
import cairn.simulation.Simulation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
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
    private int running;
    private int leaving;

    Clients(Simulation simulation, CellPlan plan, Limits limits, Set<Rule> broken) {
        this.simulation = simulation;
        this.plan = plan;
        this.limits = limits;
        this.broken = broken;
    }

    /** How many there are of something that a workload has drawn. */
    int limited(Limit limit, long drawn) {
        return limits.at(limit, drawn);
    }

    /** Runs {@code body} in a new process on the host {@code name}; when it returns, all it opened must be gone soon. */
    void start(String name, Body body) {
        start(name, plan.operationTimeout(), body);
    }

    /** As the other one, with another limit for each of its operations. */
    void start(String name, Duration timeout, Body body) {
        running++;
        SimNode node = simulation.node(name);
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
        start(name, PATIENT, body);
    }

    private Cairn connect(World world, String host, Duration timeout) {
        ClientOptions options = ClientOptions.DEFAULTS
                .withOperationTimeout(timeout)
                .withPlace(host, "rack0")
                .withCaller(host, "sim")
                .withBytesInFlight(plan.clientBytes(), plan.clientBytes())
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
