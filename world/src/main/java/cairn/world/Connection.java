package cairn.world;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One byte stream in both directions. One thread may read while another writes; {@link #close} may be called from any
 * thread at any time and makes blocked calls fail.
 */
public interface Connection extends Closeable {

    /** Blocks for at least one byte; returns -1 when the peer has ended the stream. */
    int read(ByteBuffer into) throws IOException;

    /**
     * As {@link #read(ByteBuffer)}, until {@link Time#nanos()} reaches {@code deadlineNanos}, or a little longer.
     *
     * @return 0 when nothing came by then
     */
    int read(ByteBuffer into, long deadlineNanos) throws IOException;

    /** Writes every remaining byte of every buffer, in order, blocking while the peer does not read. */
    void write(ByteBuffer... from) throws IOException;

    /** The other end, for messages. */
    String peer();

    @Override
    void close();
}
