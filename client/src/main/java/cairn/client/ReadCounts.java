package cairn.client;

/**
 * How reads of one {@link Cairn} went, since it connected.
 *
 * @param nearReads from files on this host
 * @param nearBytes of these
 * @param nearGivenUp begun in a file, and done through the network: the permit had ended, or the bytes were bad
 * @param networkReads through the network
 * @param hedged of these, those for which a second replica was asked
 * @param hedgesWon of these, those that the second one answered first
 */
public record ReadCounts(
        long nearReads, long nearBytes, long nearGivenUp, long networkReads, long hedged, long hedgesWon) {}
