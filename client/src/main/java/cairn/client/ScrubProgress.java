package cairn.client;

/**
 * How far a chunkserver is with verifying its replicas.
 *
 * @param waiting replicas that somebody asked for and that are still to be verified
 * @param checked replicas verified since the server started
 * @param checkedBytes their bytes
 * @param bad replicas found bad since the server started
 * @param held replicas it has
 * @param roundDone of those, how many the present round in the background has behind it
 */
public record ScrubProgress(long waiting, long checked, long checkedBytes, long bad, long held, long roundDone) {}
