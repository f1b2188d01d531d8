package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.wire.Method;
import cairn.wire.proto.RequestId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests were answered, so that a copy of one is never carried out again: those that changed something from the log,
 * others from memory ({@link SettledRequests}). A client repeats a request when its connection breaks, and any copy may arrive
 * late, when the world has changed since.
 */
final class RequestBook {
    private static final FileId NO_FILE = new FileId(0);

    private final MasterImage image;
    private final boolean remembers;
    private final SettledRequests settled = new SettledRequests();

    RequestBook(MasterImage image, MasterSettings settings) {
        this.image = image;
        this.remembers = settings.keeps(Rule.REQUEST_ONCE);
    }

    /**
     * What the request was answered before; null when it is new.
     *
     * @throws CairnException it was refused, or was another call
     */
    @Nullable
    Outcome before(RequestId id, Method method, Turn.Draft turn) throws CairnException {
        if (id.getSequence() == 0) {
            return null;
        }
        Outcome outcome = image.remembered(key(id));
        turn.metIf(outcome != null, Probe.REQUEST_REPEATED);
        if (outcome == null) {
            outcome = settled.find(key(id), turn);
            turn.metIf(outcome != null, Probe.IDLE_REQUEST_REPEATED);
        }
        if (outcome == null || !remembers) {
            return null;
        }
        if (outcome.method() != method.number()) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "request " + key(id) + " was another call before");
        }
        return outcome;
    }

    /** The request changed what this turn logs. */
    void remember(RequestId id, Outcome outcome, Turn.Draft turn) {
        if (id.getSequence() != 0) {
            turn.log(new MasterRecord.RequestRemembered(key(id), outcome));
        }
    }

    /** What was asked for was so already. */
    void unchanged(RequestId id, Outcome outcome) {
        settled.unchanged(id, outcome);
    }

    /** The request was refused: so will be every copy of it. */
    void refused(RequestId id, CairnException refusal) {
        settled.refused(id, refusal);
    }

    /** A call about the cell, not about a file, was answered; with {@code changed}, it changed what this turn logs. */
    void done(RequestId id, Method method, boolean changed, Turn.Draft turn) {
        Outcome outcome = new Outcome(method.number(), NO_FILE, "", List.of());
        if (changed) {
            remember(id, outcome, turn);
        } else {
            unchanged(id, outcome);
        }
    }

    private static RequestKey key(RequestId id) {
        return new RequestKey(id.getClient(), id.getSequence());
    }
}
