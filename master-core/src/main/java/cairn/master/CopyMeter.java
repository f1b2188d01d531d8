package cairn.master;

/** How much was copied since the master started, and lately. */
final class CopyMeter {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    private long windowNanos;
    private long windowBytes;
    private long lastPerSecond;
    private long copies;
    private long failures;
    private long bytes;

    CopyMeter(long nanos) {
        this.windowNanos = nanos;
    }

    void note(long moved) {
        copies++;
        bytes += moved;
    }

    void noteFailure() {
        failures++;
    }

    void tick(long nanos) {
        if (nanos - windowNanos >= WINDOW_NANOS) {
            lastPerSecond = rate(nanos);
            windowNanos = nanos;
            windowBytes = bytes;
        }
    }

    long copies() {
        return copies;
    }

    long failures() {
        return failures;
    }

    long bytes() {
        return bytes;
    }

    /** Over the last ten seconds that are over; in the first ones, so far. */
    long bytesPerSecond(long nanos) {
        return lastPerSecond == 0 ? rate(nanos) : lastPerSecond;
    }

    private long rate(long nanos) {
        double seconds = Math.max(1, (nanos - windowNanos) / 1e9);
        return (long) ((bytes - windowBytes) / seconds);
    }
}
