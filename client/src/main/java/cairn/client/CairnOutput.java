package cairn.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Writes a new file from its start to its end. Bytes are collected into blocks, checksummed once, and sent ahead of their
 * acknowledgements, up to {@link ClientOptions#writeBytesMax}; the fault of one chunkserver is a pause, not an error
 * (GFS 3.1, 3.2).
 *
 * <p>Durable: what was written before a {@link #flush} that returned is held by every replica in memory; before a {@link
 * #sync}, on disk; after {@link #close} the length is in the master's log too. A program that ends without close leaves
 * a file with what was acknowledged.
 *
 * <p>Threads: one at a time. Errors: any method may report the failure of an earlier write; after one the output is
 * broken and every call, close included, throws it again.
 */
public final class CairnOutput extends OutputStream implements WritableByteChannel {

    CairnOutput() {}

    @Override
    public void write(int oneByte) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Takes {@code count} bytes; blocks while too many are unacknowledged. Not retained after return. */
    @Override
    public void write(byte[] from, int start, int count) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Takes all of {@code from}; blocks while too many bytes are unacknowledged. Not retained after return. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads {@code from} to its end, straight into the buffers that are sent.
     *
     * @return bytes taken
     */
    public long transferFrom(ReadableByteChannel from) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Bytes taken so far: the length of the file after {@link #close}. */
    public long position() {
        throw new UnsupportedOperationException();
    }

    /** Returns when everything taken before is held by every replica. */
    @Override
    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Returns when everything taken before is on disk on every replica. */
    public void sync() throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    /** Flushes, and seals the last chunk. Idempotent after success; throws again after a failure. */
    @Override
    public void close() throws IOException {}

    /** Stops without sending what is still collected: the file keeps what was acknowledged. Idempotent. */
    public void abort() {}
}
