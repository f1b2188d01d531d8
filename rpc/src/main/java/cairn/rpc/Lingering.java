package cairn.rpc;

import cairn.world.Time;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Whether a caller that waits for its answer first lets others run a few times: where many threads share a connection, the answer
 * that its server has in memory often comes meanwhile, and nobody has to go to sleep and be woken. Where other processes want the core, such a turn takes long;
 * then all callers of the connection go to sleep at once for a while. Thread-safe.
 */
final class Lingering {
    /** With fewer calls unanswered there is hardly anybody who could run. */
    private static final int CALLS_MIN = 4;

    private static final int TURNS = 5;

    /** What lasts longer is not ours. */
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

    /** Lets others run until the call is settled, if that is likely to happen soon. */
    void until(BooleanSupplier settled) {
        if (settled.getAsBoolean() || calls.getAsInt() < CALLS_MIN) {
            return;
        }
        long begun = time.nanos();
        if (begun - restsUntilNanos < 0) {
            return;
        }
        boolean waits = true;
        for (int turn = 0; turn < TURNS && waits; turn++) {
            time.letOthersRun();
            waits = !settled.getAsBoolean();
        }
        long ended = time.nanos();
        if (ended - begun > TURNS_NANOS_MAX) {
            restsUntilNanos = ended + REST_NANOS;
        }
    }
}
