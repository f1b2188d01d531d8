package cairn.simulation.check;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges that acknowledged data survives (P1): in the end every good replica of a chunk has gone through all mutations that
 * any primary has ever acknowledged. What clients find in their files is judged beside this, by {@link AppendCheck} and {@link
 * FileCheck}.
 *
 * <p>Not thread-safe: told by one thread at a time.
 */
public final class SurvivalCheck implements Witness {

    private final boolean syncedOnly;
    private final Map<Long, Long> acknowledged = new TreeMap<>();

    /** @param syncedOnly the power of all members may fail at once: what they had not synced may be lost */
    public SurvivalCheck(boolean syncedOnly) {
        this.syncedOnly = syncedOnly;
    }

    @Override
    public void met(Probe probe) {
        // not of interest here
    }

    @Override
    public void acknowledged(ChunkHandle chunk, long version, long serial, ServerId server, Acknowledged mutation) {
        if (mutation.synced() || !syncedOnly) {
            acknowledged.merge(chunk.value(), serial, Math::max);
        }
    }

    /** @param serial of the last mutation that a good replica of the chunk holds when all is over */
    public void judge(ChunkHandle chunk, String where, long serial) {
        long promised = acknowledged.getOrDefault(chunk.value(), 0L);
        Violation.unless(
                serial >= promised,
                "%s at %s holds mutations up to %d, and %d was acknowledged",
                chunk,
                where,
                serial,
                promised);
    }
}
