package cairn.simulation.search;

import cairn.model.proof.Probe;
import cairn.simulation.Fault;
import cairn.simulation.cell.SeedRun.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** What all seeds of a search went through, added up. Thread-safe. */
final class Tally {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<Probe, Long> times = new EnumMap<>(Probe.class);
    private final Map<Probe, Long> seedsOf = new EnumMap<>(Probe.class);
    private long seeds;
    private long beyond;
    private long nanos;
    private long steps;

    /**
     * The sums at one moment.
     *
     * @param beyond seeds that were not judged to the end: damage was more than is promised to be survived
     * @param faults how often each took effect
     * @param times how often each branch was taken
     * @param seedsOf in how many seeds it was
     */
    record Sums(
            long seeds,
            long beyond,
            long nanos,
            long steps,
            Map<Fault, Long> faults,
            Map<Probe, Long> times,
            Map<Probe, Long> seedsOf) {

        double hours() {
            return nanos / 3600e9;
        }

        double perThousandSeeds(Probe probe) {
            return seeds == 0 ? 0 : 1000.0 * times.getOrDefault(probe, 0L) / seeds;
        }

        /** The branches that no seed has taken, in the order of the parts. */
        List<Probe> neverMet() {
            List<Probe> never = new ArrayList<>();
            for (Probe probe : Probe.values()) {
                if (!times.containsKey(probe)) {
                    never.add(probe);
                }
            }
            return never;
        }
    }

    void add(Result result) {
        lock.lock();
        try {
            seeds++;
            beyond += result.beyond().isEmpty() ? 0 : 1;
            nanos += result.simulatedNanos();
            steps += result.steps();
            result.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
            result.probes().forEach((probe, count) -> {
                times.merge(probe, count, Long::sum);
                seedsOf.merge(probe, 1L, Long::sum);
            });
        } finally {
            lock.unlock();
        }
    }

    Sums sums() {
        lock.lock();
        try {
            return new Sums(
                    seeds, beyond, nanos, steps, new EnumMap<>(faults), new EnumMap<>(times), new EnumMap<>(seedsOf));
        } finally {
            lock.unlock();
        }
    }
}
