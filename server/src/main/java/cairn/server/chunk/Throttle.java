package cairn.server.chunk;

import cairn.world.Time;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the rate of one kind of work in the background, whatever clients do ({@link Traffic} makes it give way to them).
 * Thread-safe: all who share one also share its rate.
 */
final class Throttle implements Pace {
    private static final double SECOND = 1e9;

    private final Time time;
    private final long rateMax;
    private final ReentrantLock lock = new ReentrantLock();
    private long freeAtNanos;

    /** @param rateMax bytes a second */
    Throttle(Time time, long rateMax) {
        this.time = time;
        this.rateMax = rateMax;
        this.freeAtNanos = time.nanos();
    }

    @Override
    public long turnNanos(long bytes) {
        long needed = (long) (bytes * SECOND / rateMax);
        lock.lock();
        try {
            long now = time.nanos();
            long begin = Math.max(now, freeAtNanos);
            freeAtNanos = begin + needed;
            return begin - now;
        } finally {
            lock.unlock();
        }
    }
}
