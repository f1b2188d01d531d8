package cairn.world;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Thread-safe: every call names its position. */
public interface DiskFile extends Closeable {

    /** Reads until {@code into} is full or the file ends; returns the bytes read (0 at the end of the file). */
    int read(ByteBuffer into, long position) throws IOException;

    /** Writes all of {@code from} at {@code position}; a gap behind the old end reads as zeros. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Writes all bytes of this file to the same places of another, by way of {@code piece}, whose content is lost. */
    default void copyTo(DiskFile other, ByteBuffer piece) throws IOException {
        long at = 0;
        while (read(piece.clear(), at) > 0) {
            int count = piece.flip().remaining();
            other.write(piece, at);
            at += count;
        }
    }

    /** Returns when every byte written before is on the disk itself (fdatasync). */
    void sync() throws IOException;

    long bytes() throws IOException;

    /** Cuts or, with zeros, extends the file. */
    void truncate(long bytes) throws IOException;

    @Override
    void close();
}
