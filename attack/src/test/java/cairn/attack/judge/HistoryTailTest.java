package cairn.attack.judge;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.attack.load.JobPlan.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTailTest {

    @TempDir
    private Path directory;

    @Test
    void a_line_that_is_torn_is_read_when_it_is_whole() throws IOException {
        HistoryTail tail = Histories.tail(directory, Kind.APPEND, "c 1 5 append 0 1 0 0 10\na 1 9 o");
        assertThat(tail.completedCount()).isZero();
        assertThat(tail.waitingSince()).isEqualTo(5);
        Files.writeString(tail.plan().history(), "k\t77\nd\t0\n", StandardOpenOption.APPEND);
        tail.poll();
        assertThat(tail.completedCount()).isEqualTo(1);
        assertThat(tail.waitingSince()).isEqualTo(Long.MAX_VALUE);
        assertThat(tail.lastDone()).isZero();
        assertThat(tail.take(0).getFirst().answerNumber(0)).isEqualTo(77);
    }

    @Test
    void an_error_is_told_once_and_a_later_answer_counts() throws IOException {
        HistoryTail tail = Histories.tail(directory, Kind.APPEND, """
                c 1 5 append 3 1 0 0 10
                a 1 9 error UNREACHABLE late
                a 1 12 ok 0
                """);
        assertThat(tail.takeErrors()).singleElement().asString().contains("UNREACHABLE");
        assertThat(tail.takeErrors()).isEmpty();
        assertThat(tail.take(3).getFirst().isGood()).isTrue();
        assertThat(tail.take(3)).isEmpty();
    }

    @Test
    void a_follower_that_got_nothing_new_has_completed_nothing() throws IOException {
        HistoryTail tail = Histories.tail(directory, Kind.FOLLOW, """
                c 1 5 follow 0 0
                a 1 9 ok 0 0
                c 2 9 follow 0 0
                a 2 10 ok 3 abc
                """);
        assertThat(tail.completedCount()).isEqualTo(1);
    }
}
