package cairn.server.chunk;

import cairn.model.ChunkHandle;
import cairn.model.Limits;
import cairn.wire.proto.FoundDamage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Replicas that were found bad since the server started: how many, and the newest ones, for operators. Thread-safe. */
final class DamageLog {
    private static final int REMEMBERED_MAX = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<FoundDamage> newest = new ArrayDeque<>();
    private long count;

    void add(ChunkHandle handle, String reason) {
        lock.lock();
        try {
            count++;
            newest.addLast(FoundDamage.newBuilder()
                    .setNumber(count)
                    .setHandle(handle.value())
                    .setReason(reason.substring(0, Math.min(reason.length(), Limits.WORDS_CHARS_MAX)))
                    .build());
            if (newest.size() > REMEMBERED_MAX) {
                newest.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Those with a number above {@code number}, the oldest first. */
    List<FoundDamage> after(long number) {
        lock.lock();
        try {
            List<FoundDamage> found = new ArrayList<>();
            for (FoundDamage each : newest) {
                if (each.getNumber() > number) {
                    found.add(each);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}
