package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimNode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one chunkserver after the other off from its peers, mostly from the master too, but never from all clients: what it takes to
 * find a replica that was left behind and goes on serving. Each time lasts about as long as a serving term and a
 * client's memory of locations.
 */
final class Isolation {

    private static final long SHORTEST_MILLIS = 500;
    private static final long LONGEST_MILLIS = 8_000;
    private static final double FROM_MASTER = 0.6;

    private final Simulation simulation;
    private final SimulatedCell cell;
    private final SimRandom random;
    private final List<String> clients;
    private final long untilNanos;
    private int done;

    /** @param clients hosts of which some stay in touch with the one cut off */
    Isolation(Simulation simulation, CellPlan plan, SimulatedCell cell, List<String> clients) {
        this.simulation = simulation;
        this.cell = cell;
        this.random = new SimRandom(simulation.seed()).stream("isolation");
        this.clients = clients;
        this.untilNanos = simulation.nowNanos() + plan.storm().toNanos();
    }

    void start() {
        simulation.at(someTime(), this::cutOff);
    }

    private void cutOff() {
        if (simulation.nowNanos() >= untilNanos) {
            return;
        }
        done++;
        simulation.faults().note(Fault.PARTITION);
        SimNode lonely = cell.chunkHosts().get(random.below(cell.chunkHosts().size()));
        List<SimNode> far = new ArrayList<>(cell.chunkHosts());
        far.remove(lonely);
        if (random.chance(FROM_MASTER)) {
            far.add(cell.masterHost());
        }
        for (String client : clients) {
            if (random.coin()) {
                far.add(simulation.node(client));
            }
        }
        simulation.partition(List.of(lonely), far);
        simulation.at(someTime(), () -> {
            simulation.heal(List.of(lonely), far);
            simulation.at(someTime(), this::cutOff);
        });
    }

    private Duration someTime() {
        return Duration.ofMillis(random.between(SHORTEST_MILLIS, LONGEST_MILLIS));
    }

    /** How often a chunkserver was cut off. */
    int done() {
        return done;
    }
}
