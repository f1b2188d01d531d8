package cairn.store;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.world.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** API sketch, bodies follow. */
public final class ChunkStore implements Closeable {
    private ChunkStore() {}

    /** Locks the directory, reads its identity and every journal, mends what a crash left. */
    public static ChunkStore open(Disk disk, StoreOptions options) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Empty until the directory is adopted. */
    public Optional<StoreIdentity> identity() {
        throw new UnsupportedOperationException();
    }

    /** Makes a fresh directory this server's. Durable on return. */
    public void adopt(StoreIdentity identity) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Every replica that can be served or repaired, by handle. */
    public List<Replica> replicas() {
        throw new UnsupportedOperationException();
    }

    public Optional<Replica> find(ChunkHandle handle) {
        throw new UnsupportedOperationException();
    }

    /**
     * A new, empty replica, fenced and established at {@code version}. Survives kill -9 on return; durable with its first
     * {@link Replica#sync}. Refusals: EXISTS, NO_SPACE, DISK_FAILED.
     */
    public Replica create(ChunkHandle handle, ChunkVersion version) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Starts a hidden replica to be filled from elsewhere; visible with {@link ReplicaImport#finish} only. */
    public ReplicaImport importReplica(ChunkHandle handle) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Forgets the replica, and its quarantined files; nothing happens when there is none. Durable on return. */
    public void delete(ChunkHandle handle) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Replicas put aside because their journal is damaged, by handle. */
    public List<QuarantinedReplica> quarantined() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that may still be written, the reserve not counted. */
    public long usableBytes() throws IOException {
        throw new UnsupportedOperationException();
    }

    public long totalBytes() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Bytes of chunks held: the sum of all lengths. */
    public long usedBytes() {
        throw new UnsupportedOperationException();
    }

    public StoreHealth health() {
        throw new UnsupportedOperationException();
    }

    /** Replicas with unsynced mutations, longest first. Call regularly: ages are measured between these calls. */
    public List<DirtyReplica> dirty(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Syncs everything and leaves the mark of a clean stop. The caller has stopped all other calls. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
