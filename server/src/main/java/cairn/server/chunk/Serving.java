package cairn.server.chunk;

import cairn.world.Time;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The serving term: this server may answer readers until then. It runs from the <em>sending</em> of the last heartbeat
 * that the master answered; the master counts from its receipt, so ours is always over first. Thread-safe.
 */
final class Serving {
    private final Time time;
    private final AtomicLong untilNanos = new AtomicLong(Long.MIN_VALUE);

    /** Is told of each change, before anybody counts on it. */
    private volatile Runnable told = () -> {};

    Serving(Time time) {
        this.time = time;
    }

    void tell(Runnable listener) {
        told = listener;
    }

    /** Whether the term holds at this moment. Ask after the bytes were read: a pause may lie between. */
    boolean holds() {
        return time.nanos() < untilNanos.get();
    }

    /** The end of the term as it is now. */
    long untilNanos() {
        return untilNanos.get();
    }

    void extendTo(long nanos) {
        untilNanos.accumulateAndGet(nanos, Math::max);
        told.run();
    }

    /** The master does not know us any more: nothing is served until the next registration is through. */
    void end() {
        untilNanos.set(Long.MIN_VALUE);
        told.run();
    }
}
