package cairn.log;

/**
 * @param segmentBytes a new segment starts when one has grown to this (default 16 MiB: read whole at a restart)
 * @param batchBytesMax records written and synced together (default 4 MiB)
 */
public record LogOptions(long segmentBytes, int batchBytesMax) {
    public static final LogOptions DEFAULT = new LogOptions(16L << 20, 4 << 20);
}
