package cairn.chunk;

import java.util.List;

/**
 * One change of a chunk, the same on every member, ordered by its serial (GFS 3.1). Its payload travels beside it.
 *
 * @param serial the primary's order: one more than the mutation before
 * @param offset where the payload goes: the end of the chunk for {@link Kind#APPEND}; 0 where there is no payload
 * @param length bytes of payload; 0 for {@link Kind#SET_LENGTH} and {@link Kind#SYNC}
 * @param newLength length of the chunk afterwards
 * @param entries the producers' parts, in the order of their bytes; may be empty
 * @param pieceSums CRC32C of each piece of the payload, cut where the chunk's checksum blocks begin. Not copied: the
 *     maker leaves it alone afterwards
 * @param synced durable across power loss before it is acknowledged
 */
@SuppressWarnings("ArrayRecordComponent") // one for each 64 KiB of payload on the hot path; nobody compares mutations
public record Mutation(
        long serial,
        Kind kind,
        long offset,
        int length,
        long newLength,
        List<MutationEntry> entries,
        int[] pieceSums,
        boolean synced) {

    public Mutation {
        entries = List.copyOf(entries);
    }

    /** What a mutation does. */
    public enum Kind {
        /** Bytes at any offset; a gap behind the end becomes zeros. */
        WRITE,
        /** Bytes at the end. */
        APPEND,
        /** Cuts the chunk, or extends it with zeros. */
        SET_LENGTH,
        /** Changes nothing; its acknowledgement says that everything before it is durable. */
        SYNC
    }
}
