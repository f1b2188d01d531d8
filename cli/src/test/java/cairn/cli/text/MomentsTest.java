package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MomentsTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "0s, 0", "90s, 90000", "30m, 1800000", "12h, 43200000", "3d, 259200000", "7D, 604800000"})
    void a_duration_is_digits_and_a_unit(String text, long millis) {
        assertThat(Moments.duration(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "d", "-d", "1.5h", "3w"})
    void what_is_no_duration_is_told(String text) {
        assertThatThrownBy(() -> Moments.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a time: write digits");
    }

    @Test
    void a_duration_that_nobody_means_is_told_as_what_it_is() {
        assertThatThrownBy(() -> Moments.duration("-3d")).hasMessage("'-3d' is negative");
        for (String text : List.of("36526d", "999999999d", "99999999999999999999d", "9999999999h")) {
            assertThatThrownBy(() -> Moments.duration(text))
                    .hasMessage("'" + text + "' is too long: times end at 36525d, a hundred years");
        }
        assertThat(Moments.duration("36525d")).isEqualTo(36_525L * 86_400_000);
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-02, 172799999",
        "1970-01-01 00:01, 119999",
        "1970-01-01T00:01, 119999",
        "1970-01-01 00:01:00, 60999",
        "1970-01-01T01:00:00.5+01:00, 500"
    })
    void a_moment_is_the_end_of_what_was_written(String text, long millis) {
        assertThat(Moments.endOf(text, ZoneOffset.UTC)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "10:01", "2026-13-01", "2026-11-22 10:01:61"})
    void what_is_no_moment_is_told(String text) {
        assertThatThrownBy(() -> Moments.endOf(text, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a time: write it as");
    }

    @Test
    void a_moment_is_shown_with_its_seconds() {
        assertThat(Moments.second(60_000, ZoneOffset.UTC)).isEqualTo("1970-01-01 00:01:00");
        assertThat(Moments.second(61_999, ZoneId.of("Europe/Berlin"))).isEqualTo("1970-01-01 01:01:01");
    }
}
