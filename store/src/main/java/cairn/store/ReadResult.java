package cairn.store;

/**
 * What a read returned.
 *
 * @param length bytes read: fewer than asked for only at the end of the replica
 * @param replicaLength length of the replica when the read began
 * @param pieceSums CRC32C of each piece, cut where checksum blocks begin
 */
@SuppressWarnings("ArrayRecordComponent") // goes straight into a reply; nobody compares results
public record ReadResult(int length, long replicaLength, int[] pieceSums) {}
