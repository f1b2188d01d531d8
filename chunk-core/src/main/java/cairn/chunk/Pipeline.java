package cairn.chunk;

import cairn.model.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one replica has begun but not yet seen committed, in serial order; and from that, what a reader may see. The same
 * bookkeeping serves the primary (which decides what is committed) and the members behind it (which hear of it).
 *
 * <p>Pure and not thread-safe: the owner holds its chunk's lock. Lengths and offsets are bytes in the chunk.
 *
 * @param <T> what the owner wants back when a mutation commits
 */
public final class Pipeline<T> {

    private static final class Step<T> {
        final long serial;
        final long newLength;
        final long touchedFrom;
        final long touchedTo;
        final T token;
        boolean applied;
        boolean acknowledged;

        Step(long serial, long newLength, long touchedFrom, long touchedTo, T token) {
            this.serial = serial;
            this.newLength = newLength;
            this.touchedFrom = touchedFrom;
            this.touchedTo = touchedTo;
            this.token = token;
        }
    }

    private final ArrayDeque<Step<T>> steps = new ArrayDeque<>();
    private long begunSerial;
    private long begunLength;
    private long committedSerial;
    private long committedLength;
    private long overwritingSerial;

    /** Starts empty: everything up to {@code serial} is committed. */
    public Pipeline(long serial, long length) {
        begunSerial = serial;
        begunLength = length;
        committedSerial = serial;
        committedLength = length;
    }

    /** The serial of the newest mutation begun. */
    public long begunSerial() {
        return begunSerial;
    }

    /** The chunk's length once everything begun is committed: where the next append goes. */
    public long begunLength() {
        return begunLength;
    }

    public long committedSerial() {
        return committedSerial;
    }

    public long committedLength() {
        return committedLength;
    }

    public boolean isIdle() {
        return steps.isEmpty();
    }

    /** The newest serial begun here that changed bytes which were there before; 0 for none. */
    public long overwritingSerial() {
        return overwritingSerial;
    }

    /** What waits longest for its commit, or null when nothing does. */
    public @Nullable T oldest() {
        return steps.isEmpty() ? null : steps.peekFirst().token;
    }

    /** The tokens of all that is not committed, in serial order. */
    public List<T> waiting() {
        List<T> tokens = new ArrayList<>(steps.size());
        steps.forEach(step -> tokens.add(step.token));
        return tokens;
    }

    /** Begins the next serial, which changes bytes {@code [touchedFrom, touchedTo)} and leaves {@code newLength}. */
    public void begin(long serial, long newLength, long touchedFrom, long touchedTo, T token) {
        Invariant.check(serial == begunSerial + 1, "serial %d begun after %d", serial, begunSerial);
        Invariant.check(touchedFrom <= touchedTo, "touched range %d..%d", touchedFrom, touchedTo);
        steps.addLast(new Step<>(serial, newLength, touchedFrom, touchedTo, token));
        if (touchedFrom < begunLength) {
            overwritingSerial = serial;
        }
        begunSerial = serial;
        begunLength = newLength;
    }

    /** This replica holds the mutation. */
    public void applied(long serial) {
        find(serial).applied = true;
    }

    /** Every member behind this one holds the mutation. */
    public void acknowledged(long serial) {
        find(serial).acknowledged = true;
    }

    /** Commits, in serial order, all that is applied here and acknowledged behind; returns their tokens. */
    public List<T> commitReady() {
        List<T> committed = new ArrayList<>();
        while (!steps.isEmpty() && steps.peekFirst().applied && steps.peekFirst().acknowledged) {
            committed.add(commitFirst());
        }
        return committed;
    }

    /** The primary says that everything up to {@code serial} is committed. */
    public void committedThrough(long serial) {
        while (!steps.isEmpty() && steps.peekFirst().serial <= serial) {
            commitFirst();
        }
    }

    /** Gives up all that is not committed, because the version ended; returns the tokens in serial order. */
    public List<T> abandon() {
        List<T> abandoned = new ArrayList<>();
        steps.forEach(step -> abandoned.add(step.token));
        steps.clear();
        return abandoned;
    }

    /** The newest uncommitted serial that touches {@code [from, to)}; 0 when a reader may have those bytes now. */
    public long dirtySerial(long from, long to) {
        Iterator<Step<T>> newestFirst = steps.descendingIterator();
        while (newestFirst.hasNext()) {
            Step<T> step = newestFirst.next();
            if (step.touchedFrom < to && from < step.touchedTo) {
                return step.serial;
            }
        }
        return 0;
    }

    private T commitFirst() {
        Step<T> step = steps.removeFirst();
        committedSerial = step.serial;
        committedLength = step.newLength;
        return step.token;
    }

    private Step<T> find(long serial) {
        for (Step<T> step : steps) {
            if (step.serial == serial) {
                return step;
            }
        }
        throw Invariant.unreachable("serial %d is not in the pipeline (begun %d)", serial, begunSerial);
    }
}
