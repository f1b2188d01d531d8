package cairn.store;

import cairn.chunk.ProducerTable;
import cairn.model.ChunkVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** API sketch: a replica being copied from elsewhere, hidden until finished. One thread. */
public final class ReplicaImport implements Closeable {
    private ReplicaImport() {}

    /** Bytes received so far: where the next write goes. */
    public long length() {
        throw new UnsupportedOperationException();
    }

    /** Adds bytes at the end, verified by the caller against their sums. */
    public void write(ByteBuffer payload, int[] pieceSums) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Makes it a replica, fenced and established at {@code version}. Durable on return. */
    public Replica finish(ChunkVersion version, long serial, boolean sealed, ProducerTable table) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Gives up unless finished. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
