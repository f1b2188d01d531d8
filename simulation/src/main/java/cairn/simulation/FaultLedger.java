package cairn.simulation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How often each fault took effect in one simulation. It changes nothing of the history. */
public final class FaultLedger {

    private final long[] counts = new long[Fault.values().length];

    FaultLedger() {}

    /** One more. Called where the fault takes effect: a crash of a process that is down counts for nothing. */
    public void note(Fault fault) {
        counts[fault.ordinal()]++;
    }

    public long of(Fault fault) {
        return counts[fault.ordinal()];
    }

    /** All that took effect at least once, in the order of the model; does not change any more. */
    public Map<Fault, Long> counts() {
        Map<Fault, Long> all = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            if (of(fault) > 0) {
                all.put(fault, of(fault));
            }
        }
        return Collections.unmodifiableMap(all);
    }
}
