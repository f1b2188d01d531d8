package cairn.master;

import cairn.model.ChunkHandle;
import java.util.ArrayList;
import java.util.List;

/** What one heartbeat says of damaged replicas: a failing disk has thousands, and they are told in one line. */
final class DamageNotes {
    private static final int NAMED_MAX = 5;

    private final List<ChunkHandle> countedOut = new ArrayList<>();
    private final List<ChunkHandle> kept = new ArrayList<>();

    /** Others hold the chunk: the replica does not count any more. */
    void countedOut(ChunkHandle chunk) {
        countedOut.add(chunk);
    }

    /** Nobody has a better one, or a version without it must stand first. */
    void kept(ChunkHandle chunk) {
        kept.add(chunk);
    }

    /** Tells what is new, and notes what is kept. */
    void told(ServerState server, Turn.Draft turn) {
        List<ChunkHandle> fresh = new ArrayList<>(countedOut);
        kept.stream().filter(chunk -> !server.damaged.contains(chunk)).forEach(fresh::add);
        server.damaged.clear();
        server.damaged.addAll(kept);
        if (fresh.isEmpty()) {
            return;
        }
        turn.count(Counted.REPLICAS_DAMAGED, fresh.size());
        turn.event(
                true,
                "replicas.damaged",
                "server",
                server.id,
                "address",
                server.address,
                "replicas",
                fresh.size(),
                "counted_out",
                countedOut.size(),
                "such_as",
                String.join(
                        ",",
                        fresh.stream()
                                .limit(NAMED_MAX)
                                .map(ChunkHandle::toString)
                                .toList()));
    }
}
