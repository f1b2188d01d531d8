package cairn.bench.gate;

import cairn.bench.Scale;
import cairn.bench.Workload;
import java.util.List;

/**
 * A workload that is counted, and how often it is done in a run: a number, not a time, so that a slow machine does the same.
 */
record CountedWorkload(Workload workload, int operations) {
    private static final long BYTES = 64L << 20;
    private static final int RUNS = 3;
    private static final int WARMUPS = 1;

    static final List<CountedWorkload> ALL = List.of(
            new CountedWorkload(Workload.WRITE_1, 0),
            new CountedWorkload(Workload.READ_1, 0),
            new CountedWorkload(Workload.READ_NET_1, 0),
            new CountedWorkload(Workload.PREAD_4K_1, 2_000),
            new CountedWorkload(Workload.PREAD_NET_4K_1, 2_000),
            new CountedWorkload(Workload.APPEND_1K_1, 1_000),
            new CountedWorkload(Workload.APPEND_PIPELINED_1, 30_000),
            new CountedWorkload(Workload.SMALL_CREATE_1, 200),
            new CountedWorkload(Workload.STAT_1, 2_000));

    Scale scale() {
        return new Scale(BYTES, 0, operations, 0, RUNS, WARMUPS);
    }
}
