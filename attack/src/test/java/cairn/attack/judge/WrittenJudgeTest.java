package cairn.attack.judge;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.attack.load.JobPlan.Kind;
import cairn.simulation.check.FileOp;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WrittenJudgeTest {

    private static final int CHUNK = 1024;

    @TempDir
    private Path directory;

    private static byte[] bytes(int number, int offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = FileOp.byteOf(number, offset + i);
        }
        return bytes;
    }

    private void judge(String writes, String reads) throws IOException {
        WrittenJudge judge = new WrittenJudge("/f", CHUNK);
        judge.add("writer", Histories.tail(directory, Kind.WRITE, writes).take(0));
        judge.add("reader", Histories.tail(directory, Kind.INSPECT, reads).take(0));
        judge.run();
    }

    private static String read(int from, int until, byte[] got) {
        return "c 1 %d read 0 0 8\na 1 %d ok %s\n"
                .formatted(from, until, Base64.getEncoder().encodeToString(got));
    }

    @Test
    void a_stale_read_is_found() {
        String writes = """
                c 1 10 write 0 101 0 8
                a 1 20 ok
                c 2 30 write 0 102 0 8
                a 2 40 ok
                """;
        assertThatCode(() -> judge(writes, read(50, 60, bytes(102, 0, 8)))).doesNotThrowAnyException();
        assertThatCode(() -> judge(writes, read(35, 60, bytes(101, 0, 8)))).doesNotThrowAnyException();
        assertThatThrownBy(() -> judge(writes, read(50, 60, bytes(101, 0, 8)))).isInstanceOf(Violation.class);
    }

    @Test
    void bytes_that_nobody_wrote_are_found() {
        String writes = "c 1 10 write 0 101 0 8\na 1 20 ok\n";
        assertThatThrownBy(() -> judge(writes, read(30, 40, bytes(77, 0, 8))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("no write");
    }

    @Test
    void a_failed_write_may_show_until_the_next_one_is_acknowledged() {
        String writes = """
                c 1 10 write 0 101 0 8
                a 1 20 ok
                c 2 30 write 0 102 0 8
                a 2 40 error UNREACHABLE late
                """;
        assertThatCode(() -> judge(writes, read(90, 95, bytes(102, 0, 8)))).doesNotThrowAnyException();
        assertThatCode(() -> judge(writes, read(90, 95, bytes(101, 0, 8)))).doesNotThrowAnyException();
    }
}
