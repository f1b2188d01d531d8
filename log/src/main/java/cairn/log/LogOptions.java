package cairn.log;

import cairn.model.proof.Rule;
import java.util.Set;

/**
 * @param segmentBytes a new segment starts when one has grown to this (default 16 MiB: read whole at a restart)
 * @param batchBytesMax records written and synced together (default 4 MiB)
 * @param broken rules that this log breaks; never any outside of tests
 */
public record LogOptions(long segmentBytes, int batchBytesMax, Set<Rule> broken) {
    public static final LogOptions DEFAULT = new LogOptions(16L << 20, 4 << 20);

    public LogOptions(long segmentBytes, int batchBytesMax) {
        this(segmentBytes, batchBytesMax, Set.of());
    }

    /** For tests of tests. */
    public LogOptions breaking(Set<Rule> rules) {
        return new LogOptions(segmentBytes, batchBytesMax, rules);
    }

    boolean keeps(Rule rule) {
        return !broken.contains(rule);
    }
}
