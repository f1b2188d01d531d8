package cairn.simulation.cell;

import java.util.Locale;

/** What a run may be made smaller in than its seed says; {@code cairn sim --limit} names them. */
public enum Limit {
    /** Clients of a workload that change something: producers, writers, users of the namespace. */
    CLIENTS(1),
    /** Clients of a workload that only look: readers, followers. */
    READERS(0),
    /** Operations of each client. */
    STEPS(1),
    /** Milliseconds for which faults are done. */
    STORM(100),
    /** Chunkservers; never fewer than a chunk has copies. */
    SERVERS(2),
    /** Disks of each chunkserver. */
    DISKS(1);

    private final long least;

    Limit(long least) {
        this.least = least;
    }

    /** Less makes no run. */
    public long least() {
        return least;
    }

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
