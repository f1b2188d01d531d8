package cairn.world.real;

import cairn.world.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The clocks of the JDK. Waits throw {@link WorldStopped} when the thread is interrupted. */
final class SystemTime implements Time {
    /** The group of all virtual threads, as {@link Thread} documents it: this code runs on a Java that has none, too. */
    private static final String VIRTUAL = "VirtualThreads";

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw stopped(e);
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but time
    public void letOthersRun() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        if (!VIRTUAL.equals(group.getName())) { // it might be let in again only when no other wants its carrier
            Thread.yield();
        }
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // callers loop: the port says so
    public boolean await(Lock lock, Condition condition, long deadlineNanos) {
        try {
            return condition.awaitNanos(deadlineNanos - System.nanoTime()) > 0;
        } catch (InterruptedException e) {
            throw stopped(e);
        }
    }

    private static WorldStopped stopped(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new WorldStopped(cause);
    }
}
