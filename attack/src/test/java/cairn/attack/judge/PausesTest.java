package cairn.attack.judge;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.attack.judge.Pauses.Harm;
import cairn.attack.judge.Pauses.Who;
import cairn.attack.load.JobPlan.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PausesTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void a_quantile_is_a_sample_that_so_many_do_not_exceed() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList();
        assertThat(Pauses.quantile(hundred, 0.5)).isEqualTo(50);
        assertThat(Pauses.quantile(hundred, 0.99)).isEqualTo(99);
        assertThat(Pauses.quantile(hundred, 1)).isEqualTo(100);
        assertThat(Pauses.quantile(List.of(7.0), 0.99)).isEqualTo(7);
    }

    private HistoryTail writer() throws IOException {
        return Histories.tail(directory, Kind.APPEND, """
                c 1 0 append 0 1 0 0 10
                a 1 1000000000 ok 0
                c 2 1000000000 append 0 1 1 0 10
                a 2 4000000000 ok 10
                c 3 4000000000 append 0 1 2 0 10
                a 3 4100000000 ok 20
                """);
    }

    @Test
    void the_pause_of_a_writer_around_a_harm_is_reported() throws IOException {
        Pauses pauses = new Pauses();
        pauses.add(List.of(new Harm("kill", true, 2 * SECOND, 4 * SECOND)), List.of(writer()));
        assertThat(pauses.wasAlone("kill")).isTrue();
        assertThat(pauses.p99("kill", Who.WRITERS)).isEqualTo(3.0);
        assertThat(pauses.p99("kill", Who.READERS)).isZero();
        assertThat(pauses.table(at -> at / SECOND + " s")).contains("kill", "writers", "3.000", "from 1 s");
        assertThat(pauses.json()).contains("\"harm\": \"kill\", \"alone\": true, \"times\": 1, \"who\": \"writers\"");
    }

    @Test
    void a_pause_while_another_harm_was_in_effect_is_shown_in_a_row_of_its_own() throws IOException {
        Pauses pauses = new Pauses();
        pauses.add(List.of(new Harm("kill", false, 2 * SECOND, 4 * SECOND)), List.of(writer()));
        assertThat(pauses.wasAlone("kill")).isFalse();
        assertThat(pauses.p99("kill", Who.WRITERS)).isZero();
        assertThat(pauses.table(at -> "")).contains("kill +", "3.000");
        assertThat(pauses.json()).contains("\"alone\": false");
    }

    @Test
    void a_pause_that_goes_on_when_the_next_harm_comes_is_in_one_row_only() throws IOException {
        Pauses pauses = new Pauses();
        pauses.add(
                List.of(new Harm("kill", true, SECOND, 9 * SECOND), new Harm("return", true, 3 * SECOND, 9 * SECOND)),
                List.of(writer()));
        assertThat(pauses.p99("kill", Who.WRITERS)).isEqualTo(3.0);
        assertThat(pauses.p99("return", Who.WRITERS)).isEqualTo(0.1);
    }
}
