package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.simulation.check.Linearizability.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {

    /** A register of one number. */
    private record Step(long invokedAt, long returnedAt, boolean write, int value) implements Operation<Integer> {
        @Override
        public List<Integer> step(Integer state) {
            return write ? List.of(value) : state == value ? List.of(state) : List.of();
        }
    }

    private static Step write(int value, long from, long to) {
        return new Step(from, to, true, value);
    }

    private static Step read(int value, long from, long to) {
        return new Step(from, to, false, value);
    }

    private static Verdict judge(Step... steps) {
        return new Linearizability<>(0, List.of(steps)).judge();
    }

    @Test
    void one_after_the_other_is_what_it_says() {
        assertEquals(Verdict.LINEARIZABLE, judge(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7)));
        assertEquals(Verdict.VIOLATED, judge(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)));
    }

    @Test
    void what_overlaps_may_come_in_any_order() {
        assertEquals(Verdict.LINEARIZABLE, judge(write(1, 0, 9), read(0, 1, 2), read(1, 3, 4)));
        assertEquals(Verdict.LINEARIZABLE, judge(write(1, 0, 9), write(2, 1, 8), read(2, 2, 3), read(1, 4, 5)));
    }

    @Test
    void reads_do_not_go_back() {
        assertEquals(Verdict.VIOLATED, judge(write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)));
    }

    @Test
    void what_was_not_answered_may_happen_late_or_never() {
        Step lost = write(1, 0, Operation.NEVER);
        assertEquals(Verdict.LINEARIZABLE, judge(lost, read(0, 1, 2), read(1, 5, 6)));
        assertEquals(Verdict.LINEARIZABLE, judge(lost, read(0, 1, 2), read(0, 5, 6)));
        assertEquals(Verdict.VIOLATED, judge(lost, read(1, 1, 2), read(0, 5, 6)));
    }

    @Test
    void an_operation_may_have_two_ends() {
        Operation<Integer> perhaps = new Operation<>() {
            @Override
            public long invokedAt() {
                return 0;
            }

            @Override
            public long returnedAt() {
                return 3;
            }

            @Override
            public List<Integer> step(Integer state) {
                return List.of(5, state);
            }
        };
        assertEquals(Verdict.LINEARIZABLE, new Linearizability<>(0, List.of(perhaps, read(0, 4, 5))).judge());
        assertEquals(Verdict.LINEARIZABLE, new Linearizability<>(0, List.of(perhaps, read(5, 4, 5))).judge());
        assertEquals(
                Verdict.VIOLATED, new Linearizability<>(0, List.of(perhaps, read(0, 4, 5), read(5, 6, 7))).judge());
    }
}
