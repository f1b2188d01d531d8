package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Chunks of which something has changed, in the order of the changes: repair looks at them first, and then at all that was on servers
 * of which something has changed, however much that is. And those that clients met.
 */
final class Attention {

    /** Beyond it nothing is added, and a round over all chunks is due. */
    private static final int CHUNKS_MAX = 200_000;

    /** Clients that go on with a chunk meet it again. */
    private static final long SOUGHT_NANOS = 60_000_000_000L;

    private static final int SOUGHT_MAX = 10_000;

    private final SequencedSet<ChunkHandle> chunks = new LinkedHashSet<>();

    /** Up to where they were looked at. */
    private final SequencedMap<ServerId, ChunkHandle> servers = new LinkedHashMap<>();

    private boolean overflowed;
    private final SequencedMap<ChunkHandle, Long> soughtNanos = new LinkedHashMap<>();

    void look(ChunkHandle chunk) {
        if (chunks.size() < CHUNKS_MAX) {
            chunks.add(chunk);
        } else {
            overflowed |= !chunks.contains(chunk);
        }
    }

    /** From the first to the last of what it holds, from now on. */
    void lookAtAllOf(ServerId server) {
        servers.putLast(server, new ChunkHandle(0));
    }

    /** Something has changed that is not here. Said once. */
    boolean takeOverflow() {
        boolean was = overflowed;
        overflowed = false;
        return was;
    }

    /** A look at all chunks makes up for it. */
    void clear() {
        chunks.clear();
        servers.clear();
        overflowed = false;
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

    List<ChunkHandle> take(int max, ClusterView view) {
        List<ChunkHandle> taken = new ArrayList<>();
        while (taken.size() < max && !chunks.isEmpty()) {
            taken.add(chunks.removeFirst());
        }
        while (taken.size() < max && !servers.isEmpty()) {
            takeOf(servers.pollFirstEntry(), max, view, taken);
        }
        return taken;
    }

    private void takeOf(Map.Entry<ServerId, ChunkHandle> next, int max, ClusterView view, List<ChunkHandle> taken) {
        ServerState server = view.server(next.getKey());
        if (server == null) {
            return;
        }
        for (ChunkHandle chunk : server.replicas.after(next.getValue())) {
            if (taken.size() == max) {
                servers.putFirst(next.getKey(), taken.getLast());
                return;
            }
            taken.add(chunk);
        }
    }
}
