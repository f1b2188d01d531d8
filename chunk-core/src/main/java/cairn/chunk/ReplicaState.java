package cairn.chunk;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;

/**
 * What a chunkserver reports of one replica.
 *
 * @param fence newest version it has promised to: every older one is refused
 * @param established version at which its content was last known complete; 0 for never (or no longer)
 * @param length bytes
 * @param serial last mutation it has applied
 * @param sealed takes no mutations until a newer version is established
 * @param suspect lost or half replaced something: not to be served before it is established again
 */
public record ReplicaState(
        ChunkHandle handle,
        ChunkVersion fence,
        ChunkVersion established,
        long length,
        long serial,
        boolean sealed,
        boolean suspect) {}
