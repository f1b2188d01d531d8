package cairn.attack.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {

    @TempDir
    private Path directory;

    @Test
    void a_call_is_in_the_file_before_it_is_made() throws IOException {
        Path file = directory.resolve("history");
        try (History history = new History(file)) {
            long id = history.call("read", 3, 10, 20);
            assertThat(Files.readString(file)).matches("c\t1\t\\d+\tread\t3\t10\t20\n");
            history.ok(id, 5, "abc");
            long second = history.call("length", 3);
            history.error(second, "UNREACHABLE", "two\nlines");
            history.done(3);
            assertThat(Files.readString(file).replaceAll("\t\\d{6,}\t", "\tNANOS\t"))
                    .isEqualTo("""
                    c	1	NANOS	read	3	10	20
                    a	1	NANOS	ok	5	abc
                    c	2	NANOS	length	3
                    a	2	NANOS	error	UNREACHABLE	two lines
                    d	3
                    """);
        }
    }
}
