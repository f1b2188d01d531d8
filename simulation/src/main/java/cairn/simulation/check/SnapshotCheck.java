package cairn.simulation.check;

import java.util.Arrays;
import java.util.List;

/**
 * Judges one snapshot (GFS 3.4): what it holds is what its source held at one instant between its call and its answer. Each part
 * of what it holds narrows when that was; at the end some moment must be left.
 */
public final class SnapshotCheck {
    private final String name;
    private long notBefore;
    private Object notBeforeFor;
    private long notAfter;
    private Object notAfterFor;

    /** @param returnedAt {@link Operation#NEVER} when there was no answer */
    public SnapshotCheck(String name, long invokedAt, long returnedAt) {
        this.name = name;
        this.notBefore = invokedAt;
        this.notBeforeFor = "its call";
        this.notAfter = returnedAt;
        this.notAfterFor = "its answer";
    }

    /** It took place when {@code what} had been asked for, at least. */
    public void shows(long invokedAt, Object what) {
        if (invokedAt > notBefore) {
            notBefore = invokedAt;
            notBeforeFor = what;
        }
    }

    /** It took place before {@code what} had been acknowledged. */
    public void misses(long returnedAt, Object what) {
        if (returnedAt < notAfter) {
            notAfter = returnedAt;
            notAfterFor = what;
        }
    }

    /**
     * A file that is only appended to.
     *
     * @param seen what the clone held
     * @param file what the source holds at the end
     * @param placed all records of the source, in its order
     */
    public void prefix(byte[] seen, byte[] file, List<AppendRecord> placed) {
        Violation.unless(
                seen.length <= file.length && Arrays.equals(seen, 0, seen.length, file, 0, seen.length),
                "%s holds %d bytes that are not the start of its source of %d bytes",
                name,
                seen.length,
                file.length);
        long at = 0;
        for (AppendRecord record : placed) {
            long end = at + record.length;
            Violation.unless(
                    end <= seen.length || at >= seen.length, "%s ends at %d, within %s", name, seen.length, record);
            if (end <= seen.length) {
                shows(record.invokedAt, record);
            } else if (record.isAcknowledged()) {
                misses(record.returnedAt, record);
            }
            at = end;
        }
    }

    /**
     * A place in a file that one client writes again and again.
     *
     * @param writes to it, in their order
     * @param seen what the clone held there: the number of one of these, or 0 for what was there before
     */
    public void place(List<FileOp> writes, int seen) {
        boolean missed = seen == 0;
        for (FileOp write : writes) {
            if (missed && write.isAnswered()) {
                misses(write.returnedAt, write);
            }
            if (write.number == seen) {
                shows(write.invokedAt, write);
                missed = true;
            }
        }
        Violation.unless(missed, "%s holds a write #%d that nobody made", name, seen);
    }

    public void judge() {
        Violation.unless(
                notBefore <= notAfter,
                "%s shows no one instant: it is not before %d (%s) and not after %d (%s)",
                name,
                notBefore,
                notBeforeFor,
                notAfter,
                notAfterFor);
    }
}
