package cairn.server.master;

import cairn.world.Threads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs tasks on threads that come and go, at most so many at a time; the rest waits in order. Thread-safe. */
final class Lane {
    private final Threads threads;
    private final String name;
    private final int threadsMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean closed;

    Lane(Threads threads, String name, int threadsMax) {
        this.threads = threads;
        this.name = name;
        this.threadsMax = threadsMax;
    }

    void run(Runnable task) {
        run(task, Integer.MAX_VALUE);
    }

    /** As the other one; the task is left out when so many wait already. */
    void run(Runnable task, int waitingMax) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() >= waitingMax) {
                return;
            }
            waiting.add(task);
            if (running == threadsMax) {
                return;
            }
            running++;
        } finally {
            lock.unlock();
        }
        threads.start(name, this::work);
    }

    /** What waits is not begun any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable task = waiting.poll();
            if (task == null) {
                running--;
            }
            return task;
        } finally {
            lock.unlock();
        }
    }
}
