package cairn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages that other implementations are written from say what the code does. */
class DocumentationTest {

    @Test
    void errors_md_lists_exactly_the_error_codes() throws IOException {
        List<String> expected = Arrays.stream(ErrorCode.values())
                .map(code -> code.number() + " " + code.name() + " " + code.retry())
                .toList();
        assertThat(rows("errors.md", "^\\| (\\d+) \\| `([A-Z_]+)` \\| `([A-Z_]+)` \\| \\S.*$"))
                .isEqualTo(expected);
    }

    @Test
    void protocol_md_lists_exactly_the_methods() throws IOException {
        List<String> expected = Arrays.stream(Method.values())
                .map(method -> method.number() + " " + method.name())
                .toList();
        assertThat(rows("protocol.md", "^\\| (\\d+) \\| `([A-Z_]+)` \\| \\S.*$"))
                .isEqualTo(expected);
    }

    private static List<String> rows(String page, String row) throws IOException {
        List<String> rows = new ArrayList<>();
        Matcher matcher = Pattern.compile(row, Pattern.MULTILINE)
                .matcher(Files.readString(directory().resolve(page)));
        while (matcher.find()) {
            List<String> cells = new ArrayList<>();
            for (int i = 1; i <= matcher.groupCount(); i++) {
                cells.add(matcher.group(i));
            }
            rows.add(String.join(" ", cells));
        }
        return rows;
    }

    /** Tests run in their module's directory or at the top. */
    private static Path directory() {
        Path here = Path.of("docs");
        return Files.isDirectory(here) ? here : Path.of("..", "docs");
    }
}
