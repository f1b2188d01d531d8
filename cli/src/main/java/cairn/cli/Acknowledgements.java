package cairn.cli;

import cairn.client.Appended;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits, in a thread of its own, for the acknowledgements of records in the order they were handed over; counts them and
 * prints offsets when asked to. So an offset is printed when its record is certain, even while standard input is silent.
 */
final class Acknowledgements {
    /** Handed over and not waited for yet; the appender has its own, smaller, bound on what is under way. */
    private static final int WAITING_MAX = 64 << 10;

    private final Output out;
    private final boolean printed;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Appended> waiting = new ArrayDeque<>();
    private boolean complete;
    private long certain;
    private @Nullable IOException fault;

    Acknowledgements(Output out, boolean printed) {
        this.out = out;
        this.printed = printed;
        this.thread = Thread.ofPlatform().daemon().name("acknowledgements").start(this::await);
    }

    /** Hands over the next record; throws what an earlier one failed with. */
    void expect(Appended record) throws IOException {
        lock.lock();
        try {
            while (waiting.size() >= WAITING_MAX && fault == null) {
                changed.awaitUninterruptibly();
            }
            throwFault();
            waiting.add(record);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when all that was handed over is acknowledged. */
    void finish() throws IOException {
        stop();
        lock.lock();
        try {
            throwFault();
        } finally {
            lock.unlock();
        }
    }

    /** No more will come: waits for the rest, or for the first failure. */
    void stop() {
        lock.lock();
        try {
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records that are in the file for certain: all before the first that failed. */
    long certain() {
        lock.lock();
        try {
            return certain;
        } finally {
            lock.unlock();
        }
    }

    private void throwFault() throws IOException {
        if (fault != null) {
            throw fault;
        }
    }

    private void await() {
        try {
            Appended record = next(null);
            while (record != null) {
                if (printed && !record.isDone()) {
                    out.flush();
                }
                long offset = record.offset();
                if (printed) {
                    out.println(Long.toString(offset));
                }
                record = next(record);
            }
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new IOException(e));
        }
    }

    private void fail(IOException reason) {
        lock.lock();
        try {
            fault = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Counts the one before; null when no more will come. Prints what is pending before it waits. */
    private @Nullable Appended next(@Nullable Appended before) throws IOException {
        lock.lock();
        try {
            certain += before == null ? 0 : 1;
            if (waiting.isEmpty()) {
                out.flush();
            }
            while (waiting.isEmpty() && !complete) {
                changed.awaitUninterruptibly();
            }
            if (waiting.size() == WAITING_MAX) {
                changed.signalAll();
            }
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }
}
