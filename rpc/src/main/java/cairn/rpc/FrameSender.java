package cairn.rpc;

import cairn.world.Connection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: a queue and the right to write, which one thread has at a time. Who may block takes
 * the right when it is free and writes what everybody has queued ({@link #send}, {@link #flush}); who must not block
 * leaves it to a thread of the connection's own, started when first needed ({@link #enqueue}). So frames that meet here
 * share a write (and who writes lets others come, {@link Courtesy}), and a slow peer holds up only those who agreed to it. Thread-safe.
 */
final class FrameSender {

    /** A frame's encoded header and message, and its payload, which is released when it was written or dropped. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Outgoing(byte[] head, Payload payload) {
        long bytes() {
            return head.length + (long) payload.length();
        }
    }

    /** Taken from the queue for one round of writing. */
    private static final long ROUND_BYTES = 1 << 20;

    /** After so many rounds a thread with work of its own hands the rest to the writer thread. */
    private static final int ROUNDS_MAX = 8;

    /** A shorter queue of held frames may wait for the next flush. */
    private static final long HELD_BYTES = 64 << 10;

    private final Endpoint self;
    private final Connection connection;
    private final Consumer<IOException> broken;
    private final Courtesy courtesy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean writing;
    private boolean writerStarted;
    private boolean writerWanted;
    private boolean closed;
    private volatile boolean held;
    private volatile long writingSinceNanos;
    private volatile boolean inWrite;

    /** @param broken told, on the writing thread, that the connection cannot be written to any more */
    FrameSender(Endpoint self, Connection connection, Consumer<IOException> broken) {
        this.self = self;
        this.connection = connection;
        this.broken = broken;
        this.courtesy = new Courtesy(self.world().time());
    }

    /**
     * Queues the frame and sees to it that it is written; blocks while the peer does not read.
     *
     * @param calls unanswered on this connection: so many threads may be about to send something, too; 0 where nobody waits for others.
     *     Asked at most once
     */
    void send(byte[] head, Payload payload, IntSupplier calls) {
        long bytes = head.length + (long) payload.length();
        lock.lock();
        try {
            awaitQueue();
            if (!add(head, payload) || writing) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        try {
            if (courtesy.offer(calls, bytes)) {
                courtesy.ended(queued());
            }
        } finally {
            drain(ROUNDS_MAX);
        }
    }

    private int queued() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** The caller holds the lock. */
    private void awaitQueue() {
        while (!closed && queuedBytes > roomBytes()) {
            room.awaitUninterruptibly();
        }
    }

    /** Queues the frame for the writer thread; never blocks. False when the queue is over its bound. */
    boolean enqueue(byte[] head, Payload payload) {
        lock.lock();
        try {
            if (add(head, payload)) {
                wakeWriter();
            }
            return queuedBytes <= self.options().sendQueueBytesMax();
        } finally {
            lock.unlock();
        }
    }

    /** Queues the frame for the next {@link #flush}; never blocks. */
    void hold(byte[] head, Payload payload) {
        lock.lock();
        try {
            if (add(head, payload)) {
                held = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is queued, or leaves it to the thread that is writing. */
    void flush() {
        if (!held) {
            return;
        }
        lock.lock();
        try {
            held = false;
            if (writing || queue.isEmpty() || closed) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        drain(ROUNDS_MAX);
    }

    /** Whether so much is held that the thread that takes requests should see to it. */
    boolean crowded() {
        return queuedBytes() > HELD_BYTES;
    }

    /** For the thread that takes requests, when {@link #crowded}: flushes, and waits while the peer takes no answers. */
    void awaitRoom() {
        flush();
        lock.lock();
        try {
            awaitQueue();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is queued; what comes later is dropped too. */
    void close() {
        List<Outgoing> dropped;
        lock.lock();
        try {
            closed = true;
            dropped = new ArrayList<>(queue);
            queue.clear();
            queuedBytes = 0;
            room.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        dropped.forEach(frame -> frame.payload().release());
    }

    /** What is wrong with the peer, if a write has not come back for too long. */
    @Nullable
    String stuck(long nowNanos) {
        long nanos = nowNanos - writingSinceNanos;
        if (!inWrite || nanos <= self.options().slowPeerNanos()) {
            return null;
        }
        return "it has taken no bytes for " + nanos / 1_000_000 + " ms; " + queuedBytes() + " bytes were waiting";
    }

    long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    private long roomBytes() {
        return self.options().sendQueueBytesMax() / 8;
    }

    /** False when closed: then the payload was released. */
    private boolean add(byte[] head, Payload payload) {
        if (closed) {
            payload.release();
            return false;
        }
        Outgoing frame = new Outgoing(head, payload);
        queue.add(frame);
        queuedBytes += frame.bytes();
        return true;
    }

    private void wakeWriter() {
        writerWanted = true;
        if (!writerStarted) {
            writerStarted = true;
            self.world().threads().start("rpc writer " + connection.peer(), this::writerLoop);
        } else if (!writing) {
            work.signal();
        }
    }

    private void writerLoop() {
        while (awaitWork()) {
            drain(Integer.MAX_VALUE);
        }
    }

    private boolean awaitWork() {
        lock.lock();
        try {
            while (!closed && (!writerWanted || writing || queue.isEmpty())) {
                work.awaitUninterruptibly();
            }
            writing = !closed;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** The caller has the right to write, and gives it back here. */
    private void drain(int roundsMax) {
        List<Outgoing> round = new ArrayList<>();
        for (int rounds = 0; nextRound(round, rounds < roundsMax); rounds++) {
            try {
                writingSinceNanos = self.world().time().nanos();
                inWrite = true;
                write(round);
            } catch (IOException e) {
                close();
                broken.accept(e);
            } finally {
                inWrite = false;
                round.forEach(frame -> frame.payload().release());
                round.clear();
            }
        }
    }

    private void write(List<Outgoing> round) throws IOException {
        GatherWriter writer = new GatherWriter(connection, self.pool(), round);
        try {
            writer.write(round);
        } finally {
            writer.release();
        }
    }

    /** Moves the next frames from the queue to {@code round}; false, and the right to write is free, if there are none. */
    private boolean nextRound(List<Outgoing> round, boolean goOn) {
        lock.lock();
        try {
            boolean wasFull = queuedBytes > roomBytes();
            long bytes = 0;
            while (goOn && bytes < ROUND_BYTES && !queue.isEmpty()) {
                Outgoing frame = queue.remove();
                bytes += frame.bytes();
                round.add(frame);
            }
            queuedBytes -= bytes;
            if (wasFull && queuedBytes <= roomBytes()) {
                room.signalAll();
            }
            if (round.isEmpty()) {
                writing = false;
                writerWanted = false;
                if (!queue.isEmpty()) {
                    wakeWriter();
                }
            }
            return !round.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
