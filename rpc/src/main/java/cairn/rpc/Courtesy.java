package cairn.rpc;

import cairn.world.Time;

/**
 * Whether a thread that is about to write a small frame lets others go first, whose frames then leave with its own: one system
 * call for many, where many threads share a connection. It is given up for a while when nobody comes along, or when the core is
 * away for long because other processes want it, too; for longer each time. Used by one thread at a time: by who has the right
 * to write.
 */
final class Courtesy {
    /** With fewer calls unanswered there is nobody who could come. */
    private static final int CALLS_MIN = 4;

    /** A larger frame costs more to move than a system call does. */
    private static final int FRAME_BYTES_MAX = 4 << 10;

    /** A mean that the threads of one process do not reach by making their frames. */
    private static final long MEAN_NANOS_MAX = 250_000;

    /** How far one time moves the mean. */
    private static final int MEAN_OF = 16;

    /** So often in vain in a row, and it rests. */
    private static final int VAIN_MAX = 8;

    private static final int REST_FRAMES = 500;
    private static final int REST_FRAMES_MAX = 1 << 18;

    /** After so many times without a rest the next is short again. */
    private static final int GOOD_MAX = 200;

    private final Time time;
    private long meanNanos;
    private int vain;
    private int good;
    private int rest;
    private int nextRest = REST_FRAMES;
    private long startedNanos;

    Courtesy(Time time) {
        this.time = time;
    }

    /** Lets others go first, if that is likely to be worth it: {@link #ended} is to be told then. */
    boolean offer(int calls, long frameBytes) {
        if (calls < CALLS_MIN || frameBytes > FRAME_BYTES_MAX) {
            return false;
        }
        if (rest > 0) {
            rest--;
            return false;
        }
        startedNanos = time.nanos();
        time.letOthersRun();
        return true;
    }

    /** @param frames that leave together now */
    void ended(int frames) {
        meanNanos += (time.nanos() - startedNanos - meanNanos) / MEAN_OF;
        vain = frames > 1 ? 0 : vain + 1;
        good++;
        if (vain >= VAIN_MAX || meanNanos > MEAN_NANOS_MAX) {
            rest();
        }
    }

    private void rest() {
        nextRest = good >= GOOD_MAX ? REST_FRAMES : Math.min(2 * nextRest, REST_FRAMES_MAX);
        rest = nextRest;
        good = 0;
        vain = 0;
        meanNanos = 0;
    }
}
