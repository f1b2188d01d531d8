package cairn.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Appends records to a file that any number of others append to, each whole and exactly once, at offsets the cell
 * chooses (GFS 3.3, stronger: no padding, no duplicates). The records of one appender stand in the file in the order of
 * its calls.
 *
 * <p>Durable when acknowledged: held by every replica in memory; on disk with {@link AppendOptions#synced} or after
 * {@link #sync}.
 *
 * <p>Threads: any number. Failures of chunkservers and of the master are retried with the same sequence numbers, across
 * chunks too, and never duplicate a record. When {@link ClientOptions#operationTimeout} passes first, an {@link
 * AppendTimeoutException} says that the unacknowledged records may or may not be in the file; {@link #flush} goes on
 * with them. Any other failure (the file was deleted, say) is final: the appender is broken.
 */
public final class CairnAppender implements Closeable {

    CairnAppender() {}

    /**
     * Appends one record and waits for its acknowledgement.
     *
     * @param record 1 byte to a quarter of a chunk ({@link #recordBytesMax}); not retained after return
     * @return the record's offset in the file
     * @throws RecordTooLargeException over the limit; nothing was sent
     * @throws AppendTimeoutException no answer in time; the record may or may not be in the file
     */
    public long append(ByteBuffer record) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends several records as one: all stand in the file next to each other, or none does.
     *
     * @return each record's offset in the file
     */
    public long[] appendBatch(List<ByteBuffer> records) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes one record, copies it, and returns before it is acknowledged; blocks while too many bytes or records are
     * under way. Small records that wait together are sent together.
     */
    public Appended appendAsync(ByteBuffer record) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The largest record this file takes, in bytes. */
    public int recordBytesMax() {
        throw new UnsupportedOperationException();
    }

    /** Returns when every record taken before is acknowledged. Safe to call again after a timeout. */
    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Returns when every record taken before is on disk on every replica. */
    public void sync() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Flushes. Idempotent after success. */
    @Override
    public void close() throws IOException {}
}
