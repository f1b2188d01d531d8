package cairn.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads a file as it grows: at its end it waits, by long poll, for what is written next, across chunks. Bytes are given
 * out once every replica holds them, checked as {@link CairnInput} checks them.
 *
 * <p>Threads: one reads; any may {@link #close}, which ends a waiting read with an exception within 30 s.
 */
public final class CairnFollower implements Closeable {

    CairnFollower() {}

    /**
     * Reads at the position, waiting as long as it takes.
     *
     * @return bytes read, at least 1
     */
    public int read(ByteBuffer into) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads at the position, waiting at most {@code patience}.
     *
     * @return bytes read; 0 when nothing new came in time
     */
    public int read(ByteBuffer into, Duration patience) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The offset of the next byte to read, in the file. */
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
