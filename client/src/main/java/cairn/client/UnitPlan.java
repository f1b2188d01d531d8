package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.Retry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of one producer's mutations through lost connections, new versions and full chunks (docs/decisions/0001).
 * Decides what is sent next and what an answer means; sends nothing itself. Pure; not thread-safe.
 *
 * <p>The units stand in the order of their sequences. At any time, at the present place: first those SENT (some answered
 * out of order: DONE), then those UNSURE, then those WAITING. The rules:
 *
 * <ul>
 *   <li>A unit is sent only when all before it are sent, so that each can name its predecessor.
 *   <li>One that was refused for order, damage or load stops the sending; when all answers are here, it begins again
 *       with the first unanswered unit.
 *   <li>A lost connection or a version that is over makes what was SENT UNSURE and asks for a place. UNSURE units go to
 *       the same chunk again, first.
 *   <li>SEALED makes a unit REFUSED, and all behind it that are not applied. Only when no unit is UNSURE, REFUSED ones
 *       become WAITING and go to another place. But if UNSURE ones find the chunk open again, because somebody opened it
 *       meanwhile, REFUSED ones are sent there behind them: nothing is REFUSED while units are STREAMING.
 * </ul>
 */
final class UnitPlan {

    /** What the plan waits for. */
    enum Phase {
        /** A place, when there are units. */
        PLACELESS,
        /** Nothing: units are sent as they come. */
        STREAMING,
        /** The answers of what is SENT; nothing more is sent before. */
        DRAINING,
        /** The chunk is sealed, and only UNSURE units are sent, to learn what became of them. */
        ASKING,
        /** For ever. */
        FAILED
    }

    private final ArrayDeque<Unit> units = new ArrayDeque<>();
    private final long bytesMax;
    private Phase phase = Phase.PLACELESS;
    private long lastSequence;
    private int epoch;
    private int sent;
    private long sentBytes;
    private long bytes;
    private boolean paused;
    private @Nullable CairnException problem;
    private boolean broken;

    UnitPlan(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds a mutation behind all others. */
    void add(Unit unit) {
        unit.sequence = ++lastSequence;
        units.addLast(unit);
        bytes += unit.bytes();
    }

    Phase phase() {
        return phase;
    }

    boolean isEmpty() {
        return units.isEmpty();
    }

    /** Units without an answer. */
    int size() {
        return units.size();
    }

    /** Bytes of units without an answer. */
    long bytes() {
        return bytes;
    }

    /** Which place answers belong to: those of an earlier one mean nothing. */
    int epoch() {
        return epoch;
    }

    boolean needsPlace() {
        return phase == Phase.PLACELESS && !units.isEmpty();
    }

    /** Some unit may have been applied at the last place: the next place is the same chunk. */
    boolean unsure() {
        return has(Unit.State.UNSURE);
    }

    /** The last place did not work, rather than being full. */
    boolean broken() {
        return broken;
    }

    /** What went wrong last; null when nothing did. */
    @Nullable
    CairnException problem() {
        return problem;
    }

    /** Whether a pause is due before the next attempt; asking takes it away. */
    boolean takePause() {
        boolean due = paused;
        paused = false;
        return due;
    }

    /** All answers up to this sequence are here. */
    long acknowledged() {
        Unit first = units.peekFirst();
        return first == null ? lastSequence : first.sequence - 1;
    }

    /** A place was found; {@code asking} when its chunk is sealed. */
    void placed(boolean asking) {
        epoch++;
        broken = false;
        phase = asking ? Phase.ASKING : Phase.STREAMING;
        if (!asking) {
            sendRefusedAgain(); // no seal is left that they could wait for
        }
        settle();
    }

    /** The chunk of the last place is gone with all in it: what was not answered there is as if never sent. */
    void gone() {
        for (Unit unit : units) {
            if (unit.state == Unit.State.UNSURE) {
                unit.state = Unit.State.REFUSED;
            }
        }
        advance();
    }

    /** Leaves the place, which is full; only when every unit is answered. */
    void leave() {
        phase = Phase.PLACELESS;
        epoch++;
        broken = false;
    }

    /** The next unit to be sent now, which is SENT from here on; null when there is none. */
    @Nullable
    Unit next(long nowNanos) {
        if (phase != Phase.STREAMING && phase != Phase.ASKING) {
            return null;
        }
        Unit before = null;
        int position = 0;
        for (Unit unit : units) {
            boolean fresh = unit.state == Unit.State.WAITING && phase == Phase.STREAMING;
            boolean sendable = fresh || unit.state == Unit.State.UNSURE;
            if (sendable) {
                return maySend(unit, before, position) ? send(unit, before, nowNanos) : null;
            }
            before = unit;
            position++;
        }
        return null;
    }

    private boolean maySend(Unit unit, @Nullable Unit before, int position) {
        boolean turn = before == null || (!before.alone() && !unit.alone());
        boolean room = sent == 0 || sentBytes + unit.bytes() <= bytesMax;
        return turn && room && position < Limits.PRODUCER_WINDOW;
    }

    private Unit send(Unit unit, @Nullable Unit before, long nowNanos) {
        unit.state = Unit.State.SENT;
        unit.previous = before == null ? 0 : before.sequence;
        unit.sentNanos = nowNanos;
        sent++;
        sentBytes += unit.bytes();
        return unit;
    }

    /** When the unit that waits longest for its answer was sent; {@code Long.MAX_VALUE} when none waits. */
    long oldestSentNanos() {
        for (Unit unit : units) {
            if (unit.state == Unit.State.SENT) {
                return unit.sentNanos;
            }
        }
        return Long.MAX_VALUE;
    }

    /**
     * The unit was applied at {@code fileOffset}.
     *
     * @return the units that are done now and have left, in order
     */
    List<Unit> answered(int answeredEpoch, Unit unit, long fileOffset) {
        if (answeredEpoch != epoch || unit.state != Unit.State.SENT) {
            return List.of();
        }
        unsent(unit, Unit.State.DONE);
        unit.fileOffset = fileOffset;
        List<Unit> done = new ArrayList<>(1);
        for (Unit first = units.peekFirst();
                first != null && first.state == Unit.State.DONE;
                first = units.peekFirst()) {
            units.removeFirst();
            bytes -= first.bytes();
            done.add(first);
        }
        settle();
        return done;
    }

    /** The unit was refused where it was sent. */
    void refused(int refusedEpoch, Unit unit, CairnException why) {
        if (refusedEpoch != epoch || unit.state != Unit.State.SENT) {
            return;
        }
        problem = why;
        ErrorCode code = why.code();
        if (code == ErrorCode.SEALED) {
            unsent(unit, Unit.State.REFUSED);
            stop();
        } else if (code == ErrorCode.OUT_OF_ORDER && unit.previous == 0) {
            fail(new CairnException(
                    ErrorCode.CONFLICT,
                    "the cell does not remember any more whether mutation " + unit.sequence + " was applied",
                    why));
        } else if (code == ErrorCode.OUT_OF_ORDER || code.retry() == Retry.SAME) {
            paused |= code != ErrorCode.OUT_OF_ORDER;
            unsent(unit, Unit.State.UNSURE);
            stop();
        } else if (code.retry() == Retry.NO) {
            fail(why);
        } else {
            lost(refusedEpoch, why);
        }
        settle();
    }

    /** The place does not work any more: its connection broke, it did not answer, or its version is over. */
    void lost(int lostEpoch, CairnException why) {
        if (lostEpoch != epoch || phase == Phase.FAILED || phase == Phase.PLACELESS) {
            return;
        }
        problem = why;
        for (Unit unit : units) {
            if (unit.state == Unit.State.SENT) {
                unsent(unit, Unit.State.UNSURE);
            }
        }
        spreadRefusal();
        broken = true;
        phase = Phase.PLACELESS;
        epoch++;
        if (!unsure()) {
            advance();
        }
    }

    /** No place was found yet, and why. */
    void noPlace(CairnException why) {
        problem = why;
        paused = true;
    }

    /** A place was found, and its server cannot be reached: another one is needed, under a newer version. */
    void unreached(CairnException why) {
        noPlace(why);
        broken = true;
    }

    /** Takes out all units, after a failure. */
    List<Unit> drain() {
        List<Unit> all = new ArrayList<>(units);
        units.clear();
        bytes = 0;
        return all;
    }

    /** Nothing can go on. */
    void fail(CairnException why) {
        problem = why;
        phase = Phase.FAILED;
        epoch++;
    }

    private void stop() {
        if (phase == Phase.STREAMING) {
            phase = Phase.DRAINING;
        }
    }

    /** Decides what follows when every answer is here. */
    private void settle() {
        spreadRefusal();
        if (sent > 0 || (phase != Phase.DRAINING && phase != Phase.ASKING)) {
            return;
        }
        boolean refused = has(Unit.State.REFUSED);
        boolean unsure = unsure();
        if (phase == Phase.ASKING) {
            if (!unsure) {
                advance();
            }
        } else if (!refused) {
            phase = Phase.STREAMING;
        } else if (unsure) {
            phase = Phase.PLACELESS;
            epoch++;
        } else {
            advance();
        }
    }

    /** The chunk is full: what it refused goes to another. */
    private void advance() {
        sendRefusedAgain();
        phase = Phase.PLACELESS;
        epoch++;
    }

    private void sendRefusedAgain() {
        for (Unit unit : units) {
            if (unit.state == Unit.State.REFUSED) {
                unit.state = Unit.State.WAITING;
            }
        }
    }

    /** A chunk applies a producer's units in order: behind one that was refused for good, none is applied. */
    private void spreadRefusal() {
        boolean refused = false;
        for (Unit unit : units) {
            refused |= unit.state == Unit.State.REFUSED;
            if (refused && unit.state == Unit.State.UNSURE) {
                unit.state = Unit.State.REFUSED;
            }
        }
    }

    private void unsent(Unit unit, Unit.State state) {
        unit.state = state;
        sent--;
        sentBytes -= unit.bytes();
    }

    private boolean has(Unit.State state) {
        for (Unit unit : units) {
            if (unit.state == state) {
                return true;
            }
        }
        return false;
    }
}
