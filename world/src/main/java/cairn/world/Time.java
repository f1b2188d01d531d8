package cairn.world;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** Clocks, and the only timed waits there are. Thread-safe. */
public interface Time {

    /** A monotonic clock, in nanoseconds from an arbitrary start. */
    long nanos();

    /** The wall clock, in milliseconds since 1970; it may jump. For timestamps that people read, never for waiting. */
    long wallMillis();

    /** Returns after {@code nanos} or a little later. */
    void sleep(long nanos);

    /** Gives every thread that is ready the chance to run first; returns at once when there is none. */
    void letOthersRun();

    /**
     * Waits on {@code condition} until it is signalled or {@link #nanos()} reaches {@code deadlineNanos}. The caller
     * holds {@code lock}, which made the condition. May return early for no reason: callers loop.
     *
     * @return false when the deadline has passed
     */
    boolean await(Lock lock, Condition condition, long deadlineNanos);
}
