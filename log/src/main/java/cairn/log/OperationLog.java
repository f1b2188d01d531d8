package cairn.log;

import cairn.model.Invariant;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.model.proof.Witness;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log, where records are added. {@link #append} only queues; one thread takes everything that waits, writes
 * it at once, syncs once, and wakes the waiters (group commit). Thread-safe.
 *
 * <p>After a failed write or sync nothing more is written and every waiter fails: memory is ahead of the disk, so the
 * process must stop. What was queued may or may not be on the disk; nobody was told of it.
 */
public final class OperationLog {
    private final Disk disk;
    private final long cellId;
    private final LogOptions options;
    private final Consumer<IOException> failed;
    private final Witness witness;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private long lastIndex;
    private long durableIndex;
    private long sealedIndex;
    private long appendedBytes;
    private boolean rollAsked;
    private boolean closing;
    private boolean stopped;
    private @Nullable IOException failure;

    // Of the log thread only.
    private DiskFile segment;
    private long segmentFirst;
    private long segmentBytes;

    private OperationLog(Disk disk, long cellId, LogStore.Setting setting, long lastIndex, DiskFile segment) {
        this.disk = disk;
        this.cellId = cellId;
        this.options = setting.options();
        this.failed = setting.failed();
        this.witness = setting.witness();
        this.lastIndex = lastIndex;
        this.durableIndex = lastIndex;
        this.sealedIndex = lastIndex;
        this.segment = segment;
        this.segmentFirst = lastIndex + 1;
        this.segmentBytes = FileHeader.BYTES;
    }

    /** Starts a new segment behind {@code lastIndex}; older ones are never written again. */
    static OperationLog start(Disk disk, long cellId, LogStore.Setting setting, long lastIndex) throws IOException {
        DiskFile segment = makeSegment(disk, cellId, lastIndex + 1);
        OperationLog log = new OperationLog(disk, cellId, setting, lastIndex, segment);
        setting.threads().start("log", log::run);
        return log;
    }

    /** Queues a record and returns its index: callers that need an order among records hold their own lock. */
    public long append(byte[] payload) {
        Invariant.check(
                payload.length > 0 && payload.length <= LogRecord.PAYLOAD_BYTES_MAX,
                "a log record of %d bytes",
                payload.length);
        lock.lock();
        try {
            queue.add(payload);
            appendedBytes += LogRecord.HEADER_BYTES + payload.length;
            work.signal();
            return ++lastIndex;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when every record up to {@code index} is on the disk. */
    public void awaitDurable(long index) throws IOException {
        lock.lock();
        try {
            while (durableIndex < index && options.keeps(Rule.LOG_FIRST)) {
                if (failure != null) {
                    throw new IOException("the operation log cannot be written: " + failure.getMessage(), failure);
                }
                if (stopped) {
                    throw new IOException("the operation log is closed");
                }
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    public long lastIndex() {
        lock.lock();
        try {
            return lastIndex;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of records since the start, queued ones too. */
    public long appendedBytes() {
        lock.lock();
        try {
            return appendedBytes;
        } finally {
            lock.unlock();
        }
    }

    public long durableIndex() {
        lock.lock();
        try {
            return durableIndex;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the present segment when it holds a record, and returns the last index of the segments that are not written
     * any more: what a checkpoint can be made of.
     */
    public long roll() throws IOException {
        lock.lock();
        try {
            long wanted = durableIndex;
            rollAsked = true;
            work.signal();
            while (sealedIndex < wanted && failure == null && !stopped) {
                progress.awaitUninterruptibly();
            }
            if (sealedIndex < wanted) {
                throw new IOException("the operation log is closed");
            }
            return sealedIndex;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is queued and an end mark, and returns when the log's thread has ended. */
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
            while (!stopped) {
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                writeBatch(takeBatch());
                if (segmentBytes >= options.segmentBytes() || rollWanted()) {
                    rollSegment();
                }
            }
            writeEndMark();
        } catch (IOException e) {
            fail(e);
        } finally {
            stop();
        }
    }

    private boolean awaitWork() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing && !rollAsked) {
                work.awaitUninterruptibly();
            }
            return !queue.isEmpty() || !closing;
        } finally {
            lock.unlock();
        }
    }

    private List<LogRecord> takeBatch() {
        lock.lock();
        try {
            List<LogRecord> batch = new ArrayList<>();
            long index = durableIndex;
            int bytes = 0;
            while (!queue.isEmpty() && (batch.isEmpty() || bytes + queue.peek().length <= options.batchBytesMax())) {
                LogRecord record = new LogRecord(++index, durableIndex, queue.remove());
                bytes += record.bytes();
                batch.add(record);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void writeBatch(List<LogRecord> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        write(batch);
        lock.lock();
        try {
            durableIndex = batch.getLast().index();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write(List<LogRecord> batch) throws IOException {
        ByteBuffer bytes =
                Files.littleEndian(batch.stream().mapToInt(LogRecord::bytes).sum());
        batch.forEach(record -> record.encode(bytes));
        bytes.flip();
        int length = bytes.remaining();
        segment.write(bytes, segmentBytes);
        if (options.keeps(Rule.LOG_SYNC)) {
            segment.sync();
        }
        segmentBytes += length;
    }

    private boolean rollWanted() {
        lock.lock();
        try {
            return rollAsked;
        } finally {
            lock.unlock();
        }
    }

    /** Between the batches everything is durable, so a segment is whole when its successor is made. */
    private void rollSegment() throws IOException {
        long last = durableIndex();
        if (last >= segmentFirst) {
            segment.close();
            segment = makeSegment(disk, cellId, last + 1);
            segmentFirst = last + 1;
            segmentBytes = FileHeader.BYTES;
        }
        lock.lock();
        try {
            sealedIndex = segmentFirst - 1;
            rollAsked = false;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void writeEndMark() throws IOException {
        if (durableIndex() >= segmentFirst) {
            write(List.of(new LogRecord(durableIndex(), durableIndex(), new byte[0])));
        }
    }

    private void fail(IOException problem) {
        witness.met(Probe.LOG_WRITE_FAILED);
        lock.lock();
        try {
            failure = problem;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        failed.accept(problem);
    }

    private void stop() {
        segment.close();
        lock.lock();
        try {
            stopped = true;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static DiskFile makeSegment(Disk disk, long cellId, long firstIndex) throws IOException {
        DiskFile file = disk.create(Files.segment(firstIndex));
        file.write(FileHeader.encode(FileHeader.LOG_MAGIC, cellId, firstIndex), 0);
        file.sync();
        disk.syncDirectory("");
        return file;
    }
}
