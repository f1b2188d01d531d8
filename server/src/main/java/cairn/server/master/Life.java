package cairn.server.master;

import cairn.world.Time;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Whether the process is to go on, and why not. Thread-safe. */
final class Life {
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ending;
    private boolean ended;
    private @Nullable Throwable failure;

    Life(Time time) {
        this.time = time;
    }

    /** The first reason counts. Returns whether this is the first. */
    boolean fail(Throwable reason) {
        lock.lock();
        try {
            boolean first = failure == null && !ending;
            failure = first ? reason : failure;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller is the one who ends it; others wait with {@link #awaitEnd}. */
    boolean beginEnd() {
        lock.lock();
        try {
            boolean first = !ending;
            ending = true;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @throws IOException why it ended, unless it was told to */
    void awaitEnd() throws IOException {
        lock.lock();
        try {
            while (!ended) {
                changed.awaitUninterruptibly();
            }
            if (failure != null) {
                throw new IOException("the master stopped: " + failure.getMessage(), failure);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for {@code nanos}, or less when the end begins; returns whether to go on. */
    boolean pause(long nanos) {
        long deadline = time.nanos() + nanos;
        lock.lock();
        try {
            boolean early = true;
            while (!ending && failure == null && early) {
                early = time.await(lock, changed, deadline);
            }
            return !ending && failure == null;
        } finally {
            lock.unlock();
        }
    }
}
