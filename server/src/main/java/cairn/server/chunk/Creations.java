package cairn.server.chunk;

import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Handles of which a replica is being created, one at a time of each: it takes syncs, and may be asked for twice. Thread-safe. */
final class Creations {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final TreeSet<Long> underWay = new TreeSet<>();

    /** Waits for another one of the same handle, as long as its disk takes; followed by {@link #end}. */
    void begin(long handle) {
        lock.lock();
        try {
            while (!underWay.add(handle)) {
                ended.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    void end(long handle) {
        lock.lock();
        try {
            underWay.remove(handle);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean has(long handle) {
        lock.lock();
        try {
            return underWay.contains(handle);
        } finally {
            lock.unlock();
        }
    }
}
