package cairn.simulation.check;

import java.util.List;

/**
 * Judges the replicas of one chunk when all is over: all good ones hold the same bytes (P2) and remember the same producers
 * and answers (P3), at least one is there (P1), and as many as the file's goal asks for, as far as there are servers (P8).
 */
public final class ReplicaCheck {

    private ReplicaCheck() {}

    /**
     * A chunk as its master knows it.
     *
     * @param name for people
     * @param length exact when sealed
     * @param copies good replicas that there have to be
     */
    public record Chunk(String name, long version, boolean sealed, long length, int copies) {}

    /**
     * A replica as it lies on a disk.
     *
     * @param where for people
     * @param established the last version at whose start its content was complete
     * @param suspect whether it says itself that it has to be proved first
     * @param content equal for equal bytes: the checksums of all blocks
     * @param producers equal for equal exactly-once memories: none has an entry that the others have forgotten
     * @param damage how its bytes differ from that; empty when they do not
     */
    public record Replica(
            String where,
            long established,
            long serial,
            long length,
            boolean suspect,
            Object content,
            Object producers,
            String damage) {}

    /**
     * Judges one chunk.
     *
     * @param found all replicas of it, on all servers; of each server at most one
     * @return the good ones
     */
    public static List<Replica> judge(Chunk chunk, List<Replica> found) {
        long newest = found.stream()
                .filter(each -> !each.suspect)
                .mapToLong(Replica::established)
                .max()
                .orElse(0);
        Violation.unless(
                newest > 0 && newest >= chunk.version, "%s has no good replica of %s: %s", chunk.name, chunk, found);
        List<Replica> good = found.stream()
                .filter(each -> each.established == newest && !each.suspect)
                .toList();
        Replica first = good.getFirst();
        for (Replica other : good) {
            Violation.unless(
                    other.content.equals(first.content) && other.length == first.length && other.serial == first.serial,
                    "%s differs: %s and %s",
                    chunk.name,
                    first,
                    other);
            Violation.unless(
                    other.producers.equals(first.producers),
                    "%s: %s and %s remember different producers: %s and %s",
                    chunk.name,
                    first.where,
                    other.where,
                    first.producers,
                    other.producers);
        }
        Violation.unless(
                !chunk.sealed || chunk.length == first.length,
                "%s is sealed at %d, and on disk %s",
                chunk.name,
                chunk.length,
                first);
        Violation.unless(
                good.size() >= chunk.copies,
                "%s has %d good replicas and should have %d: %s",
                chunk.name,
                good.size(),
                chunk.copies,
                found);
        return good;
    }
}
