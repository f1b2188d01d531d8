package cairn.simulation.search;

import cairn.simulation.cell.SeedRun;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Runs many seeds, each in a world of its own, on a few platform threads. A failure ends nothing: the search goes on until
 * it is through, or has found as many kinds of failures as it may.
 */
final class SeedSearch {

    /** A few runs at a time use less, and the JVM allows at least this. */
    private static final long DIRECT_BYTES_MAX = 128L << 20;

    private final LongFunction<Request> requests;
    private final long first;
    private final int threads;
    private final int kindsMax;
    private final AtomicLong next;
    private final Tally tally = new Tally();
    private final Findings findings = new Findings();
    private final long begunNanos = System.nanoTime();

    /** @param kindsMax how many kinds of failures end the search */
    SeedSearch(LongFunction<Request> requests, long first, int threads, int kindsMax) {
        this.requests = requests;
        this.first = first;
        this.threads = threads;
        this.kindsMax = kindsMax;
        this.next = new AtomicLong(first);
    }

    /**
     * Returns when {@code count} seeds are done, the time is over, or enough is found.
     *
     * @param onFinding told of the first failure of each kind, on the thread that found it
     */
    void run(long count, long limitNanos, Consumer<Result> onFinding) {
        long end = count > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + count;
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("seeds " + i).start(() -> work(end, limitNanos, onFinding)));
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

    private void work(long end, long limitNanos, Consumer<Result> onFinding) {
        while (System.nanoTime() - begunNanos < limitNanos && findings.kinds() < kindsMax) {
            long seed = next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            take(SeedRun.run(requests.apply(seed), null), onFinding);
            freeBuffers();
        }
    }

    /**
     * Buffers of worlds that are over are garbage, and nothing collects it in time: at the limit of direct memory a thread
     * waits for the collector, which no simulated thread may do, and the run would seem to hang.
     */
    static void freeBuffers() {
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct") && pool.getMemoryUsed() > DIRECT_BYTES_MAX) {
                System.gc();
            }
        }
    }

    /** Counts a run that somebody else made, too. */
    void take(Result result, Consumer<Result> onFinding) {
        tally.add(result);
        if (result.failed() && findings.add(result)) {
            onFinding.accept(result);
        }
    }

    Findings findings() {
        return findings;
    }

    Tally.Sums sums() {
        return tally.sums();
    }

    String progress() {
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        Tally.Sums sums = tally.sums();
        if (sums.seeds() == 0) {
            return "no seed is through yet after %.0f s; the first take longest".formatted(seconds);
        }
        return "%d seeds, %.2f simulated hours, %d kinds of failures; %.1f seeds and %,.0f steps a second"
                .formatted(
                        sums.seeds(), sums.hours(), findings.kinds(), sums.seeds() / seconds, sums.steps() / seconds);
    }
}
