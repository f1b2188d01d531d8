package cairn.simulation.cell;

import java.util.EnumMap;
import java.util.Map;

/**
 * A run made smaller than its seed says. A seed without limits and one with some have different histories; each has one.
 *
 * @param most of each thing; what is missing is as the seed says. Does not change
 */
public record Limits(Map<Limit, Long> most) {

    public static final Limits NONE = new Limits(Map.of());

    public Limits {
        Map<Limit, Long> ordered = new EnumMap<>(Limit.class);
        ordered.putAll(most);
        most = java.util.Collections.unmodifiableMap(ordered);
    }

    /** These, and at most {@code count} of {@code limit}. */
    public Limits with(Limit limit, long count) {
        Map<Limit, Long> more = new EnumMap<>(Limit.class);
        more.putAll(most);
        more.put(limit, Math.max(limit.least(), count));
        return new Limits(more);
    }

    /** What the seed says, or less. */
    int at(Limit limit, long drawn) {
        return Math.toIntExact(Math.min(drawn, most.getOrDefault(limit, drawn)));
    }
}
