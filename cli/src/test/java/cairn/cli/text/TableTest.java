package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.cli.text.Table.Align;
import org.junit.jupiter.api.Test;

final class TableTest {

    @Test
    void columns_are_as_wide_as_their_widest_cell_and_lines_end_without_blanks() {
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT);
        table.row("1", "a", "x").row("1000", "abc", "");
        assertThat(table.take()).isEqualTo("   1  a    x\n1000  abc\n");
    }

    @Test
    void a_later_part_is_never_narrower_than_the_one_before() {
        Table table = new Table(Align.RIGHT, Align.LEFT);
        table.row("1000", "a");
        table.take();
        assertThat(table.row("1", "b").take()).isEqualTo("   1  b\n");
        assertThat(table.take()).isEmpty();
    }

    @Test
    void a_name_with_a_newline_or_an_escape_stays_one_harmless_line() {
        assertThat(Table.oneLine("a\nb\u001b[31mc")).isEqualTo("a\\nb\\x1b[31mc");
        assertThat(Table.oneLine("plain")).isEqualTo("plain");
    }

    @Test
    void a_row_must_fit_the_columns() {
        Table table = new Table(Align.LEFT);
        assertThatThrownBy(() -> table.row("a", "b")).isInstanceOf(IllegalArgumentException.class);
    }
}
