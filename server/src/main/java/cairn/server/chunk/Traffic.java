package cairn.server.chunk;

import cairn.world.Time;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What clients have moved at one place, a disk or the whole server, and what that leaves for work in the background: while clients are
 * at work, all of it together moves no more than they do, so that they keep at least half; and never less than a floor, so
 * that it ends. Thread-safe.
 */
final class Traffic implements Pace {
    private static final double SECOND = 1e9;

    /** Short enough that work in the background gives way soon, and long enough for some requests of any client. */
    private static final long WINDOW_NANOS = 250_000_000L;

    private final Time time;
    private final AtomicLong total = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private long windowAtNanos;
    private long windowTotal;
    private double lastPerSecond;
    private long freeAtNanos;

    Traffic(Time time) {
        this.time = time;
        this.windowAtNanos = time.nanos();
        this.freeAtNanos = windowAtNanos;
    }

    /** Clients moved so many. */
    void note(long bytes) {
        total.addAndGet(bytes);
    }

    @Override
    public long turnNanos(long bytes) {
        lock.lock();
        try {
            long now = time.nanos();
            double theirs = perSecond(now);
            long needed = theirs == 0 ? 0 : (long) (bytes * SECOND / Math.max(theirs, Upkeep.RATE_MIN));
            long begin = Math.max(now, freeAtNanos);
            freeAtNanos = begin + needed;
            return begin - now;
        } finally {
            lock.unlock();
        }
    }

    /** Over the last whole window; of clients that have just begun, little. The caller holds the lock. */
    private double perSecond(long now) {
        long elapsed = now - windowAtNanos;
        long sum = total.get();
        if (elapsed >= WINDOW_NANOS) {
            lastPerSecond = (sum - windowTotal) * SECOND / elapsed;
            windowTotal = sum;
            windowAtNanos = now;
        }
        return lastPerSecond == 0 && sum > windowTotal ? 1 : lastPerSecond;
    }
}
