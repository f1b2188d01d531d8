package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class ExplanationTest {

    @Test
    void what_the_cell_says_is_shown_as_it_is() {
        assertThat(Explanation.of(new CairnException(ErrorCode.NOT_FOUND, "/x: no such file")))
                .isEqualTo("/x: no such file");
        assertThat(Explanation.of(new UncheckedIOException(new CairnException(ErrorCode.NOT_FOUND, "/x: gone"))))
                .isEqualTo("/x: gone");
    }

    @Test
    void local_files_are_named_with_what_is_wrong() {
        assertThat(Explanation.of(new NoSuchFileException("a.txt"))).isEqualTo("a.txt: no such file or directory");
        assertThat(Explanation.of(new AccessDeniedException("a.txt"))).isEqualTo("a.txt: permission denied");
        assertThat(Explanation.of(new FileSystemException("a.txt", null, "No space left on device")))
                .isEqualTo("a.txt: No space left on device; free some space and try again");
    }

    @Test
    void a_mistake_of_ours_says_so() {
        assertThat(Explanation.of(new IllegalStateException("odd"))).contains("odd", "CAIRN_DEBUG=1");
        assertThat(Explanation.of(new IOException())).isNotBlank();
    }
}
