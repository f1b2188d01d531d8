package cairn.chunk;

/**
 * One producer's part of a mutation, and the answer that is remembered for it.
 *
 * @param producer the producer's id, chosen at random by the client
 * @param sequence the producer's number for this request; ascending, never reused
 * @param previous the sequence of the producer's request before this one on this chunk; 0 when it does not care
 * @param acknowledgedThrough the client has its answers up to this sequence: they may be forgotten
 * @param offset the answer: where the bytes went
 * @param length the answer: bytes; for {@link Mutation.Kind#SET_LENGTH} the new length of the chunk
 */
public record MutationEntry(
        long producer, long sequence, long previous, long acknowledgedThrough, long offset, int length) {}
