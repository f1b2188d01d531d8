package cairn.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Does harm at random, as often as {@link SimOptions.Chaos} says: crashes and power losses with a restart later,
 * partitions in one or both directions, pauses. When its time is over it mends everything: partitions heal, and every
 * host it has taken down comes back.
 */
public final class Nemesis {

    private static final double POWER_LOSS_SHARE = 0.25;

    private final Simulation simulation;
    private final SimOptions.Chaos chaos;
    private final SimRandom random;
    private final Map<SimNode, SimNode.Main> victims = new LinkedHashMap<>();
    private long untilNanos;

    public Nemesis(Simulation simulation) {
        this.simulation = simulation;
        this.chaos = simulation.options().chaos();
        this.random = new SimRandom(simulation.seed()).stream("nemesis");
    }

    /** Puts {@code node} among the victims; {@code again} is what its process does after a restart. */
    public void torments(SimNode node, SimNode.Main again) {
        victims.put(node, again);
    }

    /** Begins, for so much simulated time. */
    public void start(Duration time) {
        untilNanos = simulation.nowNanos() + time.toNanos();
        every(chaos.crashEvery(), this::takeDown);
        every(chaos.partitionEvery(), this::partition);
        every(chaos.pauseEvery(), () -> any().pause(around(chaos.pauseMean())));
        simulation.at(time, simulation::heal);
    }

    private void every(Duration mean, Runnable deed) {
        if (mean.isZero()) {
            return;
        }
        simulation.at(around(mean), () -> {
            if (simulation.nowNanos() < untilNanos) {
                deed.run();
                every(mean, deed);
            }
        });
    }

    private void takeDown() {
        SimNode victim = any();
        if (!victim.isRunning()) {
            return; // already down, and its restart is on the way
        }
        if (random.chance(POWER_LOSS_SHARE)) {
            victim.powerLoss();
        } else {
            victim.crash();
        }
        simulation.at(around(chaos.downMean()), () -> bringBack(victim));
    }

    private void bringBack(SimNode victim) {
        SimNode.Main main = victims.get(victim);
        if (main != null && !victim.isRunning()) {
            victim.start(main);
        }
    }

    private void partition() {
        List<SimNode> some = new ArrayList<>();
        List<SimNode> others = new ArrayList<>();
        for (SimNode node : simulation.nodes()) {
            (random.coin() ? some : others).add(node);
        }
        if (random.coin()) {
            simulation.partition(some, others);
        } else {
            simulation.partitionOneWay(some, others);
        }
        simulation.at(around(chaos.partitionMean()), () -> simulation.heal(some, others));
    }

    private SimNode any() {
        List<SimNode> nodes = List.copyOf(victims.keySet());
        return nodes.get(random.below(nodes.size()));
    }

    private Duration around(Duration mean) {
        return Duration.ofNanos(random.exponential(mean.toNanos()));
    }
}
