package cairn.server.chunk;

import cairn.world.Time;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Paces one kind of work in the background. While clients are at work it moves no more than they do, so that they keep at least
 * half; and never less than a floor, so that it ends. Thread-safe: all who share one also share its rate.
 */
final class Throttle {
    private static final double SECOND = 1e9;

    private final Time time;
    private final Traffic clients;
    private final long rateMax;
    private final ReentrantLock lock = new ReentrantLock();
    private long freeAtNanos;

    /** @param rateMax bytes a second when no client is at work */
    Throttle(Time time, Traffic clients, long rateMax) {
        this.time = time;
        this.clients = clients;
        this.rateMax = rateMax;
        this.freeAtNanos = time.nanos();
    }

    /** At this rate, whatever clients do. */
    static Throttle steady(Time time, long rate) {
        return new Throttle(time, new Traffic(time), rate);
    }

    /** Takes the next turn, for so many bytes. Returns how long to wait before they are moved. */
    long turnNanos(long bytes) {
        long needed = (long) (bytes * SECOND / rate());
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

    /** As {@link #turnNanos}, and waits. */
    void await(long bytes) {
        long wait = turnNanos(bytes);
        if (wait > 0) {
            time.sleep(wait);
        }
    }

    private long rate() {
        long theirs = clients.perSecond();
        return theirs == 0 ? rateMax : Math.clamp(theirs, Math.min(Upkeep.RATE_MIN, rateMax), rateMax);
    }
}
