package cairn.simulation;

import cairn.world.World;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A host and the one process on it. The process comes and goes ({@link #start}, {@link #crash}); the host's disks and
 * clock stay. Control methods may be called between runs, from {@link Simulation#at} or from any simulated thread; a
 * thread that ends its own process does not return from the call.
 */
public final class SimNode {

    /** What a process does: its main method. It fails the run when it throws. */
    @FunctionalInterface
    public interface Main {
        void run(World world) throws Exception;
    }

    private static final int EPHEMERAL_PORT_FIRST = 32768;

    private final String name;
    private final int id;
    private final Ground ground;
    private final SimScheduler scheduler;
    private final SimRandom random;
    private final SimNode host;
    private final SimClock clock;
    private final Map<String, SimDisk> disks = new TreeMap<>();
    private final Map<Integer, SimListener> listeners = new TreeMap<>();
    private int lives;
    private int nextPort = EPHEMERAL_PORT_FIRST;
    private boolean powered = true;
    private int boots = 1;
    private @Nullable Life life;
    private @Nullable World world;

    SimNode(String name, int id, Ground ground, SimRandom random) {
        this.name = name;
        this.id = id;
        this.ground = ground;
        this.scheduler = ground.scheduler();
        this.random = random;
        this.host = this;
        this.clock = ground.options().clock().draw(scheduler, random.stream("clock"));
        clock.noteFaults(ground.faults());
    }

    /** A guest of {@code host}. */
    SimNode(String name, int id, Ground ground, SimRandom random, SimNode host) {
        this.name = name;
        this.id = id;
        this.ground = ground;
        this.scheduler = ground.scheduler();
        this.random = random;
        this.host = host;
        this.clock = host.clock;
    }

    /** Starts a process; the one before must have crashed. */
    public void start(Main main) {
        if (life != null) {
            throw new IllegalStateException(name + " runs already");
        }
        powered = true;
        Life fresh = new Life(this, ++lives);
        World outside = new World(
                new SimTime(fresh),
                fresh::start,
                new SimNetwork(fresh, ground.links()),
                new SimDisks(fresh),
                random.stream("entropy" + lives),
                ground.witness());
        life = fresh;
        world = outside;
        note("starts " + fresh);
        fresh.start("main", () -> runMain(main, outside));
    }

    private static void runMain(Main main, World world) {
        try {
            main.run(world);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("main threw " + e, e);
        }
    }

    /** Kills the process, if there is one, and starts a new one on what is on the disks. */
    public void restart(Main main) {
        if (life != null && scheduler.isRunning(life)) {
            throw new IllegalStateException(name + " cannot restart itself: let a thread of another node do it");
        }
        crash();
        start(main);
    }

    /** kill -9: the process stops where it is. Written bytes stay, connections break, peers find out by and by. */
    public void crash() {
        end(false);
        scheduler.settle();
    }

    /** The host loses power, its disks what they had not synced, and peers hear nothing until it starts again. */
    public void powerLoss() {
        powered = false;
        boots++;
        SimRandom luck = random.stream("power" + lives);
        end(true);
        disks.values().forEach(disk -> disk.losePower(luck));
        scheduler.settle();
    }

    /** As {@link cairn.world.Disk#bootId}. */
    String bootId() {
        return name + " boot " + boots;
    }

    private void end(boolean powerLost) {
        Life dying = life;
        if (dying == null) {
            return;
        }
        note((powerLost ? "loses power " : "crashes ") + dying);
        life = null;
        world = null;
        listeners.clear();
        dying.end(powerLost);
    }

    /** SIGSTOP, and SIGCONT after {@code duration}. The host's kernel goes on receiving. */
    public void pause(Duration duration) {
        Life stopped = life;
        if (stopped != null) {
            note("pauses for " + duration);
            stopped.pauseFor(duration.toNanos());
            scheduler.settle();
        }
    }

    /** From now on the process is slower by so many steps for each step of its own; 0 ends it, and so does its death. */
    public void slowDown(long factor) {
        if (life != null) {
            note("is slow: " + factor);
            life.slowDown(factor * ground.options().stepNanos());
        }
    }

    /** Whether a process runs here; a paused one does. */
    public boolean isRunning() {
        return life != null;
    }

    /** Threads of the process that have not ended. */
    public int threadCount() {
        return life == null ? 0 : life.threads().size();
    }

    /** Connections that the process has not closed. */
    public int connectionCount() {
        return life == null ? 0 : life.connectionCount();
    }

    /** The running process's world: for its own threads only. */
    public World world() {
        if (world == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return world;
    }

    /** The disks that a process here has used, by their paths. */
    public Map<String, SimDisk> disks() {
        return Collections.unmodifiableMap(disks);
    }

    /** The disk at {@code path}, made when missing: to inspect it or do it harm. */
    public SimDisk disk(String path) {
        return disks.computeIfAbsent(
                path, p -> new SimDisk(this, p, scheduler, ground.options().disk(), random.stream("disk " + p)));
    }

    /** Itself, or whose guest it is: a process beside the host's own, with an address, a life and disks of its own. */
    public SimNode host() {
        return host;
    }

    public SimClock clock() {
        return clock;
    }

    public String name() {
        return name;
    }

    FaultLedger faults() {
        return ground.faults();
    }

    int id() {
        return id;
    }

    SimScheduler scheduler() {
        return scheduler;
    }

    boolean isPowered() {
        return powered;
    }

    @Nullable
    Life life() {
        return life;
    }

    Map<Integer, SimListener> listeners() {
        return listeners;
    }

    /** The simulation is over. */
    void forget() {
        life = null;
        world = null;
        listeners.clear();
    }

    int freePort() {
        return nextPort++;
    }

    private void note(String what) {
        scheduler.trace().add(Trace.Event.LIFE, id, lives);
        scheduler.trace().line(scheduler.nowNanos(), name, what);
    }

    @Override
    public String toString() {
        return name;
    }
}
