package cairn.store;

import java.util.ArrayList;
import java.util.List;

/** What a journal claims of the data file that a power loss may have taken back: collected while it is read. */
final class Unproven {

    /** An extension whose data may be missing. */
    @SuppressWarnings("ArrayRecordComponent") // sums of many blocks; nobody compares claims
    record Claim(long end, long newLength, int firstBlock, int[] sums) {}

    /** An overwrite whose data may be missing from the data file, but stands in the journal. */
    record Redo(long end, long payloadBegin, long offset, int length) {}

    final List<Claim> claims = new ArrayList<>();
    final List<Redo> redos = new ArrayList<>();

    /** Records that end at or before this position are durable with their data. */
    long allThrough;

    /** Records that end at or before this position are durable. */
    long journalThrough;

    /** Bytes that the data file has for certain, once the redos are done. */
    long baseLength;

    /** Notes a record that {@code reader} has just returned and {@code after} has just applied. */
    void note(JournalRecord record, JournalReader reader, Content after) {
        switch (record) {
            case JournalRecord.Extended extended -> {
                if (extended.sums().length > 0) {
                    claims.add(new Claim(reader.end(), after.length, extended.firstBlock(), extended.sums()));
                }
            }
            case JournalRecord.Overwritten overwritten -> {
                if (overwritten.settled()) {
                    barrier(reader.begin(), after);
                }
                claims.clear();
                baseLength = after.length;
                redos.add(new Redo(reader.end(), reader.payloadBegin(), overwritten.offset(), overwritten.length()));
            }
            case JournalRecord.Snapshot ignored -> barrier(reader.begin(), after);
            case JournalRecord.Cut ignored -> barrier(reader.begin(), after);
            case JournalRecord.Established ignored -> barrier(reader.begin(), after);
            case JournalRecord.Suspected() -> barrier(reader.begin(), after);
            case JournalRecord.Synced synced -> synced(synced);
            case JournalRecord.Fenced ignored -> {
                /* nothing of the data */
            }
            case JournalRecord.Sealed() -> {
                /* nothing of the data */
            }
        }
    }

    private void barrier(long position, Content after) {
        claims.clear();
        redos.clear();
        allThrough = position;
        baseLength = after.length;
    }

    private void synced(JournalRecord.Synced synced) {
        allThrough = Math.max(allThrough, synced.allThrough());
        journalThrough = Math.max(journalThrough, synced.journalThrough());
        while (!claims.isEmpty() && claims.getFirst().end() <= allThrough) {
            baseLength = claims.removeFirst().newLength();
        }
        while (!redos.isEmpty() && redos.getFirst().end() <= allThrough) {
            redos.removeFirst();
        }
    }

    boolean nothing() {
        return claims.isEmpty() && redos.isEmpty();
    }
}
