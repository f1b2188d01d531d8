package cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineRecordsTest {

    @Test
    void each_line_is_a_record_with_its_newline() throws IOException {
        assertThat(records("a\n\nbc\n")).containsExactly("a\n", "\n", "bc\n");
    }

    @Test
    void what_follows_the_last_newline_is_a_record_too() throws IOException {
        assertThat(records("a\nb")).containsExactly("a\n", "b");
        assertThat(records("")).isEmpty();
    }

    @Test
    void bytes_that_are_no_text_pass_as_they_are() throws IOException {
        byte[] bytes = {0, (byte) 0xff, '\n', (byte) 0x80};
        LineRecords records = new LineRecords(new ByteArrayInputStream(bytes), 100);
        assertThat(bytes(records.next())).isEqualTo(new byte[] {0, (byte) 0xff, 10});
        assertThat(bytes(records.next())).isEqualTo(new byte[] {(byte) 0x80});
        assertThat(records.next()).isNull();
    }

    @Test
    void lines_longer_than_the_buffer_come_out_whole_wherever_reads_end() throws IOException {
        String line = "x".repeat(700_000) + "\n";
        String text = "short\n" + line + "y\n" + line + "end";
        LineRecords records = new LineRecords(slow(text, 7777), 1 << 20);
        assertThat(all(records)).containsExactly("short\n", line, "y\n", line, "end");
    }

    @Test
    void a_line_over_the_limit_is_refused_and_those_before_it_are_not() throws IOException {
        LineRecords records = new LineRecords(slow("ab\nabcdef\n", 3), 4);
        assertThat(records.next()).isNotNull();
        assertThatThrownBy(records::next).isInstanceOf(Failure.class).hasMessageContaining("longer than 4 bytes");
    }

    @Test
    void a_line_of_exactly_the_limit_passes() throws IOException {
        assertThat(all(new LineRecords(slow("abc\nabcd", 100), 4))).containsExactly("abc\n", "abcd");
    }

    private static List<String> records(String text) throws IOException {
        return all(new LineRecords(slow(text, 1), 100));
    }

    private static List<String> all(LineRecords records) throws IOException {
        List<String> all = new ArrayList<>();
        ByteBuffer record = records.next();
        while (record != null) {
            all.add(UTF_8.decode(record).toString());
            record = records.next();
        }
        return all;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** A stream that gives at most {@code pieceBytes} at a time, as a pipe does. */
    private static InputStream slow(String text, int pieceBytes) {
        return new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int start, int count) {
                return super.read(into, start, Math.min(count, pieceBytes));
            }
        };
    }
}
