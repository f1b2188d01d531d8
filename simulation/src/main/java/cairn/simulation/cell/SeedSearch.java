package cairn.simulation.cell;

import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Runs many seeds, each in a world of its own, on a few platform threads. */
final class SeedSearch {

    private final LongFunction<Request> requests;
    private final long first;
    private final int threads;
    private final int failuresMax;
    private final AtomicLong next;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong simulatedNanos = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Result> failures = new ArrayList<>();
    private final long begunNanos = System.nanoTime();

    /** @param failuresMax how many failures end the search */
    SeedSearch(LongFunction<Request> requests, long first, int threads, int failuresMax) {
        this.requests = requests;
        this.first = first;
        this.threads = threads;
        this.failuresMax = failuresMax;
        this.next = new AtomicLong(first);
    }

    /** Returns when {@code count} seeds are done, the time is over, or too many have failed. */
    void run(long count, long limitNanos, Consumer<Result> onFailure) {
        long end = count > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + count;
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("seeds " + i).start(() -> work(end, limitNanos, onFailure)));
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void work(long end, long limitNanos, Consumer<Result> onFailure) {
        while (System.nanoTime() - begunNanos < limitNanos && failures().size() < failuresMax) {
            long seed = next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            Result result = SeedRun.run(requests.apply(seed), null);
            done.incrementAndGet();
            simulatedNanos.addAndGet(result.simulatedNanos());
            steps.addAndGet(result.steps());
            if (result.failed()) {
                lock.lock();
                try {
                    failures.add(result);
                } finally {
                    lock.unlock();
                }
                onFailure.accept(result);
            }
        }
    }

    List<Result> failures() {
        lock.lock();
        try {
            return List.copyOf(failures);
        } finally {
            lock.unlock();
        }
    }

    String progress() {
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        return "%d seeds, %.2f simulated hours, %d failures; %.1f seeds and %,.0f steps a second"
                .formatted(
                        done.get(),
                        simulatedNanos.get() / 3600e9,
                        failures().size(),
                        done.get() / seconds,
                        steps.get() / seconds);
    }
}
