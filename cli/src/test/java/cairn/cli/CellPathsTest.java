package cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.model.CairnException;
import cairn.model.FilePath;
import org.junit.jupiter.api.Test;

final class CellPathsTest {

    @Test
    void paths_are_taken_apart_and_put_together() throws CairnException {
        assertThat(CellPaths.parse("//a///b/")).isEqualTo("/a/b");
        assertThat(CellPaths.parent("/a/b")).isEqualTo("/a");
        assertThat(CellPaths.parent("/a")).isEqualTo("/");
        assertThat(CellPaths.name("/a/b")).isEqualTo("b");
        assertThat(CellPaths.child("/", "a")).isEqualTo("/a");
        assertThat(CellPaths.child("/a", "b")).isEqualTo("/a/b");
        assertThat(CellPaths.isWithin("/a/b", "/a")).isTrue();
        assertThat(CellPaths.isWithin("/ab", "/a")).isFalse();
        assertThat(CellPaths.isWithin("/a", "/")).isTrue();
    }

    @Test
    void a_name_from_outside_is_checked() {
        assertThatThrownBy(() -> CellPaths.child("/a", "x".repeat(256))).isInstanceOf(CairnException.class);
        assertThatThrownBy(() -> CellPaths.parse("/a\uFFFD")).hasMessageContaining("UTF-8");
    }

    @Test
    void the_name_of_what_is_not_complete_is_hidden_and_always_a_name() {
        assertThat(CellPaths.partialName("web", 0xbeef)).isEqualTo(".web.cairn-partial-beef");
        for (String name : new String[] {"x".repeat(255), "ü".repeat(127), "🧀".repeat(63)}) {
            String partial = CellPaths.partialName(name, -1);
            assertThat(FilePath.nameFault(partial)).isEmpty();
            assertThat(partial.getBytes(UTF_8).length).isLessThanOrEqualTo(255);
        }
    }
}
