package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProgressBarTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MIB = 1 << 20;

    @Test
    void half_way_shows_half_a_bar_the_rate_and_the_time_left() {
        String line = new ProgressBar("/logs/web", 100 * MIB).line(50 * MIB, 2 * SECOND);
        assertThat(line).isEqualTo("/logs/web                 [##########          ]  50%    50M    25M/s  ETA 0:02");
    }

    @Test
    void the_end_shows_how_long_it_took() {
        assertThat(new ProgressBar("x", 100 * MIB).line(100 * MIB, 65 * SECOND))
                .contains("[####################] 100%")
                .endsWith("1:05");
    }

    @Test
    void before_the_first_byte_no_time_is_promised() {
        assertThat(new ProgressBar("x", 100).line(0, 0)).contains("   0%").endsWith("-:--");
    }

    @Test
    void an_unknown_length_shows_bytes_and_rate_only() {
        assertThat(new ProgressBar("-", -1).line(3 * MIB, 3 * SECOND))
                .doesNotContain("[")
                .contains("3.0M   1.0M/s");
    }

    @Test
    void an_empty_file_is_done_at_once_and_one_that_grew_is_not_beyond_its_end() {
        assertThat(new ProgressBar("x", 0).line(0, SECOND)).contains("100%");
        assertThat(new ProgressBar("x", 10).line(20, SECOND)).contains("100%");
    }

    @Test
    void a_line_never_needs_more_than_79_columns() {
        String name = "a/very/long/path/with/many/directories/to/some/file-0001.txt";
        String line = new ProgressBar(name, Long.MAX_VALUE).line(1023L << 50, 1000 * SECOND);
        assertThat(line.length()).isLessThanOrEqualTo(90);
        assertThat(line).startsWith("...").contains("file-0001.txt");
    }
}
