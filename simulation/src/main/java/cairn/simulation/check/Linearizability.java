package cairn.simulation.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a history has an order in which every operation takes place at one moment between its call and its return:
 * the search of Wing and Gong (1993), which tries the operations that may come next, with Lowe's memory (2016) of which
 * sets of operations in which states led nowhere.
 *
 * <p>Exponential at worst, so bounded: a search that is given up proves nothing and is counted as such.
 *
 * @param <S> state of the object; immutable, with equals and hashCode by value
 */
public final class Linearizability<S> {

    private static final int REMEMBERED_MAX = 200_000;

    /** What the search found. */
    public enum Verdict {
        LINEARIZABLE,
        VIOLATED,
        GIVEN_UP
    }

    /** An end of an operation in time; a list of them is linked so that an operation can be taken out and put back. */
    private static final class Event {
        private final int operation;
        private final boolean call;
        private @Nullable Event other;
        private @Nullable Event before;
        private @Nullable Event next;

        Event(int operation, boolean call) {
            this.operation = operation;
            this.call = call;
        }

        void takeOut() {
            if (before != null) {
                before.next = next;
            }
            if (next != null) {
                next.before = before;
            }
        }

        void putBack() {
            if (before != null) {
                before.next = this;
            }
            if (next != null) {
                next.before = this;
            }
        }
    }

    /** A choice made: {@code event}'s operation took place in {@code from} and led to the {@code chosen} one of {@code to}. */
    private record Choice<S>(Event event, S from, List<S> to, int chosen) {}

    private record Visited<S>(BitSet done, S state) {}

    private final List<? extends Operation<S>> operations;
    private final Event head = new Event(-1, true);
    private final Deque<Choice<S>> choices = new ArrayDeque<>();
    private final Set<Visited<S>> visited = new HashSet<>(); // asked, never iterated
    private final BitSet done = new BitSet();
    private S state;
    private int open;
    private int deepest = -1;
    private String stuck = "";

    public Linearizability(S initial, List<? extends Operation<S>> history) {
        this.state = initial;
        this.operations = history;
        linkEvents();
    }

    private void linkEvents() {
        record Moment(long at, boolean call, Event event) {}
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation<S> operation = operations.get(i);
            Event call = new Event(i, true);
            moments.add(new Moment(operation.invokedAt(), true, call));
            if (operation.returnedAt() != Operation.NEVER) {
                Event end = new Event(i, false);
                call.other = end;
                moments.add(new Moment(operation.returnedAt(), false, end));
                open++;
            }
        }
        moments.sort(Comparator.comparingLong(Moment::at).thenComparing(Moment::call));
        Event last = head;
        for (Moment moment : moments) {
            last.next = moment.event;
            moment.event.before = last;
            last = moment.event;
        }
    }

    public Verdict judge() {
        Event at = head.next;
        while (open > 0) {
            if (visited.size() > REMEMBERED_MAX) {
                return Verdict.GIVEN_UP;
            }
            if (at != null && at.call) {
                at = choose(at, operations.get(at.operation).step(state), 0) ? head.next : at.next;
            } else {
                note(at);
                Choice<S> last = choices.pollLast();
                if (last == null) {
                    return Verdict.VIOLATED;
                }
                undo(last);
                at = choose(last.event, last.to, last.chosen + 1) ? head.next : last.event.next;
            }
        }
        return Verdict.LINEARIZABLE;
    }

    /** Lets the operation take place now, in the first way from {@code first} on that leads to something new. */
    private boolean choose(Event event, List<S> ways, int first) {
        done.set(event.operation);
        for (int way = first; way < ways.size(); way++) {
            if (visited.add(new Visited<>((BitSet) done.clone(), ways.get(way)))) {
                choices.addLast(new Choice<>(event, state, ways, way));
                state = ways.get(way);
                event.takeOut();
                if (event.other != null) {
                    event.other.takeOut();
                    open--;
                }
                return true;
            }
        }
        done.clear(event.operation);
        return false;
    }

    private void undo(Choice<S> choice) {
        Event event = choice.event;
        if (event.other != null) {
            event.other.putBack();
            open++;
        }
        event.putBack();
        done.clear(event.operation);
        state = choice.from;
    }

    private void note(@Nullable Event at) {
        if (choices.size() > deepest) {
            deepest = choices.size();
            String blocked = at == null ? "" : operations.get(at.operation).toString();
            String last = choices.isEmpty()
                    ? "nothing"
                    : operations.get(choices.getLast().event.operation).toString();
            stuck = "no place for: %s%n    after %d operations, the last of them: %s%n    in state: %s"
                    .formatted(blocked, deepest, last, state);
        }
    }

    /** Where the search that came furthest got stuck. */
    public String stuck() {
        return stuck;
    }

    /** The operations around the one that found no place, for people. */
    public String history(int most) {
        Object[] lines = operations.stream().map(Object::toString).limit(most).toArray();
        return String.join(System.lineSeparator(), Arrays.copyOf(lines, lines.length, String[].class));
    }
}
