package cairn.client;

import cairn.world.World;

/** The pauses between the attempts of one operation: doubling, with jitter. One thread at a time. */
final class Backoff {
    private final World world;
    private final long maxNanos;
    private long nextNanos;

    Backoff(World world, ClientOptions options) {
        this.world = world;
        this.nextNanos = Math.max(1, options.retryPauseMin().toNanos());
        this.maxNanos = options.retryPauseMax().toNanos();
    }

    /** Sleeps, but not beyond the deadline. */
    void pause(long deadlineNanos) {
        long half = Math.max(1, nextNanos / 2);
        long jittered = half + Math.floorMod(world.entropy().nextLong(), half);
        long left = deadlineNanos - world.time().nanos();
        if (left > 0) {
            world.time().sleep(Math.min(jittered, left));
        }
        nextNanos = Math.min(maxNanos, nextNanos * 2);
    }
}
