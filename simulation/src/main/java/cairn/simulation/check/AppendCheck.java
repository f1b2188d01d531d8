package cairn.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges a file that was only appended to (P3): it is the concatenation of records and nothing else, each acknowledged one
 * exactly once and where the acknowledgement said, no other more than once, each producer's in order, batches whole.
 */
public final class AppendCheck {

    private final byte[] file;
    private final List<List<AppendRecord>> sent;
    private final int[] next;
    private final List<AppendRecord> placed = new ArrayList<>();

    /** @param sent what each producer tried to append, in order */
    public AppendCheck(byte[] file, List<List<AppendRecord>> sent) {
        this.file = file;
        this.sent = sent;
        this.next = new int[sent.size()];
    }

    public void run() {
        int at = 0;
        AppendRecord before = null;
        while (at < file.length) {
            AppendRecord.Found here = AppendRecord.Found.at(file, at);
            AppendRecord record = identify(here);
            checkBytes(record, at);
            checkBatch(before, record, at);
            before = record;
            at += record.length;
            placed.add(record);
        }
        checkBatch(before, null, at);
        for (List<AppendRecord> producer : sent) {
            for (AppendRecord lost : producer.subList(next[indexOf(producer)], producer.size())) {
                Violation.unless(!lost.isAcknowledged(), "%s is not in the file of %d bytes", lost, file.length);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the list itself is meant
    private int indexOf(List<AppendRecord> producer) {
        int index = 0;
        while (sent.get(index) != producer) {
            index++;
        }
        return index;
    }

    /** Which of the records sent this one is; all that are skipped were never acknowledged. */
    private AppendRecord identify(AppendRecord.Found here) {
        Violation.unless(
                here.producer() < sent.size(),
                "bytes at %d that nobody appended: %s%n%s",
                here.offset(),
                here,
                near(here));
        List<AppendRecord> all = sent.get(here.producer());
        int first = next[here.producer()];
        for (int i = first; i < all.size(); i++) {
            AppendRecord candidate = all.get(i);
            if (is(candidate, here)) {
                next[here.producer()] = i + 1;
                return candidate;
            }
            Violation.unless(
                    !candidate.isAcknowledged(),
                    "at %d stands %s, and %s is lost or out of order",
                    here.offset(),
                    here,
                    candidate);
        }
        throw new Violation("at %d stands %s, for the second time or out of order; producer %d is past %s%n%s"
                .formatted(
                        here.offset(), here, here.producer(), first == 0 ? "nothing" : all.get(first - 1), near(here)));
    }

    private static boolean is(AppendRecord candidate, AppendRecord.Found here) {
        if (candidate.isAcknowledged() && candidate.offset != here.offset()) {
            return false;
        }
        return candidate.isTiny() ? here.isTiny() : candidate.number == here.number();
    }

    private String near(AppendRecord.Found here) {
        int from = (int) here.offset();
        return "bytes there: " + Arrays.toString(Arrays.copyOfRange(file, from, Math.min(file.length, from + 32)));
    }

    private void checkBytes(AppendRecord record, int at) {
        int end = Math.min(file.length, at + record.length);
        Violation.unless(
                Arrays.equals(record.bytes(), Arrays.copyOfRange(file, at, end)), "%s is not whole at %d", record, at);
    }

    /** A batch that began goes on to its end, and no batch begins in its middle. */
    private void checkBatch(@Nullable AppendRecord before, @Nullable AppendRecord record, int at) {
        boolean goesOn = record != null
                && before != null
                && before.producer == record.producer
                && before.batch == record.batch
                && before.number + 1 == record.number;
        if (before != null && before.batch != 0 && !goesOn) {
            List<AppendRecord> all = sent.get(before.producer);
            boolean last = before.number + 1 == all.size() || all.get(before.number + 1).batch != before.batch;
            Violation.unless(last, "at %d ends a batch too early: %s", at, before);
        }
        if (record != null && record.batch != 0 && !goesOn) {
            boolean first =
                    record.number == 0 || sent.get(record.producer).get(record.number - 1).batch != record.batch;
            Violation.unless(first, "at %d begins a batch in its middle: %s", at, record);
        }
    }

    /** After {@link #run}: all records of the file, in its order. */
    public List<AppendRecord> placed() {
        return List.copyOf(placed);
    }

    /** How many records the file has. */
    public int found() {
        return placed.size();
    }

    /** After {@link #run}: judges what readers and followers saw, and when (P4). */
    public void judge(List<AppendLook> looks) {
        new AppendOrder(file, placed).judge(looks);
    }

    /** After {@link #run}: judges where the file is cut into chunks of these lengths. */
    public void judgeChunks(List<Long> chunkLengths) {
        new AppendOrder(file, placed).judgeChunks(chunkLengths);
    }
}
