package cairn.attack.judge;

import cairn.simulation.check.Operation;
import java.util.List;

/** One call of a history, and its answer when it has come. */
public final class Call {

    private final String kind;
    private final long epoch;
    private final List<String> words;
    private final long invokedAt;
    private long returnedAt = Operation.NEVER;
    private boolean good;
    private List<String> answer = List.of();

    Call(String kind, long epoch, List<String> words, long invokedAt) {
        this.kind = kind;
        this.epoch = epoch;
        this.words = List.copyOf(words);
        this.invokedAt = invokedAt;
    }

    void answered(boolean success, List<String> what, long at) {
        good = success;
        answer = List.copyOf(what);
        returnedAt = at;
    }

    String kind() {
        return kind;
    }

    long epoch() {
        return epoch;
    }

    long invokedAt() {
        return invokedAt;
    }

    /** {@link Operation#NEVER} when there was no answer, good or bad. */
    long returnedAt() {
        return returnedAt;
    }

    boolean isGood() {
        return good;
    }

    boolean isAnswered() {
        return returnedAt != Operation.NEVER;
    }

    /** Word {@code index} after the epoch. */
    String word(int index) {
        return words.get(index);
    }

    long number(int index) {
        return Long.parseLong(words.get(index));
    }

    /** Word {@code index} of the answer. */
    String answer(int index) {
        return answer.get(index);
    }

    long answerNumber(int index) {
        return Long.parseLong(answer.get(index));
    }

    @Override
    public String toString() {
        return "%d-%s %s in epoch %d %s -> %s %s"
                .formatted(
                        invokedAt,
                        isAnswered() ? Long.toString(returnedAt) : "...",
                        kind,
                        epoch,
                        words,
                        isAnswered() ? (good ? "ok" : "error") : "",
                        answer);
    }
}
