package cairn.attack.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.attack.load.JobPlan.Kind;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge of real histories finds what the cell must never do. */
final class AppendedJudgeTest {

    private static final String APPENDS = """
            c 1 10 append 0 1 0 0 20
            a 1 20 ok 0
            c 2 30 append 0 1 1 7 10,15
            a 2 40 ok 20
            c 3 50 append 0 1 3 0 30
            """;

    @TempDir
    private Path directory;

    private static byte[] file(int records) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int[] lengths = {20, 10, 15, 30};
        for (int number = 0; number < records; number++) {
            file.writeBytes(new AppendRecord(1, number, lengths[number], number == 1 || number == 2 ? 7 : 0).bytes());
        }
        return file.toByteArray();
    }

    private static String sum(byte[] bytes, int from, int to) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, to - from);
        return Long.toHexString(sum.getValue());
    }

    private AppendedJudge judge(byte[] file, String reads) throws IOException {
        AppendedJudge judge = new AppendedJudge("/f", file);
        judge.add("producer", Histories.tail(directory, Kind.APPEND, APPENDS).take(0));
        judge.add("reader", Histories.tail(directory, Kind.READ, reads).take(0));
        return judge;
    }

    @Test
    void an_unanswered_record_may_be_there_or_not() throws IOException {
        for (int records = 3; records <= 4; records++) {
            AppendedJudge judge = judge(file(records), "");
            judge.run();
            assertThat(judge.found()).isEqualTo(records);
        }
    }

    @Test
    void a_lost_record_is_found() throws IOException {
        AppendedJudge judge = judge(file(1), "");
        assertThatThrownBy(judge::run).isInstanceOf(Violation.class).hasMessageContaining("/f");
    }

    @Test
    void what_a_reader_got_must_be_what_the_file_holds() throws IOException {
        byte[] file = file(3);
        String read = "c 1 60 read 0 5 10\na 1 70 ok 10 ";
        assertThatCode(() -> judge(file, read + sum(file, 5, 15) + "\n").run()).doesNotThrowAnyException();
        byte[] other = file.clone();
        other[7]++;
        assertThatThrownBy(() -> judge(file, read + sum(other, 5, 15) + "\n").run())
                .isInstanceOf(Violation.class)
                .hasMessageContaining("other bytes");
    }

    @Test
    void a_reader_sees_no_less_than_what_was_acknowledged_before_it_asked() throws IOException {
        byte[] file = file(3);
        String old = "c 1 45 read 0 0 100\na 1 55 ok 20 " + sum(file, 0, 20) + "\n";
        assertThatThrownBy(() -> judge(file, old).run())
                .isInstanceOf(Violation.class)
                .hasMessageContaining("not linearizable");
        String early = "c 1 25 read 0 0 100\na 1 55 ok 20 " + sum(file, 0, 20) + "\n";
        assertThatCode(() -> judge(file, early).run()).doesNotThrowAnyException();
    }

    @Test
    void a_follower_sees_no_bytes_behind_the_end_of_the_file() throws IOException {
        byte[] longer = Arrays.copyOf(file(3), 60);
        String read = "c 1 60 follow 0 40\na 1 70 ok 10 " + sum(longer, 40, 50) + "\n";
        assertThatThrownBy(() -> judge(file(3), read).run())
                .isInstanceOf(Violation.class)
                .hasMessageContaining("behind the end");
    }
}
