package cairn.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges a file that was only appended to, its readers and its followers (P4): appends, reads and lengths are linearizable,
 * whichever replica answered.
 *
 * <p>Exact, and without a search: the file itself shows in which order the appends took place, so all that is left to
 * find is a moment for each, in that order, between its call and its answer. What a reader saw narrows that: bytes of an append show
 * that it had taken place when the reader was answered; an end shows besides that the next one had not when the reader called.
 */
public final class AppendOrder {

    /** Records that were appended as one, and when that may have been. */
    private static final class Unit {
        private final AppendRecord first;
        private final long from;
        private long to;
        private long notBefore;
        private long notAfter;
        private @Nullable AppendLook missedBy;
        private @Nullable AppendLook seenBy;

        Unit(AppendRecord first, long from) {
            this.first = first;
            this.from = from;
            this.to = from + first.length;
            this.notBefore = first.invokedAt;
            this.notAfter = first.isAcknowledged() ? first.returnedAt : Operation.NEVER;
        }

        boolean goesOnWith(AppendRecord record) {
            return first.batch != 0 && first.batch == record.batch && first.producer == record.producer;
        }

        void add(AppendRecord record) {
            to += record.length;
            if (record.isAcknowledged()) {
                notAfter = Math.min(notAfter, record.returnedAt);
            }
        }

        @Override
        public String toString() {
            return "%s (at %d, called at %d, answered at %s%s%s)"
                    .formatted(
                            first,
                            from,
                            first.invokedAt,
                            first.isAcknowledged() ? Long.toString(first.returnedAt) : "no time",
                            seenBy == null ? "" : ", seen by " + seenBy,
                            missedBy == null ? "" : ", not yet seen by " + missedBy);
        }
    }

    private final byte[] file;
    private final List<Unit> units = new ArrayList<>();

    /** @param placed all records of the file, in its order */
    AppendOrder(byte[] file, List<AppendRecord> placed) {
        this.file = file;
        long at = 0;
        Unit last = null;
        for (AppendRecord record : placed) {
            if (last != null && last.goesOnWith(record)) {
                last.add(record);
            } else {
                last = new Unit(record, at);
                units.add(last);
            }
            at += record.length;
        }
    }

    void judge(List<AppendLook> looks) {
        looks.forEach(this::take);
        long now = Long.MIN_VALUE;
        Object latest = "nothing";
        for (Unit unit : units) {
            if (unit.notBefore > now) {
                now = unit.notBefore;
                latest = unit;
            }
            Violation.unless(
                    now <= unit.notAfter,
                    "not linearizable: %s must have taken place by %d, and not before %d because of %s",
                    unit,
                    unit.notAfter,
                    now,
                    latest);
        }
    }

    private void take(AppendLook look) {
        int from = (int) look.offset();
        int to = (int) look.endOffset();
        boolean same = to <= file.length && Arrays.equals(file, from, to, look.bytes(), 0, look.bytes().length);
        Violation.unless(same, "%s saw bytes that the file of %d does not have there", look, file.length);
        int last = lastBegunBefore(to);
        if (last >= 0 && (look.end() || look.bytes().length > 0)) {
            Unit seen = units.get(last);
            if (look.returnedAt() < seen.notAfter) {
                seen.notAfter = look.returnedAt();
                seen.seenBy = look;
            }
            Violation.unless(!look.end() || seen.to == to, "%s saw an end within %s", look, seen);
        }
        if (look.end() && last + 1 < units.size()) {
            Unit missed = units.get(last + 1);
            if (look.invokedAt() > missed.notBefore) {
                missed.notBefore = look.invokedAt();
                missed.missedBy = look;
            }
        }
    }

    /** The last unit that begins before {@code offset}; -1 for none. */
    private int lastBegunBefore(long offset) {
        int low = 0;
        int high = units.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (units.get(middle).from < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /**
     * No record, and no batch, lies in two chunks (P3): a record that does not fit goes to the next chunk as a whole.
     *
     * @param chunkLengths of all chunks of the file, in order
     */
    void judgeChunks(List<Long> chunkLengths) {
        long end = 0;
        for (long length : chunkLengths) {
            end += length;
            int last = lastBegunBefore(end);
            boolean whole = last < 0 || units.get(last).to <= end;
            Violation.unless(whole, "a chunk ends at %d, within %s", end, last < 0 ? "nothing" : units.get(last));
        }
        Violation.unless(end == file.length, "the chunks have %d bytes, the file has %d", end, file.length);
    }
}
