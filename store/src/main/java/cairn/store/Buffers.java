package cairn.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded pool of direct scratch buffers, each at least one checksum block. Thread-safe. */
final class Buffers {
    private static final int POOLED_MAX = 64;
    private static final int BYTES_MIN = 64 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final int bytes;

    Buffers(int blockBytes) {
        this.bytes = Math.max(BYTES_MIN, blockBytes);
    }

    /** An empty buffer of at least {@code least} bytes. */
    ByteBuffer take(long least) {
        if (least > bytes) {
            return ByteBuffer.allocateDirect(Math.toIntExact(least));
        }
        lock.lock();
        try {
            ByteBuffer pooled = free.pollLast();
            return pooled != null ? pooled.clear() : ByteBuffer.allocateDirect(bytes);
        } finally {
            lock.unlock();
        }
    }

    void give(ByteBuffer buffer) {
        if (buffer.capacity() != bytes) {
            return;
        }
        lock.lock();
        try {
            if (free.size() < POOLED_MAX) {
                free.addLast(buffer);
            }
        } finally {
            lock.unlock();
        }
    }
}
