package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.wire.proto.RequestId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers that changed nothing, and so left no record: refusals, and what was so already. A client that has lost its
 * connection sends its request again on another one, and the first copy may arrive after the second was answered: it must
 * not find that the world has changed, and be carried out then. Volatile: a copy cannot outlive the process that its
 * connection leads to. Bounded: the oldest are forgotten first.
 */
final class SettledRequests {
    static final int SETTLED_MAX = 100_000;

    /** Of the words of a refusal: paths may be long. */
    private static final int TEXT_CHARS_MAX = 300;

    private final Map<RequestKey, Answer> answers = new LinkedHashMap<>();

    /**
     * One answer.
     *
     * @param outcome what was so already; null for a refusal
     */
    private record Answer(@Nullable Outcome outcome, ErrorCode refusal, String message) {}

    /** A refusal that the same request would get again if nothing changed; one that invites a retry is not final. */
    void refused(RequestId id, CairnException refusal) {
        if (refusal.code().retry() == Retry.NO) {
            String text = String.valueOf(refusal.getMessage());
            String kept = text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
            put(id, new Answer(null, refusal.code(), kept));
        }
    }

    void unchanged(RequestId id, Outcome outcome) {
        put(id, new Answer(outcome, ErrorCode.INTERNAL, ""));
    }

    private void put(RequestId id, Answer answer) {
        if (id.getSequence() != 0) {
            answers.put(new RequestKey(id.getClient(), id.getSequence()), answer);
            if (answers.size() > SETTLED_MAX) {
                answers.remove(answers.keySet().iterator().next());
            }
        }
    }

    /**
     * What a repeated request was answered, if it changed nothing.
     *
     * @throws CairnException it was refused
     */
    @Nullable
    Outcome find(RequestKey key, Turn.Draft turn) throws CairnException {
        Answer answer = answers.get(key);
        if (answer == null || answer.outcome != null) {
            return answer == null ? null : answer.outcome;
        }
        turn.met(Probe.REFUSED_REQUEST_REPEATED);
        throw new CairnException(answer.refusal, answer.message);
    }
}
