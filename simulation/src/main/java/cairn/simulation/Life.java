package cairn.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One incarnation of a process, from start to crash. All that dies with a process hangs here: its threads, its
 * connections and listeners, its file locks. After the end no thread of it ever runs again, not even a {@code finally}.
 */
final class Life {

    private final SimNode node;
    private final int number;
    private final Set<SimThread> threads = new LinkedHashSet<>();
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private final List<SimThread> held = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;
    private long stepDelayNanos;
    private long pausedUntilNanos;

    Life(SimNode node, int number) {
        this.node = node;
        this.number = number;
    }

    void start(String name, Runnable body) {
        SimScheduler scheduler = node.scheduler();
        SimThread thread = scheduler.thread(this, name, body);
        scheduler.trace().add(Trace.Event.START, thread.id(), number);
        threads.add(thread);
        thread.start();
    }

    /**
     * The calling thread, which must belong to this life. A world handed to another process would survive the wrong
     * crash.
     */
    SimThread enter() {
        SimThread me = node.scheduler().current();
        if (me.life() != this) {
            throw new IllegalStateException(me + " uses the world of " + this);
        }
        return me;
    }

    /** Whether {@code thread}, now ready, may run; a thread of a stopped process may later. */
    boolean admits(SimThread thread) {
        if (alive && stepDelayNanos > 0) {
            node.scheduler().after(stepDelayNanos, () -> node.scheduler().release(thread));
            return false;
        }
        return admitsNow(thread);
    }

    /** The same for one that has waited as long as a slow process makes it wait. */
    boolean admitsNow(SimThread thread) {
        if (alive && paused) {
            held.add(thread);
        }
        return alive && !paused;
    }

    /** From now on every step of the process comes so much later than it could. */
    void slowDown(long nanosPerStep) {
        stepDelayNanos = nanosPerStep;
    }

    void ended(SimThread thread) {
        threads.remove(thread);
    }

    /** Of several pauses the one that ends last counts. */
    void pauseFor(long nanos) {
        SimScheduler scheduler = node.scheduler();
        pausedUntilNanos = Math.max(pausedUntilNanos, scheduler.nowNanos() + nanos);
        if (!paused) {
            paused = true;
            scheduler.hold(this, held);
        }
        scheduler.after(nanos, this::resume);
    }

    private void resume() {
        if (paused && node.scheduler().nowNanos() >= pausedUntilNanos) {
            paused = false;
            List<SimThread> again = List.copyOf(held);
            held.clear();
            if (alive) {
                again.forEach(node.scheduler()::ready);
            }
        }
    }

    /** Ends everything at once. What peers notice depends on {@code powerLost}: a dead host says nothing. */
    void end(boolean powerLost) {
        alive = false;
        node.scheduler().drop(this);
        held.clear();
        threads.clear();
        for (SimConnection connection : List.copyOf(connections)) {
            connection.abandon(powerLost);
        }
        connections.clear();
    }

    boolean isAlive() {
        return alive;
    }

    SimNode node() {
        return node;
    }

    boolean isPaused() {
        return paused;
    }

    Collection<SimThread> threads() {
        return threads;
    }

    int connectionCount() {
        return connections.size();
    }

    void opened(SimConnection connection) {
        connections.add(connection);
    }

    void closed(SimConnection connection) {
        connections.remove(connection);
    }

    @Override
    public String toString() {
        return node.name() + (number == 1 ? "" : "~" + number);
    }
}
