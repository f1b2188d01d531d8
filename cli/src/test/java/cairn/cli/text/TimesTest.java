package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class TimesTest {
    private static final long MOMENT = 1_795_341_680_123L;

    @Test
    void people_get_the_minute_in_their_zone_and_programs_all_of_it() {
        assertThat(Times.minute(0, ZoneOffset.UTC)).isEqualTo("1970-01-01 00:00");
        assertThat(Times.minute(59_999, ZoneId.of("Asia/Tokyo"))).isEqualTo("1970-01-01 09:00");
        assertThat(Times.iso(1, ZoneOffset.UTC)).isEqualTo("1970-01-01T00:00:00.001Z");
        assertThat(Times.iso(MOMENT, ZoneOffset.ofHours(1))).endsWith("+01:00").contains(".123");
    }

    @Test
    void durations_have_two_units_at_most() {
        assertThat(Times.duration(850)).isEqualTo("850 ms");
        assertThat(Times.duration(12_999)).isEqualTo("12 s");
        assertThat(Times.duration(200_000)).isEqualTo("3 min 20 s");
        assertThat(Times.duration(18_720_000)).isEqualTo("5 h 12 min");
        assertThat(Times.duration(273_600_000)).isEqualTo("3 d 4 h");
    }

    @Test
    void a_clock_shows_hours_only_when_there_are_some() {
        assertThat(Times.clock(7)).isEqualTo("0:07");
        assertThat(Times.clock(765)).isEqualTo("12:45");
        assertThat(Times.clock(10_930)).isEqualTo("3:02:10");
    }
}
