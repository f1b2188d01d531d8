package cairn.master;

import cairn.master.CopyQueue.Cause;
import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Which replicas were copied to where they are, and why, for operators: the newest, since the master started. */
final class CopiesMade {

    /** Beyond it the oldest is forgotten. */
    static final int MADE_MAX = 10_000;

    private final SequencedMap<Place, Made> made = new LinkedHashMap<>();

    private record Place(ChunkHandle chunk, ServerId server) {}

    private record Made(Cause cause, long nanos) {}

    void note(ChunkHandle chunk, ServerId server, Cause cause, long nanos) {
        made.putLast(new Place(chunk, server), new Made(cause, nanos));
        if (made.size() > MADE_MAX) {
            made.pollFirstEntry();
        }
    }

    /** {@code copied here 12 s ago, because ...}; empty when that is not known. */
    String words(ChunkHandle chunk, ServerId server, long nanos) {
        Made found = made.get(new Place(chunk, server));
        return found == null
                ? ""
                : "copied here %d s ago, because %s".formatted((nanos - found.nanos()) / 1_000_000_000L, why(found));
    }

    private static String why(Made made) {
        return switch (made.cause()) {
            case MISSING -> "there were fewer than wanted";
            case LEAVING -> "one lay on a server that is drained";
            case NARROW -> "all were on one rack";
            case BALANCE -> "another server was much fuller";
        };
    }
}
