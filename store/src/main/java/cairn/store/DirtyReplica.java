package cairn.store;

/**
 * A replica with mutations that a power loss would take.
 *
 * @param sinceNanos the time of the first {@link ChunkStore#dirty} call that saw it so
 */
public record DirtyReplica(Replica replica, long sinceNanos) {}
