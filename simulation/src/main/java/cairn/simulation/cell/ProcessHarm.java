package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimDisk;
import cairn.simulation.SimNode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Kills, stops and slows down processes, and takes their hosts' power and disks. */
final class ProcessHarm {

    /** A master that was away for the whole storm would prove little. */
    private static final Duration MASTER_DOWN_MAX = Duration.ofSeconds(8);

    private static final long CHANGES_MAX = 40;
    private static final int FLAPS_MAX = 12;
    private static final long FLAP_MILLIS_MIN = 20;
    private static final long FLAP_MILLIS_MAX = 20_000;
    private static final long SLOWNESS_MAX = 20_000;
    private static final long JUMP_MILLIS_MAX = Duration.ofDays(10).toMillis();

    private final Simulation simulation;
    private final Weather weather;
    private final CellPlan plan;
    private final SimulatedCell cell;
    private final PowerRule power;

    ProcessHarm(Simulation simulation, Weather weather, CellPlan plan, SimulatedCell cell, PowerRule power) {
        this.simulation = simulation;
        this.weather = weather;
        this.plan = plan;
        this.cell = cell;
        this.power = power;
    }

    void crash() {
        takeDown(weather.any(cell.hosts()), Fault.CRASH);
    }

    /** Between two changes of one disk, whichever they are. */
    void crashAtWrite() {
        SimNode victim = weather.any(cell.hosts());
        SimDisk disk = weather.any(List.copyOf(victim.disks().values()));
        disk.beforeChange(weather.random().between(1, CHANGES_MAX), () -> takeDown(victim, Fault.CRASH_AT_WRITE));
    }

    void killClient(List<Consumer<SimRandom>> killers) {
        if (!killers.isEmpty()) {
            weather.note(Fault.CLIENT);
            weather.any(killers).accept(weather.random());
        }
    }

    void pause() {
        SimNode victim = weather.any(simulation.nodes());
        if (victim.isRunning()) {
            weather.note(Fault.PAUSE);
            victim.pause(weather.lasting(Fault.PAUSE));
        }
    }

    void slowDown() {
        SimNode victim = weather.any(simulation.nodes());
        if (victim.isRunning()) {
            weather.note(Fault.SLOW);
            victim.slowDown(weather.random().logarithmic(2, SLOWNESS_MAX));
            weather.afterwards(Fault.SLOW, () -> victim.slowDown(0));
        }
    }

    /** It is away and back for about as long each time. */
    void flap() {
        SimNode victim = weather.any(cell.chunkHosts());
        flap(victim, 1 + weather.random().below(FLAPS_MAX), someTime(), someTime());
    }

    private Duration someTime() {
        return Duration.ofMillis(weather.random().logarithmic(FLAP_MILLIS_MIN, FLAP_MILLIS_MAX));
    }

    private void flap(SimNode victim, int times, Duration away, Duration back) {
        if (times == 0 || weather.isOver()) {
            return;
        }
        Duration down = weather.around(away);
        if (victim.isRunning()) {
            weather.note(Fault.FLAP);
            victim.crash();
            simulation.at(down, () -> cell.restart(victim));
        }
        simulation.at(down.plus(weather.around(back)), () -> flap(victim, times - 1, away, back));
    }

    /** The master always has on its disk what it said. */
    void cutPower() {
        SimNode victim = weather.any(cell.hosts());
        if (victim == cell.masterHost() || power.mayCut(victim)) {
            takeDown(victim, Fault.POWER);
        }
    }

    void cutAllPower() {
        if (power.mayCutAll()) {
            cell.hosts().forEach(victim -> takeDown(victim, Fault.BLACKOUT));
        }
    }

    /** One disk of several, or all of the host. */
    void loseDisk() {
        SimNode victim = weather.any(cell.chunkHosts());
        SimDisk one =
                weather.random().coin() ? weather.any(List.copyOf(victim.disks().values())) : null;
        if (victim.isRunning() && power.survivors().mayLose(victim, one)) {
            power.survivors().lost();
            takeDown(victim, Fault.DISK_LOST);
            victim.disks().values().stream()
                    .filter(disk -> one == null || disk == one)
                    .forEach(SimDisk::replace);
        }
    }

    void jumpWall() {
        SimNode victim = weather.any(simulation.nodes());
        long millis = weather.random().logarithmic(1, JUMP_MILLIS_MAX);
        weather.note(Fault.WALL_JUMP);
        victim.clock().jumpWall(weather.random().coin() ? millis : -millis);
    }

    void mend() {
        simulation.nodes().forEach(node -> node.slowDown(0));
    }

    private void takeDown(SimNode victim, Fault by) {
        if (!victim.isRunning()) {
            return; // already down, and its restart is on the way
        }
        weather.note(by);
        Duration down = weather.around(plan.pace(by).lasting());
        boolean longest = victim == cell.masterHost() && down.compareTo(MASTER_DOWN_MAX) > 0;
        simulation.at(longest ? MASTER_DOWN_MAX : down, () -> cell.restart(victim));
        if (by == Fault.POWER || by == Fault.BLACKOUT) {
            if (!power.everythingSynced()) {
                power.survivors().powerFails(victim);
            }
            victim.powerLoss();
        } else {
            victim.crash(); // does not return when a thread of the victim has called
        }
    }
}
