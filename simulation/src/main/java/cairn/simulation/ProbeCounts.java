package cairn.simulation;

import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How often the processes of one simulation took each fault-handling branch. */
public final class ProbeCounts implements Witness {

    private final Map<Probe, Long> counts = new EnumMap<>(Probe.class);

    @Override
    public void met(Probe probe) {
        counts.merge(probe, 1L, Long::sum);
    }

    /** All that were met, in the order of the parts; does not change any more. */
    public Map<Probe, Long> counts() {
        return Collections.unmodifiableMap(new EnumMap<>(counts));
    }

    public long of(Probe probe) {
        return counts.getOrDefault(probe, 0L);
    }
}
