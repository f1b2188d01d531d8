package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchCommandTest {
    private final CapturedConsole console = new CapturedConsole();

    @Test
    void a_system_that_there_is_not_is_refused_before_anything_starts_and_those_that_there_are_are_named() {
        assertThat(console.run("bench", "--quick", "--against", "raw,quux", "write-1"))
                .isEqualTo(2);
        assertThat(console.err()).contains("there is no system 'quux'; there is: raw, hdfs, moosefs");
        assertThat(console.out()).isEmpty();
    }

    @Test
    void what_is_listed_is_what_the_words_stand_for() {
        assertThat(console.run("bench", "--list", "read", "stat-1")).isZero();
        assertThat(console.out()).matches("(read-(net-)?[14] +\\S.*\n){4}stat-1 +\\S.*\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--runs 0", "--warmups -1", "--seconds 0", "--bytes 1M", "--runs many", "--chart"})
    void a_bench_that_measures_nothing_is_wrong_usage(String options) {
        assertThat(console.run(("bench write-1 " + options).split(" "))).isEqualTo(2);
        assertThat(console.err()).isNotEmpty();
    }
}
