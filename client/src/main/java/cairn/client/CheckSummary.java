package cairn.client;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a check found. A chunk is in one class, the worst that is true of it: healthy, over (more copies than wanted), misplaced (all in
 * one rack), under (fewer than wanted), corrupt (only damaged ones are left), missing (none that can be read now).
 *
 * @param examined chunks judged
 * @param health how many of them are in each class; classes without any may be absent
 * @param reclaiming chunks that were deleted and are being reclaimed: not judged
 * @param servers those with orphans or damage; of a check of the whole cell only
 */
public record CheckSummary(long examined, SortedMap<String, Long> health, long reclaiming, List<ServerCheck> servers) {

    public CheckSummary {
        health = Collections.unmodifiableSortedMap(new TreeMap<>(health));
        servers = List.copyOf(servers);
    }

    /** Chunks in this class. */
    public long count(String ofHealth) {
        Long found = health.get(ofHealth);
        return found == null ? 0 : found;
    }

    /** Whether all bytes can be read now. */
    public boolean readable() {
        return count("missing") == 0 && count("corrupt") == 0;
    }

    /** Whether every chunk is as safe as it should be; surplus copies and orphans cost space only. */
    public boolean healthy() {
        return readable() && count("under") == 0 && count("misplaced") == 0;
    }

    /**
     * What a chunkserver holds beside good replicas.
     *
     * @param orphans replicas of chunks that the cell never made; {@code some} of them
     * @param damaged replicas that it cannot serve and keeps, because nobody has a better one
     */
    public record ServerCheck(ServerId server, String address, long orphans, long damaged, List<ChunkHandle> some) {

        public ServerCheck {
            some = List.copyOf(some);
        }
    }
}
