package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LingeringTest {
    private static final int MANY = 16;

    private final YieldClock clock = new YieldClock();
    private int calls = MANY;
    private long deadlineNanos = 1_000_000_000;
    private final Lingering lingering = new Lingering(clock, () -> calls);

    /** How often others were let run by so many calls that are answered after so many turns. */
    private int turns(int callers, int answeredAfter) {
        int before = clock.turns;
        for (int i = 0; i < callers; i++) {
            int begun = clock.turns;
            lingering.linger(() -> clock.turns - begun >= answeredAfter, clock.nanos + deadlineNanos);
        }
        return clock.turns - before;
    }

    @Test
    void others_run_until_the_answer_is_there_but_not_for_ever() {
        assertThat(turns(1_000, 2)).isEqualTo(2_000);
        assertThat(turns(1_000, 1_000)).isEqualTo(5_000);
    }

    @Test
    void an_answer_that_is_there_is_taken_at_once() {
        assertThat(turns(1_000, 0)).isZero();
    }

    @Test
    void nobody_lets_others_run_beyond_the_deadline() {
        deadlineNanos = 50_000;
        assertThat(turns(1, 1_000)).isEqualTo(3);
    }

    @Test
    void where_few_calls_are_unanswered_nobody_is_let_run() {
        calls = 3;
        assertThat(turns(1_000, 2)).isZero();
    }

    @Test
    void where_others_take_the_core_callers_sleep_at_once_for_a_while() {
        clock.awayNanos = 3_000_000;
        assertThat(turns(1_000, 2)).isEqualTo(1);
        clock.sleep(99_000_000);
        assertThat(turns(1_000, 2)).isZero();
        clock.sleep(2_000_000);
        clock.awayNanos = 20_000;
        assertThat(turns(1_000, 2)).isEqualTo(2_000);
    }
}
