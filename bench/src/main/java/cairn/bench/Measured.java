package cairn.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One workload on one system.
 *
 * @param runs those that count, in their order; none where the system cannot do it
 * @param note what is otherwise than with Cairn, or why there are no runs; empty where it is the same
 */
public record Measured(Workload workload, String system, List<Run> runs, String note) {

    public Measured {
        runs = List.copyOf(runs);
    }

    /** What the rate is in. */
    public String rateUnit() {
        return workload.movesBytes() ? "MiB/s" : "op/s";
    }

    /** What the cost is in. */
    public String cpuUnit() {
        return workload.cpuUnit();
    }

    public boolean hasLatency() {
        return workload.hasLatency();
    }

    /** Of the runs, at least one. */
    public Spread spread(ToDoubleFunction<Run> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** The least, the middle and the most of several runs. */
    public record Spread(double min, double median, double max) {}
}
