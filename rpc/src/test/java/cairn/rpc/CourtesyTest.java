package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CourtesyTest {
    private static final int MANY = 16;

    private final YieldClock clock = new YieldClock();
    private final Courtesy courtesy = new Courtesy(clock);

    /** How many of so many frames let others go first. */
    private int offered(int frames, int leaveTogether) {
        int offered = 0;
        for (int i = 0; i < frames; i++) {
            if (courtesy.offer(() -> MANY, 200)) {
                courtesy.ended(leaveTogether);
                offered++;
            }
        }
        return offered;
    }

    @Test
    void where_many_share_a_connection_each_small_frame_lets_others_come() {
        assertThat(offered(1000, 5)).isEqualTo(1000);
    }

    @Test
    void a_few_calls_and_a_large_frame_go_at_once() {
        assertThat(courtesy.offer(() -> 3, 200)).isFalse();
        assertThat(courtesy.offer(() -> MANY, 64 << 10)).isFalse();
        assertThat(clock.turns).isZero();
    }

    @Test
    void where_nobody_comes_along_it_costs_little() {
        assertThat(offered(1_000_000, 1)).isLessThan(1_000);
    }

    @Test
    void one_who_comes_now_and_then_does_not_keep_it_up() {
        int offered = 0;
        for (int i = 0; i < 100_000; i++) {
            offered += offered(1, i % 16 == 0 ? 2 : 1);
        }
        assertThat(offered).isLessThan(1_000);
    }

    @Test
    void where_others_take_the_core_it_costs_little_and_is_soon_there_again_when_they_have_gone() {
        clock.awayNanos = 5_000_000;
        assertThat(offered(1_000_000, 5)).isBetween(2, 40);
        clock.awayNanos = 20_000;
        assertThat(offered(1_000_000, 5)).isGreaterThan(900_000);
        clock.awayNanos = 300_000_000;
        assertThat(offered(1, 5)).isEqualTo(1);
        clock.awayNanos = 20_000;
        assertThat(offered(1000, 5)).isEqualTo(500);
    }
}
