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
 * @param servers those that are silent and have copies of these chunks; of a check of the whole cell also those that are away, or have
 *     orphans or damage
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

    /** Chunkservers that are not heard of just now, and have copies that count still. */
    public long silent() {
        return servers.stream().filter(server -> server.silentCopies() > 0).count();
    }

    /** Whether every chunk is as safe as it should be; surplus copies and orphans cost space only. */
    public boolean healthy() {
        return readable() && count("under") == 0 && count("misplaced") == 0 && silent() == 0;
    }

    /**
     * What a chunkserver holds beside good replicas, and whether it is here.
     *
     * @param state {@code live}, {@code silent} or {@code dead}
     * @param heardMillisAgo -1: not since the master started
     * @param silentCopies copies of the chunks judged that count still, and cannot be read while it is silent
     * @param orphans replicas of chunks that the cell never made; {@code some} of them
     * @param damaged replicas that it cannot serve and keeps, because nobody has a better one
     */
    public record ServerCheck(
            ServerId server,
            String address,
            String state,
            long heardMillisAgo,
            long silentCopies,
            long orphans,
            long damaged,
            List<ChunkHandle> some) {

        public ServerCheck {
            some = List.copyOf(some);
        }

        /** Of two pages; how the server is now is told by the later one. */
        ServerCheck plus(ServerCheck later) {
            return new ServerCheck(
                    server,
                    address,
                    later.state,
                    later.heardMillisAgo,
                    silentCopies + later.silentCopies,
                    orphans + later.orphans,
                    damaged + later.damaged,
                    some.isEmpty() ? later.some : some);
        }
    }
}
