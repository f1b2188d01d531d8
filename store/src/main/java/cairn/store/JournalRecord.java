package cairn.store;

import cairn.chunk.MutationEntry;
import cairn.chunk.ProducerTable;
import java.util.List;

/**
 * One durable fact about a replica. Folding all records of a journal, in order, gives what the replica is ({@link
 * Content#apply}); the format is drawn in docs/formats/chunk-store.md.
 *
 * <p>A record that is a <em>barrier</em> was written after the data of everything before it had been synced.
 */
@SuppressWarnings("ArrayRecordComponent") // sums of many blocks; nobody compares records
sealed interface JournalRecord {

    /** Everything: how a journal begins. A barrier. */
    record Snapshot(
            long fence,
            long established,
            boolean sealed,
            boolean suspect,
            long length,
            long serial,
            int[] sums,
            ProducerTable producers)
            implements JournalRecord {}

    /**
     * Bytes were added at the end; they were written before this record.
     *
     * @param firstBlock the block of the old end
     * @param sums of the blocks from there to the new end
     */
    record Extended(long serial, long newLength, int firstBlock, int[] sums, List<MutationEntry> entries)
            implements JournalRecord {}

    /**
     * Bytes are replaced; they follow this record in the journal and are written to the data file after it was synced.
     * The data of extensions before it was synced; {@code settled} when that of overwrites was too.
     *
     * @param sums of the blocks from the one at {@code offset} to the one of the last byte
     */
    record Overwritten(
            long serial,
            long offset,
            int length,
            long newLength,
            int[] pieceSums,
            int[] sums,
            boolean settled,
            List<MutationEntry> entries)
            implements JournalRecord {}

    /**
     * The end was cut off. A barrier.
     *
     * @param tailSum of what is left of the last block; 0 when the cut is where a block begins
     */
    record Cut(long serial, long newLength, int tailSum, List<MutationEntry> entries) implements JournalRecord {}

    /** The fence was raised. */
    record Fenced(long version) implements JournalRecord {}

    /** No more mutations. */
    record Sealed() implements JournalRecord {}

    /** The content is complete. A barrier; the cut it may imply is as in {@link Cut}. */
    record Established(long version, long length, long serial, int tailSum, ProducerTable producers)
            implements JournalRecord {}

    /** The content is about to be replaced in parts. A barrier. */
    record Suspected() implements JournalRecord {}

    /**
     * What has reached the disk itself.
     *
     * @param allThrough records that end at or before this position, and their data
     * @param journalThrough records that end at or before this position
     */
    record Synced(long allThrough, long journalThrough) implements JournalRecord {}
}
