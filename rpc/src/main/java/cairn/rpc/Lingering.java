package cairn.rpc;

import cairn.world.Time;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Whether a caller that waits for its answer first lets others run a few times: where many threads share a connection, an answer
 * that the server has in memory often comes meanwhile, and nobody has to go to sleep and be woken. Where others keep the core for
 * long, all callers of the connection go to sleep at once for a while. {@link Courtesy} is for who sends. Thread-safe.
 */
final class Lingering {
    private static final int TURNS = 5;

    /** When others run for longer than that, it is better to sleep. */
    private static final long TURNS_NANOS_MAX = 2_000_000;

    private static final long REST_NANOS = 100_000_000;

    private final Time time;
    private final IntSupplier calls;
    private volatile long restsUntilNanos;

    /** @param calls unanswered on the connection */
    Lingering(Time time, IntSupplier calls) {
        this.time = time;
        this.calls = calls;
        this.restsUntilNanos = time.nanos();
    }

    /** Lets others run until the call is settled or its deadline has passed, but only as long as it is likely to pay. */
    void linger(BooleanSupplier settled, long deadlineNanos) {
        long begun = time.nanos();
        if (begun - restsUntilNanos < 0 || calls.getAsInt() < Courtesy.CALLS_MIN) {
            return;
        }
        long now = begun;
        for (int turn = 0; turn < TURNS && now - deadlineNanos < 0 && !settled.getAsBoolean(); turn++) {
            time.letOthersRun();
            now = time.nanos();
            if (now - begun > TURNS_NANOS_MAX) {
                restsUntilNanos = now + REST_NANOS;
                return;
            }
        }
    }
}
