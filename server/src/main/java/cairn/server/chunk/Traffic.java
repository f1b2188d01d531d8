package cairn.server.chunk;

import cairn.world.Time;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** How much clients have this server move: what they read and write, and what it takes and passes on for them. Thread-safe. */
final class Traffic {
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private final Time time;
    private final AtomicLong total = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private long windowAtNanos;
    private long windowTotal;
    private long lastPerSecond;

    Traffic(Time time) {
        this.time = time;
        this.windowAtNanos = time.nanos();
    }

    void note(long bytes) {
        total.addAndGet(bytes);
    }

    /** Over the last whole window, a second or so. */
    long perSecond() {
        lock.lock();
        try {
            long now = time.nanos();
            long elapsed = now - windowAtNanos;
            if (elapsed >= WINDOW_NANOS) {
                long sum = total.get();
                lastPerSecond = (long) ((sum - windowTotal) * (double) WINDOW_NANOS / elapsed);
                windowTotal = sum;
                windowAtNanos = now;
            }
            return lastPerSecond;
        } finally {
            lock.unlock();
        }
    }
}
