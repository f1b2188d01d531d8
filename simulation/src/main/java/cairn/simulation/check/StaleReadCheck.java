package cairn.simulation.check;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Judges, while it happens, that nobody reads from a replica that was left behind (P4): once a mutation was acknowledged under
 * a version, no replica serves an older one. So it sees that a rule was broken even where a reader's bytes happen to be
 * right.
 *
 * <p>Not thread-safe: told by one thread at a time.
 */
public final class StaleReadCheck implements Witness {

    private final Consumer<String> onViolation;
    private final Map<Long, Long> newest = new TreeMap<>();
    private long reads;

    /** @param onViolation is told what was broken */
    public StaleReadCheck(Consumer<String> onViolation) {
        this.onViolation = onViolation;
    }

    @Override
    public void met(Probe probe) {
        // not of interest here
    }

    @Override
    public void acknowledged(ChunkHandle chunk, long version, long serial, ServerId server, Acknowledged mutation) {
        newest.merge(chunk.value(), version, Math::max);
    }

    @Override
    public void served(ChunkHandle chunk, long version, ServerId server) {
        reads++;
        long acknowledged = newest.getOrDefault(chunk.value(), 0L);
        if (version < acknowledged) {
            onViolation.accept(
                    "stale read: server %d serves %s at version %d, and version %d has acknowledged a mutation"
                            .formatted(server.value(), chunk, version, acknowledged));
        }
    }

    /** How many reads were judged. */
    public long reads() {
        return reads;
    }
}
