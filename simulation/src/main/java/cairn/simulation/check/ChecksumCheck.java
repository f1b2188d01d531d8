package cairn.simulation.check;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Judges what checksums are for (P7): a replica that was found damaged is put out of use, for a good one to take its place;
 * what counts as good when all is over matches its sums; and where nothing ever harmed a byte, none is found damaged. That no
 * wrong byte reaches a reader is judged beside this, by {@link AppendCheck} and {@link FileCheck}; that the good ones are as
 * many as they should be, by {@link ReplicaCheck}.
 *
 * <p>Not thread-safe: told by one thread at a time.
 */
public final class ChecksumCheck implements Witness {

    private final boolean harmed;
    private final Consumer<String> onViolation;
    private final Map<Long, Set<Long>> inUse =
            new TreeMap<>(); // by server: chunks whose replica there was found damaged
    private long found;

    /**
     * @param harmed whether the disks may lose or change what was written
     * @param onViolation is told what was broken
     */
    public ChecksumCheck(boolean harmed, Consumer<String> onViolation) {
        this.harmed = harmed;
        this.onViolation = onViolation;
    }

    @Override
    public void met(Probe probe) {
        // not of interest here
    }

    @Override
    public void foundDamaged(ChunkHandle chunk, ServerId server) {
        found++;
        inUse.computeIfAbsent(server.value(), s -> new TreeSet<>()).add(chunk.value());
        if (!harmed) {
            onViolation.accept("false alarm: server %d finds its replica of %s damaged, and nothing has harmed it"
                    .formatted(server.value(), chunk));
        }
    }

    @Override
    public void putOutOfUse(ChunkHandle chunk, ServerId server) {
        Set<Long> damaged = inUse.get(server.value());
        if (damaged != null) {
            damaged.remove(chunk.value());
        }
    }

    /** A new process runs there. What the old one had found, and not told, has to be found again. */
    public void restarted(ServerId server) {
        inUse.remove(server.value());
    }

    /** Whether every replica that was found damaged is out of use. */
    public boolean isSettled() {
        return inUse.values().stream().allMatch(Set::isEmpty);
    }

    /** Judges that it has come to that: some time after all faults are over. */
    public void judgeSettled() {
        Violation.unless(isSettled(), "found damaged, and still in use; chunks by server: %s", inUse);
    }

    /**
     * Judges a replica that counts as good when all is over.
     *
     * @param where for people
     * @param damage what is wrong with its bytes; empty when all blocks match their sums
     */
    public void judge(ChunkHandle chunk, String where, String damage) {
        Violation.unless(damage.isEmpty(), "the replica of %s at %s counts as good: %s", chunk, where, damage);
    }

    /** How often a replica was found damaged. */
    public long found() {
        return found;
    }
}
