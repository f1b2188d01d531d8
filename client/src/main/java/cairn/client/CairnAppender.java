package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

    /** Small records that wait together travel together, up to this size. */
    private static final int BATCH_BYTES_MAX = 256 << 10;

    /** While so many mutations are under way, further small records are collected. */
    private static final int UNANSWERED_WANTED = 2;

    private final Core core;
    private final long file;
    private final String path;
    private final boolean synced;
    private final MutationStream stream;

    /** The stream's lock: the order of records is the order in which they become units under it. */
    private final ReentrantLock lock;

    private @Nullable Payload batch;
    private ByteBuffer collected = ByteBuffer.allocate(0);
    private List<Appended> members = new ArrayList<>();
    private volatile boolean closed;

    CairnAppender(Core core, long file, String path, boolean synced) {
        this.core = core;
        this.file = file;
        this.path = path;
        this.synced = synced;
        this.stream = new MutationStream(core, new AppendPlacement(core, file), path);
        this.lock = stream.lock();
        stream.onRoom(() -> {
            if (stream.unanswered() < UNANSWERED_WANTED) {
                sendBatch();
            }
        });
    }

    /**
     * Appends one record and waits for its acknowledgement.
     *
     * @param record 1 byte to a quarter of a chunk ({@link #recordBytesMax}); not retained after return
     * @return the record's offset in the file
     * @throws RecordTooLargeException over the limit; nothing was sent
     * @throws AppendTimeoutException no answer in time; the record may or may not be in the file
     */
    public long append(ByteBuffer record) throws IOException {
        return appendBatch(List.of(record))[0];
    }

    /**
     * Appends several records as one: all stand in the file next to each other, or none does.
     *
     * @return each record's offset in the file
     */
    public long[] appendBatch(List<ByteBuffer> records) throws IOException {
        long[] offsets = new long[records.size()];
        long length = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = length;
            length += records.get(i).remaining();
        }
        check(length);
        int bytes = (int) length;
        waitFor(() -> stream.awaitRoom(bytes));
        Unit unit = unit(records, bytes);
        lock.lock();
        try {
            sendBatch();
            stream.add(unit);
        } finally {
            lock.unlock();
        }
        waitFor(() -> stream.await(unit, core.deadline()));
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] += unit.fileOffset;
        }
        return offsets;
    }

    /**
     * Takes one record, copies it, and returns before it is acknowledged; blocks while too many bytes or records are
     * under way. Small records that wait together are sent together.
     */
    public Appended appendAsync(ByteBuffer record) throws IOException {
        int length = record.remaining();
        check(length);
        stream.keepGoing();
        waitFor(() -> stream.awaitRoom(length));
        Unit whole = length >= batchBytesMax() ? unit(List.of(record), length) : null;
        Appended appended;
        lock.lock();
        try {
            if (whole != null) {
                sendBatch();
                stream.add(whole);
                appended = new Appended(this, 0);
                appended.sentAs(whole);
            } else {
                appended = collect(record);
                if (stream.unanswered() < UNANSWERED_WANTED) {
                    sendBatch();
                }
            }
        } finally {
            lock.unlock();
        }
        stream.push();
        return appended;
    }

    /** The largest record this file takes, in bytes. */
    public int recordBytesMax() {
        return Math.min(core.geometry().recordBytesMax(), Limits.PAYLOAD_BYTES_MAX);
    }

    /** Returns when every record taken before is acknowledged. Safe to call again after a timeout. */
    public void flush() throws IOException {
        checkOpen();
        lock.lock();
        try {
            sendBatch();
        } finally {
            lock.unlock();
        }
        waitFor(() -> stream.awaitAll(core.deadline()));
    }

    /** Returns when every record taken before is on disk on every replica. */
    public void sync() throws IOException {
        flush();
        if (!synced) {
            List<Place> places = stream.takeTouched();
            try {
                ChunkSync.sync(core, file, path, places, core.deadline());
            } catch (CairnException e) {
                stream.touch(places);
                throw e;
            }
        }
    }

    /** Flushes. Idempotent after success. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            flush();
        } finally {
            abort();
        }
    }

    /** Stops without waiting: records that were not acknowledged may or may not be in the file. Idempotent. */
    public void abort() {
        closed = true;
        lock.lock();
        try {
            Payload unsent = batch;
            batch = null;
            members = new ArrayList<>();
            if (unsent != null) {
                unsent.release();
            }
        } finally {
            lock.unlock();
        }
        stream.close();
    }

    boolean isDone(Appended appended) {
        Unit unit = appended.unit();
        return unit == null ? closed || stream.failed() : stream.isDone(unit);
    }

    long offsetOf(Appended appended) throws CairnException {
        if (appended.unit() == null) {
            lock.lock();
            try {
                sendBatch();
            } finally {
                lock.unlock();
            }
        }
        Unit unit = appended.unit();
        if (unit == null) {
            throw Errors.closed();
        }
        waitFor(() -> stream.await(unit, core.deadline()));
        return unit.fileOffset + appended.offsetInUnit();
    }

    // ------------------------------------------------------------------ units, under the lock

    private Appended collect(ByteBuffer record) {
        if (batch != null && collected.remaining() < record.remaining()) {
            sendBatch();
        }
        if (batch == null) {
            Payload fresh = core.buffers.takeNow(batchBytesMax());
            batch = fresh;
            collected = fresh.buffer();
        }
        Appended appended = new Appended(this, collected.position());
        collected.put(record.duplicate());
        members.add(appended);
        return appended;
    }

    private void sendBatch() {
        Payload whole = batch;
        if (whole == null) {
            return;
        }
        Payload bytes = whole.slice(0, collected.position());
        whole.release();
        batch = null;
        Unit unit = Unit.append(bytes, Pieces.sum(bytes.buffer()), synced);
        for (Appended member : members) {
            member.sentAs(unit);
        }
        members = new ArrayList<>();
        stream.add(unit);
    }

    private int batchBytesMax() {
        return Math.min(BATCH_BYTES_MAX, recordBytesMax());
    }

    private Unit unit(List<ByteBuffer> records, int length) {
        Payload bytes = core.buffers.takeNow(length);
        ByteBuffer into = bytes.buffer();
        for (ByteBuffer record : records) {
            into.put(record.duplicate());
        }
        return Unit.append(bytes, Pieces.sum(bytes.buffer()), synced);
    }

    private void check(long length) throws CairnException {
        checkOpen();
        if (length > recordBytesMax()) {
            throw new RecordTooLargeException(length, recordBytesMax());
        }
        if (length == 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, path + ": a record holds at least one byte");
        }
    }

    private void checkOpen() throws CairnException {
        if (closed) {
            throw new CairnException(ErrorCode.BAD_REQUEST, path + ": this appender is closed");
        }
    }

    private interface Wait {
        void run() throws CairnException;
    }

    /** A wait that ends without an answer, while the stream is alive, is a timeout; anything else is final. */
    private void waitFor(Wait wait) throws CairnException {
        try {
            wait.run();
        } catch (CairnException e) {
            if (e.code() == ErrorCode.UNREACHABLE && !stream.failed()) {
                core.met(Probe.APPEND_TIMED_OUT);
                throw new AppendTimeoutException(
                        e.getMessage() + "; records that were not acknowledged may or may not be in the file", e);
            }
            throw e;
        }
    }
}
