package cairn.simulation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How often each fault took effect in one simulation. It changes nothing of the history. */
public final class FaultLedger {

    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

    FaultLedger() {}

    /** One more. Called where the fault takes effect: a crash of a process that is down counts for nothing. */
    public void note(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    public long of(Fault fault) {
        return counts.getOrDefault(fault, 0L);
    }

    /** All that took effect at least once, in the order of the model; does not change any more. */
    public Map<Fault, Long> counts() {
        return Collections.unmodifiableMap(new EnumMap<>(counts));
    }
}
