package cairn.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes at given offsets of an existing file (GFS 2.7, 3.1). Each write within one chunk is atomic and ordered against
 * all others; one that spans chunks is a sequence of such writes.
 *
 * <p>Threads: any number; calls are carried out one after the other. Durable on return of {@link #write}: held by every
 * replica in memory; on disk after {@link #sync}. Errors: UNREACHABLE after {@link ClientOptions#operationTimeout}; the
 * bytes may then be written in part or whole, now or until the next call of this writer, never after another call
 * returned.
 */
public final class CairnWriter implements Closeable {

    CairnWriter() {}

    /**
     * Writes all of {@code from}. A gap behind the end of the file becomes zeros.
     *
     * @param position in the file, 0 to {@link cairn.model.Limits#FILE_BYTES_MAX}; at most {@link
     *     cairn.model.Limits#HOLE_BYTES_MAX} behind the end
     */
    public void write(long position, ByteBuffer from) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Cuts the file, or extends it with zeros, to {@code length} bytes. */
    public void truncate(long length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The length of the file now. */
    public long length() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Returns when everything this writer wrote is on disk on every replica. */
    public void sync() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Lets go of the file; everything written is acknowledged already. Idempotent. */
    @Override
    public void close() throws IOException {}
}
