package cairn.client;

import cairn.model.ChunkHandle;
import java.util.List;

/**
 * How far a chunkserver is with verifying its replicas.
 *
 * @param waiting replicas that somebody asked for and that are still to be verified
 * @param checked replicas verified since the server started
 * @param checkedBytes their bytes
 * @param bad replicas found bad since the server started
 * @param held replicas it has
 * @param roundDone of those, how many the present round in the background has behind it
 * @param asked of the request that this answers: replicas that the server has, and verifies now
 * @param askedBytes their bytes
 * @param damage the newest of those found bad, the oldest first; those that were asked for
 */
public record ScrubProgress(
        long waiting,
        long checked,
        long checkedBytes,
        long bad,
        long held,
        long roundDone,
        long asked,
        long askedBytes,
        List<Damage> damage) {

    public ScrubProgress {
        damage = List.copyOf(damage);
    }

    /** A replica that was found bad; {@code number} is how many there were by then. */
    public record Damage(long number, ChunkHandle chunk, String reason) {}
}
