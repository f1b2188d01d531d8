package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        every(Fault.CRASH, chaos.crashEvery(), () -> takeDown(any(servers), Fault.CRASH));
        every(Fault.POWER, chaos.crashEvery().multipliedBy(2), this::cutPower);
        every(Fault.PARTITION, chaos.partitionEvery(), () -> partition(Fault.PARTITION));
        every(Fault.ONE_WAY, chaos.partitionEvery(), () -> partition(Fault.ONE_WAY));
        every(Fault.PAUSE, chaos.pauseEvery(), this::pause);
        every(Fault.CLIENT, chaos.crashEvery(), this::killClient);
        simulation.at(plan.storm(), this::end);
    }

    SimulatedCell cell() {
        return cell;
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
                deed.run();
                every(fault, mean, deed);
            }
        });
    }

    private void pause() {
        SimNode victim = any(servers);
        if (victim.isRunning()) {
            simulation.faults().note(Fault.PAUSE);
            victim.pause(tillTheEnd(around(plan.options().chaos().pauseMean())));
        }
    }

    /** @param by {@code CRASH} or {@code POWER} */
    private void takeDown(SimNode victim, Fault by) {
        if (!victim.isRunning()) {
            return; // already down, and its restart is on the way
        }
        simulation.faults().note(by);
        if (by == Fault.POWER) {
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
        takeDown(plan.synced() ? any(servers) : cell.masterHost(), Fault.POWER);
    }

    /** Any two halves; or one chunkserver alone with some of the clients, which is what a stale reader needs. */
    private void partition(Fault kind) {
        List<SimNode> some = new ArrayList<>();
        List<SimNode> others = new ArrayList<>();
        SimNode lonely = random.coin() ? any(cell.chunkHosts()) : null;
        for (SimNode node : simulation.nodes()) {
            boolean server = servers.contains(node);
            boolean apart = (lonely != null && server) ? node.equals(lonely) : random.coin();
            (apart ? some : others).add(node);
        }
        simulation.faults().note(kind);
        if (kind == Fault.PARTITION) {
            simulation.partition(some, others);
        } else {
            simulation.partitionOneWay(some, others);
        }
        simulation.at(around(plan.options().chaos().partitionMean()), () -> simulation.heal(some, others));
    }

    private void killClient() {
        if (!clientKillers.isEmpty()) {
            simulation.faults().note(Fault.CLIENT);
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
}
