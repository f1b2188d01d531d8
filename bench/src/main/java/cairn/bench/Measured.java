package cairn.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The runs of one workload on one system that count, in their order. */
public record Measured(Workload workload, String system, List<Run> runs) {

    public Measured {
        runs = List.copyOf(runs);
    }

    /** What the rate is in. */
    public String rateUnit() {
        return workload.kind() == Workload.Kind.BYTES ? "MiB/s" : "op/s";
    }

    /** What the cost is in. */
    public String cpuUnit() {
        return workload.kind() == Workload.Kind.BYTES ? "s/GiB" : "us/op";
    }

    public boolean hasLatency() {
        return workload.hasLatency();
    }

    public Spread spread(ToDoubleFunction<Run> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** The least, the middle and the most of several runs. */
    public record Spread(double min, double median, double max) {}
}
