package cairn.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop that is the simulated world: while threads are ready, a seeded generator picks one and it runs until it
 * blocks; when none is, time jumps to the next timer. Single-threaded: it runs on the thread that calls {@link #run}.
 */
final class SimScheduler {

    /** How a stretch of simulation ended without a failure. */
    enum End {
        DONE,
        LIMIT,
        IDLE
    }

    private static final long MONITOR_WAIT_MAX_MILLIS = 2_000; // of real time

    private final SimRandom random;
    private final long stepNanos;
    private final Trace trace;
    private final Timers timers = new Timers();
    private final List<SimThread> ready = new ArrayList<>();
    private final BlockingQueue<SimThread> unblocked = new LinkedBlockingQueue<>();
    private volatile @Nullable SimThread running;
    private volatile @Nullable Thread loop;
    private volatile @Nullable Failure failure;
    private long nowNanos;
    private long steps;
    private int threads;
    private boolean looking;
    private @Nullable CpuMeter meter;

    /** The first thing that went wrong. */
    record Failure(String message, Throwable cause) {}

    SimScheduler(SimRandom random, long stepNanos, Trace trace) {
        this.random = random;
        this.stepNanos = stepNanos;
        this.trace = trace;
    }

    End run(long limitNanos, BooleanSupplier done) {
        if (loop != null) {
            throw new IllegalStateException("the simulation is running already");
        }
        loop = Thread.currentThread();
        try {
            End end = null;
            while (end == null) {
                end = turn(limitNanos, done);
            }
            return end;
        } catch (RuntimeException | Error e) { // of the condition or of a timer's action: it deserves the seed as well
            fail("the workload threw " + e, e);
            return End.DONE;
        } finally {
            loop = null;
        }
    }

    private @Nullable End turn(long limitNanos, BooleanSupplier done) {
        if (failure != null || done.getAsBoolean()) {
            return End.DONE;
        }
        if (nowNanos >= limitNanos) {
            return End.LIMIT;
        }
        if (timers.nextNanos() <= nowNanos) {
            fire();
        } else if (!ready.isEmpty()) {
            step(pick());
        } else if (timers.size() == 0) {
            return End.IDLE;
        } else {
            nowNanos = Math.min(timers.nextNanos(), limitNanos);
        }
        return null;
    }

    private void fire() {
        Timers.Timer timer = timers.take();
        trace.add(Trace.Event.TIMER, timer.sequence(), timer.atNanos());
        timer.fire();
    }

    private SimThread pick() {
        int last = ready.size() - 1;
        int index = last == 0 ? 0 : random.below(last + 1);
        SimThread picked = ready.get(index);
        ready.set(index, ready.get(last));
        ready.remove(last);
        return picked;
    }

    private void step(SimThread thread) {
        steps++;
        nowNanos += stepNanos;
        trace.add(Trace.Event.STEP, thread.id(), nowNanos);
        running = thread;
        CpuMeter measured = meter != null && meter.measures(thread) ? meter : null;
        long beganNanos = measured == null ? 0 : measured.begin();
        try {
            thread.step();
            while (thread.isInMonitor() && failure == null) {
                goOn(thread);
            }
        } finally {
            running = null;
        }
        if (measured != null) {
            nowNanos += measured.end(thread, beganNanos);
        }
        checkRest(thread);
    }

    /**
     * The JDK has monitors of its own, which another simulation or a housekeeping thread may hold for a moment. The step
     * is not over: nothing else happens until the thread has got its monitor. One that is held here is never given back.
     */
    private void goOn(SimThread thread) {
        try {
            SimThread woken = unblocked.poll(MONITOR_WAIT_MAX_MILLIS, TimeUnit.MILLISECONDS);
            if (woken == null) {
                failAt(thread, " waits for a monitor: use locks of java.util.concurrent");
            } else {
                woken.step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failAt(thread, " was interrupted in a monitor");
        }
    }

    /** A thread may rest only where we can wake it: the JDK's timers and monitors would wake it from threads of theirs. */
    private void checkRest(SimThread thread) {
        switch (thread.state()) {
            case TIMED_WAITING -> failAt(thread, " waits with a timeout otherwise than through the time port");
            case BLOCKED -> failAt(thread, " waits for a monitor: use locks of java.util.concurrent");
            case TERMINATED -> thread.life().ended(thread);
            case NEW, RUNNABLE, WAITING -> {}
        }
    }

    private void failAt(SimThread thread, String what) {
        Throwable where = new Throwable(thread.toString());
        where.setStackTrace(thread.stack());
        fail(thread + what, where);
    }

    /** The JDK says that {@code thread} can go on. */
    @SuppressWarnings("ReferenceEquality") // threads have no other equality
    void ready(SimThread thread) {
        Thread caller = Thread.currentThread();
        SimThread current = running;
        boolean ours = caller == loop || (current != null && current.isCurrent());
        if (!ours && loop != null) {
            wokenFromOutside(thread, caller);
            return;
        }
        thread.handedOver();
        if (!looking && thread.life().admits(thread)) {
            ready.add(thread);
        }
    }

    /** A thread of a slow process has waited for its turn. */
    void release(SimThread thread) {
        if (thread.life().admitsNow(thread)) {
            ready.add(thread);
        }
    }

    private void wokenFromOutside(SimThread thread, Thread caller) {
        if (caller.getName().equals("VirtualThread-unblocker")) {
            unblocked.add(thread); // the loop waits for it
        } else {
            fail(thread + " was woken by a thread of the JDK: " + caller, new Throwable("woken here"));
        }
    }

    /** Takes stack traces: the JDK hands over each ready thread once more when it is done, and that must change nothing. */
    String look(Supplier<String> dump) {
        looking = true;
        try {
            return dump.get();
        } finally {
            looking = false;
        }
    }

    /** Gives every other ready thread the chance to run first. */
    @SuppressWarnings("ThreadPriorityCheck") // here the scheduler is one to rely on
    void yieldNow() {
        Thread.yield();
    }

    void sleep(long nanos) {
        if (nanos <= 0) {
            yieldNow();
            return;
        }
        SimThread me = current();
        timers.at(nowNanos + nanos, me::wake);
        me.park();
    }

    Timers.Timer after(long nanos, Runnable action) {
        return timers.at(nowNanos + Math.max(0, nanos), action);
    }

    /** The running thread; only simulated threads have one. */
    SimThread current() {
        SimThread current = running;
        if (current == null || !current.isCurrent()) {
            throw new IllegalStateException("only a thread of the simulation may do this");
        }
        return current;
    }

    /** A thread that has just stopped or killed its own process stops here. */
    void settle() {
        SimThread current = running;
        if (current == null || !current.isCurrent()) {
            return; // the loop's own thread: nothing of it can be stopped
        }
        if (current.life().isPaused()) {
            yieldNow();
        }
        while (!current.life().isAlive()) {
            current.park();
        }
    }

    /** Whether {@code life} is what runs right now. */
    boolean isRunning(Life life) {
        return running != null && running.life() == life;
    }

    SimThread thread(Life life, String name, Runnable body) {
        return new SimThread(this, life, ++threads, name, body);
    }

    /** Forgets the ready threads of an ended life. */
    void drop(Life life) {
        ready.removeIf(thread -> thread.life() == life);
    }

    /** Moves the ready threads of {@code life} to {@code held}: it is stopped. */
    void hold(Life life, List<SimThread> held) {
        for (SimThread thread : ready) {
            if (thread.life() == life) {
                held.add(thread);
            }
        }
        drop(life);
    }

    void fail(String message, Throwable cause) {
        if (failure == null) {
            failure = new Failure(message, cause);
        }
    }

    @Nullable
    Failure failure() {
        return failure;
    }

    /** From now on what one process computes is measured. */
    void measure(CpuMeter by) {
        meter = by;
    }

    Timers timers() {
        return timers;
    }

    Trace trace() {
        return trace;
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Lets time pass in which nothing can happen. */
    void skipTo(long nanos) {
        nowNanos = nanos;
    }

    long steps() {
        return steps;
    }

    /** Drops everything: nothing of this simulation ever runs again, and all of it is garbage. */
    void close() {
        ready.clear();
        timers.clear();
    }
}
