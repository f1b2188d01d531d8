package cairn.simulation;

/**
 * A host's clocks: the simulated time, seen through skew and drift. The monotonic clock starts at some uptime, runs fast
 * or slow by a constant drift and survives restarts of the process; the wall clock may be wrong and may jump.
 */
public final class SimClock {

    static final long WALL_START_MILLIS = 1_767_225_600_000L; // 2026-01-01T00:00:00Z

    private static final long MILLION = 1_000_000L;
    private static final long FAR_NANOS = 1L << 52; // 52 days: a deadline beyond the end of every run

    private final SimScheduler scheduler;
    private long sinceNanos;
    private long shownNanos;
    private long driftPpm;
    private final long wallOffsetNanos;
    private long wallSkewMillis;

    SimClock(SimScheduler scheduler, long uptimeNanos, long driftPpm, long wallSkewMillis) {
        this.scheduler = scheduler;
        this.shownNanos = uptimeNanos;
        this.wallOffsetNanos = uptimeNanos;
        this.driftPpm = driftPpm;
        this.wallSkewMillis = wallSkewMillis;
    }

    /** What is wrong from the start. */
    void noteFaults(FaultLedger faults) {
        if (driftPpm != 0) {
            faults.note(Fault.DRIFT);
        }
        if (wallSkewMillis != 0) {
            faults.note(Fault.SKEW);
        }
    }

    /** The host's monotonic clock. */
    public long nanos() {
        return nanosAt(scheduler.nowNanos());
    }

    /** The host's wall clock. */
    public long wallMillis() {
        return WALL_START_MILLIS + wallSkewMillis + (nanos() - wallOffsetNanos) / MILLION;
    }

    /** Somebody sets the wall clock, forwards or back. */
    public void jumpWall(long millis) {
        wallSkewMillis += millis;
    }

    /** From now on the clocks run so many parts of a million too fast, or too slow. */
    public void driftBy(long partsPerMillion) {
        shownNanos = nanos();
        sinceNanos = scheduler.nowNanos();
        driftPpm = partsPerMillion;
    }

    private long nanosAt(long worldNanos) {
        long passed = worldNanos - sinceNanos;
        return shownNanos + passed + passed / MILLION * driftPpm + passed % MILLION * driftPpm / MILLION;
    }

    /** The first simulated time at which {@link #nanos} is at least {@code hostNanos}. */
    long worldNanosAt(long hostNanos) {
        long since = hostNanos - shownNanos;
        if (since > FAR_NANOS) {
            return Long.MAX_VALUE;
        }
        long rate = MILLION + driftPpm;
        long world = sinceNanos + since / rate * MILLION + since % rate * MILLION / rate;
        while (nanosAt(world) < hostNanos) {
            world++;
        }
        return world;
    }
}
