package cairn.client;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerId;
import java.util.List;

/**
 * A chunk as the master judged it.
 *
 * @param index in the file, from 0
 * @param length in bytes; of an open chunk as of its last seal
 * @param health the class that it is in, see {@link CheckSummary}
 * @param goal copies wanted
 * @param good copies that count
 * @param words the same for people, in a line
 */
public record ChunkCheck(
        ChunkHandle handle,
        String path,
        int index,
        ChunkVersion version,
        boolean sealed,
        long length,
        String health,
        int goal,
        int good,
        List<ReplicaCheck> replicas,
        String words) {

    public ChunkCheck {
        replicas = List.copyOf(replicas);
    }

    /**
     * One replica.
     *
     * @param address HOST:PORT; empty when the cell does not know the server any more
     * @param worth {@code good}, {@code leaving} (good, on a drained server), {@code unproven}, {@code damaged}, {@code stale}, {@code away} or {@code gone}
     * @param established the version that its content is of
     */
    public record ReplicaCheck(
            ServerId server, String address, String rack, String worth, long established, long length) {}
}
