package cairn.store;

import cairn.chunk.BlockSums;
import cairn.chunk.Mutation;
import cairn.chunk.ProducerAnswer;
import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import java.io.IOException;
import java.nio.ByteBuffer;

/** API sketch, bodies follow. */
public final class Replica {
    private Replica() {}

    public ChunkHandle handle() {
        throw new UnsupportedOperationException();
    }

    public ReplicaState state() {
        throw new UnsupportedOperationException();
    }

    /** Refuses every version below {@code version} from now on. Durable on return. STALE_VERSION when it is older. */
    public void fence(ChunkVersion version) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Declares the content complete at {@code version} (which must be the fence): cuts it to {@code length}, takes over
     * serial and table, clears sealed and suspect. Durable on return, the data included.
     */
    public void establish(ChunkVersion version, long length, long serial, ProducerTable table) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Applies the next mutation. The payload (position to limit, left untouched; best a direct buffer) must have been
     * verified against the piece sums by the caller. On return it survives kill -9, and power loss when
     * {@code mutation.synced()} or its kind is SYNC. A failure leaves the replica as before.
     *
     * @param version the version under which the mutation was ordered: STALE_VERSION unless it is the fence,
     *     NOT_SERVING unless the replica is established at it, SEALED, OUT_OF_ORDER unless serial is the next one,
     *     BAD_REQUEST for what cannot be, NO_SPACE, DISK_FAILED
     */
    public void apply(ChunkVersion version, Mutation mutation, ByteBuffer payload) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Takes no more mutations; {@code length} must be its length. Survives kill -9; durable with the next sync. */
    public void seal(ChunkVersion version, long length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Makes everything applied before the call durable. Any thread, any time; does not hold up mutations. */
    public void sync() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Whether mutations wait for a {@link #sync}. */
    public boolean dirty() {
        throw new UnsupportedOperationException();
    }

    /** Reads up to {@code length} bytes into {@code into} (advancing it), verified. Any thread, any time. */
    public ReadResult read(long offset, int length, ByteBuffer into) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** All sums and the length of one moment. */
    public BlockSums blockSums() {
        throw new UnsupportedOperationException();
    }

    /** A copy of the exactly-once memory. */
    public ProducerTable producers() {
        throw new UnsupportedOperationException();
    }

    public ProducerAnswer lookup(long producer, long sequence, long previous) {
        throw new UnsupportedOperationException();
    }

    /**
     * Replaces whole blocks, or adds some at the end; for reconciliation, while no mutation runs. First marks the
     * replica suspect, durably; only {@link #establish} clears that.
     *
     * @param offset begin of a block, not behind the end
     * @param payload ends where a block ends, or at or behind the end of the replica (call {@link #cut} first when the
     *     good replica is shorter)
     */
    public void repairBlocks(long offset, ByteBuffer payload, int[] pieceSums) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Cuts a replica that is longer than the good one, as the first step of a repair; marks it suspect, durably. */
    public void cut(long length) throws IOException {
        throw new UnsupportedOperationException();
    }
}
