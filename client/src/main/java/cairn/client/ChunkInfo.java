package cairn.client;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import java.util.List;

/**
 * One chunk of a file and where its replicas are.
 *
 * @param index in the file, from 0
 * @param offset of its first byte in the file
 * @param length in bytes; exact when {@code sealed}, otherwise as the primary said, or 0 when no primary answered
 * @param replicas the live ones; of an open chunk in chain order, primary first
 */
public record ChunkInfo(
        int index,
        ChunkHandle handle,
        ChunkVersion version,
        long offset,
        long length,
        boolean sealed,
        List<ReplicaInfo> replicas) {

    public ChunkInfo {
        replicas = List.copyOf(replicas);
    }

    /** One copy. {@code rack} is empty when unknown. */
    public record ReplicaInfo(ServerId server, ServerAddress address, String rack) {}
}
