package cairn.bench.gate;

import java.util.Comparator;

/** One count: of a workload, on one side (the client, or all servers together). */
record CountKey(String workload, String side, Counted what) implements Comparable<CountKey> {
    private static final Comparator<CountKey> ORDER = Comparator.comparing(CountKey::workload)
            .thenComparing(CountKey::side)
            .thenComparing(CountKey::what);

    @Override
    public int compareTo(CountKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return workload + " " + side + " " + what.word();
    }
}
