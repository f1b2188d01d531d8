package cairn.simulation;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread of one life of a process. It is its own executor: that is how each continuation the JDK hands over
 * is known to belong to this thread, and so to a life that may have ended.
 */
final class SimThread implements Executor {

    private final SimScheduler scheduler;
    private final Life life;
    private final int id;
    private final String name;
    private final Thread thread;
    private @Nullable Runnable continuation;
    private boolean woken;
    private boolean handedOver;

    SimThread(SimScheduler scheduler, Life life, int id, String name, Runnable body) {
        this.scheduler = scheduler;
        this.life = life;
        this.id = id;
        this.name = name;
        this.thread = VirtualThreads.create(this, name, () -> runToEnd(body));
    }

    void start() {
        thread.start();
    }

    private void runToEnd(Runnable body) {
        try {
            body.run();
        } catch (Throwable thrown) { // whatever it is, the run has failed: the simulator is a test
            scheduler.fail(this + " threw " + thrown, thrown);
        }
    }

    /** Called by the JDK, on whatever thread makes this one runnable. */
    @Override
    @SuppressWarnings("ReferenceEquality") // it is about this very object
    public void execute(Runnable runnable) {
        if (continuation == null) {
            continuation = runnable;
        } else if (continuation != runnable) {
            scheduler.fail(this + " started a thread otherwise than by the threads port", new Throwable("here"));
            return;
        }
        scheduler.ready(this);
    }

    /** One step: until the thread blocks, yields or ends. Only the loop calls this. */
    void step() {
        Runnable next = continuation;
        if (next == null) {
            throw new IllegalStateException(this + " has nothing to run");
        }
        handedOver = false;
        next.run();
    }

    /** It can go on, and who woke it was one of ours. */
    void handedOver() {
        handedOver = true;
    }

    /** Whether the last step ended at a contended monitor, or is just being let through one. */
    boolean isInMonitor() {
        Thread.State state = thread.getState();
        return state == Thread.State.BLOCKED || (state == Thread.State.RUNNABLE && !handedOver);
    }

    Thread.State state() {
        return thread.getState();
    }

    @SuppressWarnings("ReferenceEquality") // threads have no other equality
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Blocks this thread until {@link #wake}; a wake that came before counts. */
    void park() {
        while (!woken) {
            LockSupport.park();
        }
        woken = false;
    }

    void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    /** Ends one {@code Condition.await} early: see {@link SimTime#await}. */
    void interrupt() {
        thread.interrupt();
    }

    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    Life life() {
        return life;
    }

    String name() {
        return name;
    }

    int id() {
        return id;
    }

    /** Of the sequence, not of the object's identity: identity differs from JVM to JVM. */
    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return life + "/" + name + "#" + id;
    }
}
