package cairn.rpc;

import cairn.world.Time;
import java.util.function.IntSupplier;

/**
 * Whether a thread that is about to write a small frame lets others go first, whose frames then leave with its own: one system
 * call for many, where many threads share a connection. It is given up for a while when too few come along for the time that it
 * takes, as where other processes want the core, too; for longer each time in a row. Used by one thread at a time: by who has the
 * right to write.
 */
final class Courtesy {
    /** With fewer calls unanswered there is hardly anybody who could come. */
    static final int CALLS_MIN = 4;

    /** A larger frame costs more to move than a system call does. */
    private static final int FRAME_BYTES_MAX = 4 << 10;

    /** So often, and it is judged. */
    private static final int OFFERS = 16;

    /** What each frame that came along may have cost. */
    private static final long FRAME_NANOS_MAX = 30_000;

    /** What so many offers may cost at most, whoever comes. */
    private static final long NANOS_MAX = 4_000_000;

    private static final int REST_FRAMES = 500;
    private static final int REST_FRAMES_MAX = 1 << 16;

    /** So often found worth it in a row, and the next rest is short again. */
    private static final int WORTH_MAX = 16;

    private final Time time;
    private long startedNanos;
    private int offers;
    private long nanos;
    private long cameAlong;
    private int worth;
    private int rest;
    private int nextRest = REST_FRAMES;

    Courtesy(Time time) {
        this.time = time;
    }

    /**
     * Lets others go first, if that is likely to be worth it: {@link #ended} is to be told then.
     *
     * @param calls unanswered on the connection; asked only if that matters
     */
    boolean offer(IntSupplier calls, long frameBytes) {
        if (frameBytes > FRAME_BYTES_MAX) {
            return false;
        }
        if (rest > 0) {
            rest--;
            return false;
        }
        if (calls.getAsInt() < CALLS_MIN) {
            return false;
        }
        startedNanos = time.nanos();
        time.letOthersRun();
        return true;
    }

    /** @param frames that leave together now */
    void ended(int frames) {
        nanos += time.nanos() - startedNanos;
        cameAlong += frames - 1;
        offers++;
        if (nanos > NANOS_MAX || offers == OFFERS) {
            judge(nanos <= Math.min(NANOS_MAX, cameAlong * FRAME_NANOS_MAX));
            offers = 0;
            nanos = 0;
            cameAlong = 0;
        }
    }

    private void judge(boolean wasWorthIt) {
        if (wasWorthIt) {
            worth++;
            nextRest = worth >= WORTH_MAX ? REST_FRAMES : nextRest;
        } else {
            worth = 0;
            rest = nextRest;
            nextRest = Math.min(2 * nextRest, REST_FRAMES_MAX);
        }
    }
}
