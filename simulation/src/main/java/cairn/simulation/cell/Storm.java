package cairn.simulation.cell;

import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Does harm to a cell for a while, as often as the plan's chaos says, and then mends everything: partitions heal and every
 * process runs again.
 */
final class Storm {

    /** A host that was cut off or stopped for the whole storm would prove little. */
    private static final Duration MASTER_DOWN_MAX = Duration.ofSeconds(8);

    private final Simulation simulation;
    private final CellPlan plan;
    private final SimulatedCell cell;
    private final SimRandom random;
    private final List<SimNode> servers = new ArrayList<>();
    private final List<Consumer<SimRandom>> clientKillers = new ArrayList<>();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private long untilNanos;
    private boolean over;

    Storm(Simulation simulation, CellPlan plan, SimulatedCell cell) {
        this.simulation = simulation;
        this.plan = plan;
        this.cell = cell;
        this.random = new SimRandom(simulation.seed()).stream("storm");
        servers.add(cell.masterHost());
        servers.addAll(cell.chunkHosts());
    }

    /** Something that kills a client process and starts its successor. */
    void mayKill(Consumer<SimRandom> killer) {
        clientKillers.add(killer);
    }

    void start() {
        SimOptions.Chaos chaos = plan.options().chaos();
        untilNanos = simulation.nowNanos() + plan.storm().toNanos();
        every(Fault.CRASH, chaos.crashEvery(), () -> takeDown(any(servers), false));
        every(Fault.POWER, chaos.crashEvery().multipliedBy(2), this::cutPower);
        every(Fault.PARTITION, chaos.partitionEvery(), this::partition);
        every(Fault.PAUSE, chaos.pauseEvery(), () -> any(servers).pause(tillTheEnd(around(chaos.pauseMean()))));
        every(Fault.CLIENT, chaos.crashEvery(), this::killClient);
        simulation.at(plan.storm(), this::end);
    }

    boolean isOver() {
        return over;
    }

    private void end() {
        simulation.heal();
        cell.restartAll();
        over = true;
    }

    private void every(Fault fault, Duration mean, Runnable deed) {
        if (mean.isZero() || !plan.has(fault)) {
            return;
        }
        simulation.at(around(mean), () -> {
            if (simulation.nowNanos() < untilNanos) {
                done.merge(fault, 1, Integer::sum);
                deed.run();
                every(fault, mean, deed);
            }
        });
    }

    private void takeDown(SimNode victim, boolean power) {
        if (!victim.isRunning()) {
            return; // already down, and its restart is on the way
        }
        if (power) {
            victim.powerLoss();
        } else {
            victim.crash();
        }
        Duration down = around(plan.options().chaos().downMean());
        boolean longest = victim == cell.masterHost() && down.compareTo(MASTER_DOWN_MAX) > 0;
        simulation.at(longest ? MASTER_DOWN_MAX : down, () -> cell.restart(victim));
    }

    /** Of the chunkservers only when all that is acknowledged is on their disks; what the master said always is. */
    private void cutPower() {
        takeDown(plan.synced() ? any(servers) : cell.masterHost(), true);
    }

    /** Any two halves; or one chunkserver alone with some of the clients, which is what a stale reader needs. */
    private void partition() {
        List<SimNode> some = new ArrayList<>();
        List<SimNode> others = new ArrayList<>();
        SimNode lonely = random.coin() ? any(cell.chunkHosts()) : null;
        for (SimNode node : simulation.nodes()) {
            boolean server = servers.contains(node);
            boolean apart = (lonely != null && server) ? node.equals(lonely) : random.coin();
            (apart ? some : others).add(node);
        }
        if (random.coin()) {
            simulation.partition(some, others);
        } else {
            simulation.partitionOneWay(some, others);
        }
        simulation.at(around(plan.options().chaos().partitionMean()), () -> simulation.heal(some, others));
    }

    private void killClient() {
        if (!clientKillers.isEmpty()) {
            any(clientKillers).accept(random);
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random.below(of.size()));
    }

    /** At most what is left of the storm. */
    private Duration tillTheEnd(Duration wanted) {
        Duration left = Duration.ofNanos(untilNanos - simulation.nowNanos());
        return wanted.compareTo(left) > 0 ? left : wanted;
    }

    private Duration around(Duration mean) {
        return Duration.ofNanos(random.exponential(mean.toNanos()));
    }

    @Override
    public String toString() {
        return done.toString();
    }
}
