package cairn.master;

import java.util.EnumMap;
import java.util.Map;

/** How often each thing has happened in this life of the master. Not thread-safe. */
final class Counts {
    private final Map<Counted, Long> counts = new EnumMap<>(Counted.class);

    void add(Counted what, long times) {
        counts.merge(what, times, Long::sum);
    }

    long of(Counted what) {
        return counts.getOrDefault(what, 0L);
    }
}
