package cairn.simulation.search;

import cairn.simulation.Fault;
import cairn.simulation.cell.Limit;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import cairn.simulation.cell.WorkloadKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Makes a failing run smaller while it still fails in the same way: fewer workloads, kinds of faults, servers, disks,
 * clients, operations, less time. Each try is a run of its own, so the time for all of them is bounded; what was found when
 * it is over is as good as any. One thread.
 *
 * <p>A smaller run has another history, since a seed draws differently when less is drawn; "in the same way" means a failure
 * of the same kind ({@link Findings#kind}), not the same one.
 */
final class Shrinker {

    /** Few values are tried for each limit: the smallest that still fails is wanted, not the exact border. */
    private static final long[] STORM_MILLIS = {100, 300, 1_000, 2_000, 4_000, 8_000, 16_000};

    private static final long[] STEPS = {1, 2, 4, 8, 16, 32, 64, 128};
    private static final long[] FEW = {0, 1, 2, 3, 4};

    private final Function<Request, Result> runs;
    private final LongSupplier nanos;
    private final long deadlineNanos;
    private final String kind;
    private final List<String> removed = new ArrayList<>();
    private Result smallest;
    private int tries;

    /**
     * What shrinking came to.
     *
     * @param result of the smallest run that fails; the first one when none smaller does
     * @param removed what it does without, in words
     * @param tries runs that were made
     */
    record Outcome(Result result, List<String> removed, int tries) {}

    private Shrinker(Result failed, Function<Request, Result> runs, LongSupplier nanos, long limitNanos) {
        this.smallest = failed;
        this.kind = Findings.kind(failed.failure());
        this.runs = runs;
        this.nanos = nanos;
        this.deadlineNanos = nanos.getAsLong() + limitNanos;
    }

    /**
     * @param runs runs a request
     * @param nanos a clock
     * @param limitNanos after this time no further try is begun
     */
    static Outcome shrink(Result failed, Function<Request, Result> runs, LongSupplier nanos, long limitNanos) {
        Shrinker shrinker = new Shrinker(failed, runs, nanos, limitNanos);
        shrinker.workloads();
        shrinker.limit(Limit.STORM, STORM_MILLIS); // first what makes every later try shorter
        shrinker.limit(Limit.STEPS, STEPS);
        shrinker.limit(Limit.CLIENTS, FEW);
        shrinker.limit(Limit.READERS, FEW);
        shrinker.faults();
        shrinker.limit(Limit.SERVERS, FEW);
        shrinker.limit(Limit.DISKS, FEW);
        shrinker.limit(Limit.STORM, STORM_MILLIS); // again: fewer faults may need less time
        shrinker.limit(Limit.STEPS, STEPS);
        return new Outcome(shrinker.smallest, List.copyOf(shrinker.removed), shrinker.tries);
    }

    private void workloads() {
        Request now = smallest.request();
        if (now.workload() != WorkloadKind.MIXED) {
            return;
        }
        for (WorkloadKind one : WorkloadKind.values()) {
            Request less = new Request(now.seed(), one, now.faults(), now.broken(), now.limits());
            if (one != WorkloadKind.MIXED && stillFails(less)) {
                removed.add("all workloads but " + Words.of(one));
                return;
            }
        }
    }

    /** None at all; otherwise without half, a quarter, and so on down to single ones. */
    private void faults() {
        if (smallest.request().faults().isEmpty()
                || withoutFaults(smallest.request().faults())) {
            return;
        }
        List<Fault> idle = new ArrayList<>(smallest.request().faults());
        idle.removeAll(smallest.faults().keySet());
        withoutFaults(EnumSet.copyOf(idle.isEmpty() ? smallest.request().faults() : idle));
        for (int size = smallest.request().faults().size() / 2; size >= 1; size /= 2) {
            List<Fault> all = List.copyOf(smallest.request().faults());
            for (int from = 0; from < all.size(); from += size) {
                withoutFaults(EnumSet.copyOf(all.subList(from, Math.min(all.size(), from + size))));
            }
        }
    }

    private boolean withoutFaults(Set<Fault> some) {
        Request now = smallest.request();
        Set<Fault> left = EnumSet.noneOf(Fault.class);
        left.addAll(now.faults());
        left.removeAll(some);
        boolean fails = stillFails(new Request(now.seed(), now.workload(), left, now.broken(), now.limits()));
        if (fails) {
            removed.add("faults " + String.join(", ", Words.of(some.toArray(new Fault[0]))));
        }
        return fails;
    }

    /** The smallest count with which it still fails. */
    private void limit(Limit limit, long[] counts) {
        Request now = smallest.request();
        long present = now.limits().most().getOrDefault(limit, Long.MAX_VALUE);
        for (long count : counts) {
            if (count < limit.least() || count >= present) {
                continue;
            }
            Request less = new Request(
                    now.seed(),
                    now.workload(),
                    now.faults(),
                    now.broken(),
                    now.limits().with(limit, count));
            if (stillFails(less)) {
                removed.add("%s beyond %d".formatted(limit, count));
                return;
            }
        }
    }

    private boolean stillFails(Request less) {
        if (nanos.getAsLong() - deadlineNanos >= 0) {
            return false;
        }
        tries++;
        Result result = runs.apply(less);
        boolean same = result.failed() && Findings.kind(result.failure()).equals(kind);
        if (same) {
            smallest = result;
        }
        return same;
    }
}
