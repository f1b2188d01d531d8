package cairn.model;

/**
 * How many of its replicas a chunkserver shows in each heartbeat, in turn, so that the master finds garbage and ghosts without a full
 * report. What the master needs for a heartbeat grows with it; so it is as small as a round over all replicas allows.
 */
public final class Slice {

    /** A round takes so long, unless {@link #REPLICAS_MIN} or {@link #REPLICAS_MAX} make it shorter or longer. */
    public static final long ROUND_NANOS = 300_000_000_000L;

    /** Fewer would save nothing: a heartbeat by itself costs more. */
    public static final int REPLICAS_MIN = 10;

    /** Beyond {@code REPLICAS_MAX * ROUND_NANOS / HEARTBEAT_NANOS} replicas, which is 60,000, a round takes longer. */
    public static final int REPLICAS_MAX = 100;

    private Slice() {}

    /** Of so many replicas, in heartbeats that are sent so often. */
    public static int of(int replicas, long heartbeatNanos) {
        long heartbeats = Math.max(1, ROUND_NANOS / heartbeatNanos);
        long even = (replicas + heartbeats - 1) / heartbeats;
        return (int) Math.max(REPLICAS_MIN, Math.min(REPLICAS_MAX, even));
    }
}
