package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.time.Duration;
import java.util.List;

/** What those who do harm have in common: their luck, how long each harm lasts, and when all of it must be over. */
final class Weather {

    private final Simulation simulation;
    private final CellPlan plan;
    private final SimRandom random;
    private final long untilNanos;

    /** From now on, for as long as the plan's storm lasts. */
    Weather(Simulation simulation, CellPlan plan) {
        this.simulation = simulation;
        this.plan = plan;
        this.random = new SimRandom(simulation.seed()).stream("storm");
        this.untilNanos = simulation.nowNanos() + plan.storm().toNanos();
    }

    SimRandom random() {
        return random;
    }

    <T> T any(List<T> of) {
        return of.get(random.below(of.size()));
    }

    boolean isOver() {
        return simulation.nowNanos() >= untilNanos;
    }

    /** How long this one lasts; at most what is left of the storm. */
    Duration lasting(Fault fault) {
        Duration wanted = around(plan.pace(fault).lasting());
        Duration left = Duration.ofNanos(Math.max(0, untilNanos - simulation.nowNanos()));
        return wanted.compareTo(left) > 0 ? left : wanted;
    }

    /** Does {@code undo} when {@code fault} has lasted long enough. */
    void afterwards(Fault fault, Runnable undo) {
        simulation.at(lasting(fault), undo);
    }

    Duration around(Duration mean) {
        return Duration.ofNanos(random.exponential(mean.toNanos()));
    }

    void note(Fault fault) {
        simulation.faults().note(fault);
    }
}
