package cairn.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Reads a file. Each byte was checked against the checksum its writer computed before it is given out; a replica that
 * fails is reported, and another one is read. Any replica may answer; a read sees every mutation acknowledged before it
 * began (GFS 2.7, stronger: docs/consistency.md).
 *
 * <p>Threads: {@link #read(long, ByteBuffer)} and {@link #length} may be called from many threads at once. Everything
 * that moves the position belongs to one thread at a time. Sequential reads ask ahead, up to {@link
 * ClientOptions#readAheadBytesMax}; positioned reads do not.
 *
 * <p>Errors: UNREACHABLE when no replica answered within {@link ClientOptions#operationTimeout} (calling again is safe),
 * NOT_FOUND when the file was deleted.
 */
public final class CairnInput implements Closeable {

    CairnInput() {}

    /**
     * Reads at the position and moves it on.
     *
     * @return bytes read, at least 1; -1 at the end of the file as it is now
     */
    public int read(ByteBuffer into) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** {@link #read(ByteBuffer)} into {@code count} bytes of an array. */
    public int read(byte[] into, int start, int count) throws IOException {
        return read(ByteBuffer.wrap(into, start, count));
    }

    /**
     * Reads at a position of the caller's; does not move this input's. Many threads may do so at once.
     *
     * @return bytes read: {@code into} is filled unless the file ends before; -1 when {@code position} is at or behind
     *     the end of the file as it is now
     */
    public int read(long position, ByteBuffer into) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes {@code count} bytes from the position on, or all up to the end of the file if that comes first, to {@code
     * to}, straight from the buffers they were received in, and moves the position.
     *
     * @return bytes moved; 0 at the end of the file
     */
    public long transferTo(WritableByteChannel to, long count) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Everything from the position on: {@link #transferTo(WritableByteChannel, long)} without a limit. */
    public long transferTo(WritableByteChannel to) throws IOException {
        return transferTo(to, Long.MAX_VALUE);
    }

    /** The offset of the next byte to read, in the file. */
    public long position() {
        throw new UnsupportedOperationException();
    }

    /** Moves the position, anywhere from 0 on; a read behind the end of the file returns -1. */
    public void seek(long position) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The length of the file now, in bytes; asks the primary of an open last chunk. */
    public long length() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** This input as a stream from its position on. Closing either closes both. One thread at a time. */
    public InputStream asStream() {
        throw new UnsupportedOperationException();
    }

    /** Gives up read-ahead. Idempotent; never fails. */
    @Override
    public void close() {}
}
