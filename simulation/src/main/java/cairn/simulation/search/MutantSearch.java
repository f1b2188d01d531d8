package cairn.simulation.search;

import cairn.simulation.cell.SeedRun;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Breaks rules of the protocol and looks how many seeds it takes until a checker notices. A seed counts only when the same
 * seed passes with every rule kept, and when what failed was a promise or an invariant: that the mutant itself falls over
 * proves nothing.
 */
final class MutantSearch {

    private final LongFunction<Request> requests;
    private final long from;
    private final long seeds;
    private final AtomicLong next;
    private final AtomicLong noticedAt = new AtomicLong(Long.MAX_VALUE);
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Result> crashes = new ArrayList<>();
    private @Nullable Result noticed;

    /** @param requests with the rules broken */
    MutantSearch(LongFunction<Request> requests, long from, long seeds) {
        this.requests = requests;
        this.from = from;
        this.seeds = seeds;
        this.next = new AtomicLong(from);
    }

    /** Whether this seed notices: it fails when the rules are broken, not by a mere crash, and passes when they are kept. */
    static boolean notices(Request request) {
        return notices(SeedRun.run(request, null));
    }

    private static boolean notices(Result broken) {
        return broken.failed()
                && !broken.crashed()
                && !SeedRun.run(broken.request().breaking(Set.of()), null).failed();
    }

    /** Returns when a seed has noticed, all have run, or the time is over. The first seed that notices is found. */
    void run(int threads, long limitNanos) {
        long begun = System.nanoTime();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("mutants " + i).start(() -> work(begun + limitNanos)));
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

    private void work(long endNanos) {
        while (System.nanoTime() - endNanos < 0) {
            long seed = next.getAndIncrement();
            if (seed >= from + seeds || seed > noticedAt.get()) {
                return;
            }
            Result result = SeedRun.run(requests.apply(seed), null);
            if (result.failed()) {
                note(seed, result, notices(result));
            }
            SeedSearch.freeBuffers();
        }
    }

    private void note(long seed, Result result, boolean notices) {
        lock.lock();
        try {
            if (!notices) {
                crashes.add(result);
            } else if (seed < noticedAt.get()) {
                noticedAt.set(seed);
                noticed = result;
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the first seed that noticed says; null when none has. */
    @Nullable
    Result noticed() {
        lock.lock();
        try {
            return noticed;
        } finally {
            lock.unlock();
        }
    }

    /** Seeds that failed and do not count: the mutant crashed, or the seed fails with every rule kept. */
    List<Result> uncounted() {
        lock.lock();
        try {
            return List.copyOf(crashes);
        } finally {
            lock.unlock();
        }
    }

    /** How far it is, while it goes on. */
    String progress() {
        long begun = Math.min(next.get() - from, seeds);
        return noticed() == null
                ? "%d of %d seeds run or under way, not noticed yet".formatted(begun, seeds)
                : "noticed; the seeds before that one are still under way";
    }

    /** How many seeds it took; all that were begun when none has noticed. */
    long seedsTaken() {
        long at = noticedAt.get();
        return at != Long.MAX_VALUE ? at - from + 1 : Math.min(next.get() - from, seeds);
    }

    /** One line. */
    String summary() {
        Result first = noticed();
        String others = uncounted().isEmpty()
                ? ""
                : "; %d more failed without proof".formatted(uncounted().size());
        return first == null
                ? "not noticed in %d seeds%s".formatted(seedsTaken(), others)
                : "noticed after %d seeds%s, by %s".formatted(seedsTaken(), others, Findings.kind(first.failure()));
    }
}
