package cairn.bench;

import cairn.bench.client.Outcome;

/**
 * One run of a workload.
 *
 * @param rate MiB a second, or operations a second
 * @param cpu seconds for each GiB, or microseconds for each operation, of the client and all servers together
 * @param p50Micros the median latency; 0 where there is none
 */
public record Run(double rate, double cpu, double p50Micros, double p99Micros, double p999Micros) {
    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;
    private static final double NANOS = 1e9;
    private static final double MICROS = 1e3;

    static Run of(Workload workload, Outcome outcome, double cpuSeconds) {
        double seconds = outcome.nanos() / NANOS;
        return switch (workload.kind()) {
            case BYTES -> new Run(outcome.bytes() / MIB / seconds, cpuSeconds / (outcome.bytes() / GIB), 0, 0, 0);
            case OPERATIONS ->
                new Run(
                        outcome.operations() / seconds,
                        cpuSeconds * NANOS / MICROS / outcome.operations(),
                        micros(workload, outcome, 0.5),
                        micros(workload, outcome, 0.99),
                        micros(workload, outcome, 0.999));
        };
    }

    private static double micros(Workload workload, Outcome outcome, double share) {
        return workload.hasLatency() ? outcome.latencies().percentile(share) / MICROS : 0;
    }
}
