package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ModesTest {

    @Test
    void bits_are_shown_as_ls_shows_them() {
        assertThat(Modes.letters(0755)).isEqualTo("rwxr-xr-x");
        assertThat(Modes.letters(01777)).isEqualTo("rwxrwxrwt");
        assertThat(Modes.letters(01640)).isEqualTo("rw-r----T");
        assertThat(Modes.octal(0644)).isEqualTo("644");
        assertThat(Modes.octal(01777)).isEqualTo("1777");
        assertThat(Modes.octal(0)).isEqualTo("000");
    }

    @Test
    void octal_replaces_all_bits() {
        assertThat(Modes.changed(0777, "640", false)).isEqualTo(0640);
        assertThat(Modes.changed(0, "1777", true)).isEqualTo(01777);
    }

    @Test
    void letters_change_the_bits_they_name() {
        assertThat(Modes.changed(0644, "u+x", false)).isEqualTo(0744);
        assertThat(Modes.changed(0777, "go-w", false)).isEqualTo(0755);
        assertThat(Modes.changed(0777, "o=", false)).isEqualTo(0770);
        assertThat(Modes.changed(0600, "a+r,u-w", false)).isEqualTo(0444);
        assertThat(Modes.changed(0755, "+t", true)).isEqualTo(01755);
        assertThat(Modes.changed(0640, "g=rw-r", false)).isEqualTo(0620);
    }

    @Test
    void a_capital_x_is_for_directories_and_for_what_somebody_may_execute() {
        assertThat(Modes.changed(0644, "a+X", true)).isEqualTo(0755);
        assertThat(Modes.changed(0644, "a+X", false)).isEqualTo(0644);
        assertThat(Modes.changed(0744, "a+X", false)).isEqualTo(0755);
    }

    @Test
    void what_is_no_mode_is_refused() {
        for (String text : new String[] {"", "9", "888", "u", "u+q", "rwx", "2755", "u+x,"}) {
            assertThatThrownBy(() -> Modes.changed(0, text, false))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
