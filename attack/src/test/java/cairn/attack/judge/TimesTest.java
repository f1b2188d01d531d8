package cairn.attack.judge;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.attack.judge.Times.Gap;
import cairn.attack.judge.Times.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimesTest {

    private static Times of(long... moments) {
        Times times = new Times();
        for (long moment : moments) {
            times.add(moment);
        }
        return times;
    }

    private static Gap longest(Times times, long from, long until) {
        return times.longestGap(List.of(new Window(from, until)), 0);
    }

    @Test
    void the_longest_gap_is_one_that_has_a_part_in_the_window() {
        Times times = of(0, 50, 60, 70, 100, 101);
        assertThat(longest(times, 65, 100).nanos()).isEqualTo(30);
        assertThat(longest(times, 55, 65).nanos()).isEqualTo(10);
        assertThat(longest(times, 10, 60).nanos()).isEqualTo(50);
    }

    @Test
    void of_the_longest_gap_the_begin_is_known() {
        assertThat(longest(of(0, 10, 40, 50), 5, 60).begin()).isEqualTo(10);
    }

    @Test
    void a_gap_is_of_the_one_window_in_which_the_most_of_it_lies() {
        Times times = of(0, 50, 55, 500, 510);
        List<Window> windows = List.of(new Window(51, 60), new Window(60, 200), new Window(200, 520));
        assertThat(times.longestGap(windows, 0).nanos()).isEqualTo(5);
        assertThat(times.longestGap(windows, 1).nanos()).isZero();
        assertThat(times.longestGap(windows, 2).nanos()).isEqualTo(445);
        assertThat(times.longestGap(windows, 2).begin()).isEqualTo(55);
    }

    @Test
    void of_two_windows_with_as_much_of_a_gap_the_earlier_has_it() {
        List<Window> windows = List.of(new Window(5, 20), new Window(20, 40));
        assertThat(of(10, 30, 31).longestGap(windows, 0).nanos()).isEqualTo(20);
        assertThat(of(10, 30, 31).longestGap(windows, 1).nanos()).isEqualTo(1);
    }

    @Test
    void the_end_of_a_client_is_no_pause() {
        assertThat(longest(of(0, 10), 5, 100).nanos()).isEqualTo(10);
        assertThat(longest(of(0, 10), 15, 100).nanos()).isZero();
    }

    @Test
    void answers_that_changed_places_are_put_in_order() {
        assertThat(longest(of(10, 30, 20, 40), 0, 50).nanos()).isEqualTo(10);
    }

    @Test
    void without_any_moment_there_is_no_gap() {
        assertThat(longest(of(), 0, 100).nanos()).isZero();
    }
}
