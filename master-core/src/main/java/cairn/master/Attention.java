package cairn.master;

import cairn.model.ChunkHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** Chunks of which something has changed, in the order of the changes: repair looks at them first. And those that clients met. */
final class Attention {

    /** Beyond it nothing is added: the round over all chunks finds the rest. */
    private static final int CHUNKS_MAX = 200_000;

    /** Clients that go on with a chunk meet it again. */
    private static final long SOUGHT_NANOS = 60_000_000_000L;

    private static final int SOUGHT_MAX = 10_000;

    private final SequencedSet<ChunkHandle> chunks = new LinkedHashSet<>();
    private final SequencedMap<ChunkHandle, Long> soughtNanos = new LinkedHashMap<>();

    void look(ChunkHandle chunk) {
        if (chunks.size() < CHUNKS_MAX) {
            chunks.add(chunk);
        }
    }

    /** A client wants to use a chunk that is not as it should be: it is mended before others. */
    void seek(ChunkHandle chunk, long nanos) {
        if (!isSought(chunk, nanos)) {
            look(chunk);
        }
        soughtNanos.putLast(chunk, nanos);
        if (soughtNanos.size() > SOUGHT_MAX) {
            soughtNanos.pollFirstEntry();
        }
    }

    boolean isSought(ChunkHandle chunk, long nanos) {
        Long since = soughtNanos.get(chunk);
        return since != null && nanos - since <= SOUGHT_NANOS;
    }

    List<ChunkHandle> take(int max) {
        List<ChunkHandle> taken = new ArrayList<>();
        while (taken.size() < max && !chunks.isEmpty()) {
            taken.add(chunks.removeFirst());
        }
        return taken;
    }
}
