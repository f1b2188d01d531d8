package cairn.master;

import cairn.model.ChunkHandle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Chunks of which something has changed, in the order of the changes: repair looks at them first. */
final class Attention {

    /** Beyond it nothing is added: the round over all chunks finds the rest. */
    private static final int CHUNKS_MAX = 200_000;

    private final SequencedSet<ChunkHandle> chunks = new LinkedHashSet<>();

    void look(ChunkHandle chunk) {
        if (chunks.size() < CHUNKS_MAX) {
            chunks.add(chunk);
        }
    }

    List<ChunkHandle> take(int max) {
        List<ChunkHandle> taken = new ArrayList<>();
        while (taken.size() < max && !chunks.isEmpty()) {
            taken.add(chunks.removeFirst());
        }
        return taken;
    }
}
