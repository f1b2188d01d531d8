package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GlobTest {

    @Test
    void stars_and_question_marks_stand_for_any_letters() {
        assertThat(new Glob("*.gz").matches("a.b.gz")).isTrue();
        assertThat(new Glob("*.gz").matches("a.gzip")).isFalse();
        assertThat(new Glob("part-?").matches("part-7")).isTrue();
        assertThat(new Glob("part-?").matches("part-17")).isFalse();
        assertThat(new Glob("*").matches("a\nb")).isTrue();
        assertThat(new Glob("**a**").matches("bab")).isTrue();
    }

    @Test
    void sets_hold_letters_and_ranges_or_all_others() {
        assertThat(new Glob("[a-c]x").matches("bx")).isTrue();
        assertThat(new Glob("[a-c]x").matches("dx")).isFalse();
        assertThat(new Glob("[!a-c]x").matches("dx")).isTrue();
        assertThat(new Glob("[^a]").matches("a")).isFalse();
        assertThat(new Glob("[]a]").matches("]")).isTrue();
        assertThat(new Glob("[a-]").matches("-")).isTrue();
        assertThat(new Glob("[.&&b]").matches("&")).isTrue();
    }

    @Test
    void everything_else_stands_for_itself() {
        assertThat(new Glob("a.b+(c)$").matches("a.b+(c)$")).isTrue();
        assertThat(new Glob("a.b").matches("axb")).isFalse();
        assertThat(new Glob("\\*").matches("*")).isTrue();
        assertThat(new Glob("\\*").matches("x")).isFalse();
        assertThat(new Glob("[abc").matches("[abc")).isTrue();
        assertThat(new Glob("\\").matches("\\")).isTrue();
        assertThat(new Glob("").matches("")).isTrue();
    }
}
