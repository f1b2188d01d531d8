package cairn.rpc;

import cairn.model.Invariant;
import cairn.model.Limits;
import cairn.world.Time;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers for payloads, in sizes of powers of two from 1 KiB to 16 MiB. A process has one, shared by all its
 * connections. Free buffers are reused newest first, because their pages are still warm. Thread-safe.
 *
 * <p>Bounded: {@link #take} waits for others to release, then refuses. What servers take for a peer is divided fairly
 * between connections ({@link Share}). Urgent payloads have a bound of their own, as large, so that neither can use up the
 * other's. {@link #takeNow} goes beyond the bound, for bytes that this process itself asked for or makes; buffers beyond the
 * bound are not kept.
 */
public final class PayloadPool {
    public static final long DEFAULT_BYTES_MAX = 256L << 20;

    private static final int SMALLEST_BITS = 10;
    private static final int LARGEST_BITS = 24;

    static {
        Invariant.check(1 << LARGEST_BITS == Limits.PAYLOAD_BYTES_MAX, "the largest payload fits the largest buffer");
    }

    private final Time time;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final List<ArrayDeque<ByteBuffer>> free = new ArrayList<>();
    private final Purse usual = new Purse();
    private final Purse urgent = new Purse();
    private long freeBytes;
    private int outstanding;
    private int waiting;

    /** What is lent under one bound. */
    private static final class Purse {
        long usedBytes;
    }

    /** @param bytesMax bytes in buffers, lent and free */
    public PayloadPool(Time time, long bytesMax) {
        Invariant.check(bytesMax >= Limits.PAYLOAD_BYTES_MAX, "a pool of %s bytes holds no record", bytesMax);
        this.time = time;
        this.bytesMax = bytesMax;
        for (int bits = SMALLEST_BITS; bits <= LARGEST_BITS; bits++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** A payload of exactly {@code length} bytes of arbitrary content; null when none was released by the deadline. */
    public @Nullable Payload take(int length, long deadlineNanos) {
        return take(new Share(), usual, length, deadlineNanos);
    }

    /** As {@link #take(int, long)}, within what is fair for the connection whose share this is. */
    @Nullable
    Payload take(Share share, int length, long deadlineNanos) {
        return take(share, usual, length, deadlineNanos);
    }

    /** As {@link #take(Share, int, long)}, from what is kept for payloads that must not wait for others. */
    @Nullable
    Payload takeUrgent(Share share, int length, long deadlineNanos) {
        return take(share, urgent, length, deadlineNanos);
    }

    private @Nullable Payload take(Share share, Purse purse, int length, long deadlineNanos) {
        if (length == 0) {
            return Payload.empty();
        }
        int size = sizeClass(length);
        lock.lock();
        try {
            while (!share.allows(bytesOf(size), bytesMax - purse.usedBytes, bytesMax)) {
                waiting++;
                boolean inTime = deadlineNanos - time.nanos() > 0 && time.await(lock, released, deadlineNanos);
                waiting--;
                if (!inTime && !share.allows(bytesOf(size), bytesMax - purse.usedBytes, bytesMax)) {
                    return null;
                }
            }
            return lend(length, size, share, purse);
        } finally {
            lock.unlock();
        }
    }

    /** A payload of exactly {@code length} bytes of arbitrary content, beyond the bound if it must be. */
    public Payload takeNow(int length) {
        if (length == 0) {
            return Payload.empty();
        }
        lock.lock();
        try {
            return lend(length, sizeClass(length), new Share(), usual);
        } finally {
            lock.unlock();
        }
    }

    /** Payloads lent and not yet released: 0 in an idle process, or somebody has lost one. */
    public int outstanding() {
        lock.lock();
        try {
            return outstanding;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of the buffers that are lent now. */
    public long usedBytes() {
        lock.lock();
        try {
            return usedInAll();
        } finally {
            lock.unlock();
        }
    }

    private long usedInAll() {
        return usual.usedBytes + urgent.usedBytes;
    }

    private Payload lend(int length, int size, Share share, Purse purse) {
        ByteBuffer whole = free.get(size).pollFirst();
        if (whole == null) {
            makeRoom(bytesOf(size));
            whole = ByteBuffer.allocateDirect((int) bytesOf(size));
        } else {
            freeBytes -= bytesOf(size);
        }
        purse.usedBytes += bytesOf(size);
        share.held += bytesOf(size);
        outstanding++;
        ByteBuffer lent = whole;
        return Payload.of(lent.slice(0, length), () -> giveBack(lent, size, share, purse));
    }

    /** Drops free buffers of other sizes, largest first, so that a changed mix of sizes does not add up. */
    private void makeRoom(long bytes) {
        for (int size = free.size() - 1; size >= 0 && usedInAll() + freeBytes + bytes > bytesMax; size--) {
            while (usedInAll() + freeBytes + bytes > bytesMax && free.get(size).pollLast() != null) {
                freeBytes -= bytesOf(size);
            }
        }
    }

    private void giveBack(ByteBuffer whole, int size, Share share, Purse purse) {
        lock.lock();
        try {
            purse.usedBytes -= bytesOf(size);
            share.held -= bytesOf(size);
            outstanding--;
            if (usedInAll() + freeBytes + bytesOf(size) <= bytesMax) {
                free.get(size).addFirst(whole);
                freeBytes += bytesOf(size);
            }
            if (waiting > 0) {
                released.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static int sizeClass(int length) {
        Invariant.check(length > 0 && length <= Limits.PAYLOAD_BYTES_MAX, "a payload of %s bytes", length);
        return Math.max(SMALLEST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(length - 1)) - SMALLEST_BITS;
    }

    private static long bytesOf(int size) {
        return 1L << (size + SMALLEST_BITS);
    }
}
