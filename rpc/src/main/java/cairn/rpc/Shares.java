package cairn.rpc;

import cairn.world.Time;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded amount of something, divided fairly between connections (see {@link Share}). Thread-safe. */
final class Shares {
    private final Time time;
    private final long max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private long used;
    private int waiting;

    Shares(Time time, long max) {
        this.time = time;
        this.max = max;
    }

    /** Takes so much for the holder, or nothing. */
    boolean tryTake(Share share, long amount) {
        return take(share, amount, time.nanos());
    }

    /** As {@link #tryTake}; waits until the deadline for others to give back. */
    boolean take(Share share, long amount, long deadlineNanos) {
        lock.lock();
        try {
            while (!share.allows(amount, max - used, max)) {
                waiting++;
                boolean inTime = deadlineNanos - time.nanos() > 0 && time.await(lock, given, deadlineNanos);
                waiting--;
                if (!inTime && !share.allows(amount, max - used, max)) {
                    return false;
                }
            }
            used += amount;
            share.held += amount;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void give(Share share, long amount) {
        lock.lock();
        try {
            used -= amount;
            share.held -= amount;
            if (waiting > 0) {
                given.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is taken now, by all. */
    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
