package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does harm to a cell for a while, as often as the plan says, and then mends everything: partitions heal, disks are good
 * again, and every process runs. What the network, the disks and the clocks do by themselves is in the plan's climate.
 */
final class Storm {

    private static final Duration SOON = Duration.ofMillis(500);

    /** Servers that join in one run. */
    private static final int JOINING_MAX = 2;

    private final Simulation simulation;
    private final CellPlan plan;
    private final SimulatedCell cell;
    private final Survivors survivors;
    private final List<Consumer<SimRandom>> clientKillers = new ArrayList<>();
    private @Nullable Blows blows;
    private boolean sparesUnsynced;
    private boolean over;

    Storm(Simulation simulation, CellPlan plan, SimulatedCell cell) {
        this.simulation = simulation;
        this.plan = plan;
        this.cell = cell;
        this.survivors = new Survivors(cell, plan.replication());
    }

    /** Something that kills a client process and starts its successor. */
    void mayKill(Consumer<SimRandom> killer) {
        clientKillers.add(killer);
    }

    /**
     * A workload acknowledges what it writes before it syncs: what readers have seen by then may be lost when every member
     * loses power, and nobody promises more.
     */
    void spareUnsynced() {
        sparesUnsynced = true;
    }

    /** What the storm has spared. */
    Survivors survivors() {
        return survivors;
    }

    void start() {
        cell.chunkHosts().forEach(survivors::watch);
        Blows all = new Blows(new Weather(simulation, plan));
        blows = all;
        plan.faults().forEach(fault -> every(fault, all));
        simulation.at(plan.storm(), () -> end(all));
    }

    /** One blow more, soon, of a fault that the plan has: for a workload that knows when it hurts. */
    void aggravate(Fault fault) {
        Blows all = blows;
        if (all != null && plan.has(fault)) {
            simulation.at(all.weather.around(SOON), () -> {
                if (!all.weather.isOver()) {
                    all.strike(fault);
                }
            });
        }
    }

    SimulatedCell cell() {
        return cell;
    }

    boolean isOver() {
        return over;
    }

    private void end(Blows blows) {
        simulation.heal();
        blows.processes.mend();
        blows.disks.mend();
        cell.restartAll();
        over = true;
    }

    private PowerRule powerFor() {
        boolean all = plan.synced() && !sparesUnsynced;
        return new PowerRule(survivors, all);
    }

    private void every(Fault fault, Blows blows) {
        Duration next = blows.weather.around(plan.pace(fault).every());
        simulation.at(next, () -> {
            if (!blows.weather.isOver()) {
                blows.strike(fault);
                every(fault, blows);
            }
        });
    }

    private void join() {
        if (cell.chunkHosts().size() < plan.chunkServers() + JOINING_MAX) {
            simulation.faults().note(Fault.JOIN);
            survivors.watch(cell.join());
        }
    }

    /** Everything that can be done to a cell. */
    private final class Blows {
        private final Weather weather;
        private final ProcessHarm processes;
        private final DiskHarm disks;
        private final NetworkHarm network;

        Blows(Weather weather) {
            this.weather = weather;
            this.processes = new ProcessHarm(simulation, weather, plan, cell, powerFor());
            this.disks = new DiskHarm(weather, cell, survivors);
            this.network = new NetworkHarm(simulation, weather, cell);
        }

        void strike(Fault fault) {
            switch (fault) {
                case CRASH -> processes.crash();
                case CRASH_AT_WRITE -> processes.crashAtWrite();
                case CLIENT -> processes.killClient(clientKillers);
                case DISK_LOST -> processes.loseDisk();
                case PAUSE -> processes.pause();
                case SLOW -> processes.slowDown();
                case FLAP -> processes.flap();
                case JOIN -> join();
                case POWER -> processes.cutPower();
                case BLACKOUT -> processes.cutAllPower();
                case ROT -> disks.rot();
                case MISREAD -> disks.misread();
                case MISDIRECTED -> disks.misdirect();
                case IO_ERROR -> disks.fail();
                case DEAD_DISK -> disks.die();
                case FULL -> disks.fill();
                case SLOW_DISK -> disks.slowDown();
                case GONE -> disks.removeDirectory();
                case PARTITION, ONE_WAY -> network.partition(fault);
                case ISOLATION -> network.isolate();
                case WALL_JUMP -> processes.jumpWall();
                case TORN, DISORDER, DELAY, LOSS, CUT, HALF_OPEN, GHOST, SKEW, DRIFT -> {} // the climate's
            }
        }
    }
}
