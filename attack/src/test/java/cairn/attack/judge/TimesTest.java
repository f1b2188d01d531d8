package cairn.attack.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TimesTest {

    private static Times of(long... moments) {
        Times times = new Times();
        for (long moment : moments) {
            times.add(moment);
        }
        return times;
    }

    @Test
    void the_longest_gap_is_one_that_has_a_part_in_the_window() {
        Times times = of(0, 50, 60, 70, 100, 101);
        assertThat(times.longestGap(65, 100).nanos()).isEqualTo(30);
        assertThat(times.longestGap(55, 65).nanos()).isEqualTo(10);
        assertThat(times.longestGap(10, 60).nanos()).isEqualTo(50);
    }

    @Test
    void of_the_longest_gap_the_begin_is_known() {
        assertThat(of(0, 10, 40, 50).longestGap(5, 60).begin()).isEqualTo(10);
    }

    @Test
    void what_is_behind_the_window_is_the_doing_of_another_harm() {
        assertThat(of(0, 50, 55, 500).longestGap(51, 60).nanos()).isEqualTo(5);
    }

    @Test
    void the_end_of_a_client_is_no_pause() {
        assertThat(of(0, 10).longestGap(5, 100).nanos()).isEqualTo(10);
        assertThat(of(0, 10).longestGap(15, 100).nanos()).isZero();
    }

    @Test
    void answers_that_changed_places_are_put_in_order() {
        assertThat(of(10, 30, 20, 40).longestGap(0, 50).nanos()).isEqualTo(10);
    }

    @Test
    void without_any_moment_there_is_no_gap() {
        assertThat(of().longestGap(0, 100).nanos()).isZero();
    }
}
