package cairn.client;

import java.time.Duration;

/**
 * How far a snapshot is.
 *
 * @param done the clone stands
 * @param entries files and directories that are cloned; 0 when an earlier attempt of the same call had made the clone
 * @param open chunks of them that are being written, and are still to be sealed
 * @param sealed chunks that were sealed for it
 * @param held how long writers to the tree have waited for it so far
 */
public record SnapshotProgress(boolean done, long entries, long open, long sealed, Duration held) {}
