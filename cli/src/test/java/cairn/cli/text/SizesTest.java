package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SizesTest {

    @Test
    void small_sizes_are_digits_and_larger_ones_have_a_unit() {
        assertThat(Sizes.human(0)).isEqualTo("0");
        assertThat(Sizes.human(1023)).isEqualTo("1023");
        assertThat(Sizes.human(1024)).isEqualTo("1.0K");
        assertThat(Sizes.human(1536)).isEqualTo("1.5K");
        assertThat(Sizes.human(64 << 20)).isEqualTo("64M");
        assertThat(Sizes.human(Long.MAX_VALUE)).isEqualTo("8.0E");
    }

    @Test
    void what_rounds_up_to_the_next_unit_is_written_in_it() {
        assertThat(Sizes.human((1 << 20) - 1)).isEqualTo("1.0M");
        assertThat(Sizes.human(10 * 1024 - 1)).isEqualTo("10K");
    }

    @Test
    void sizes_are_read_with_and_without_unit_in_any_case() {
        assertThat(Sizes.parse("4096")).isEqualTo(4096);
        assertThat(Sizes.parse("64k")).isEqualTo(65536);
        assertThat(Sizes.parse("64KiB")).isEqualTo(65536);
        assertThat(Sizes.parse("64MB")).isEqualTo(64 << 20);
        assertThat(Sizes.parse("1.5G")).isEqualTo(3L << 29);
        assertThat(Sizes.parse("10B")).isEqualTo(10);
    }

    @Test
    void an_exact_size_rounds_nothing() {
        for (String text : new String[] {"0", "1000", "1K", "6.25M", "1.5G", "64M", "1T", "1025", "7.125P"}) {
            assertThat(Sizes.exact(Sizes.parse(text))).isEqualTo(text);
        }
        assertThat(Sizes.exact(Sizes.parse("6.3M"))).isEqualTo("6606028");
        assertThat(Sizes.exact(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
    }

    @Test
    void what_is_no_size_is_refused_with_the_text_in_the_message() {
        for (String text :
                new String[] {"", "K", "x", "-1", "1..5", "1X", "1.5", "1.5B", "99999999999999999999", "9999999E", "1e3"
                }) {
            assertThatThrownBy(() -> Sizes.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + text + "'");
        }
    }
}
