package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void a_file_for_the_results_that_cannot_be_written_is_found_before_anything_starts(@TempDir Path directory) {
        String file = directory.resolve("none/b.json").toString();
        assertThat(console.run("bench", "--quick", "--json", file, "write-1")).isEqualTo(1);
        assertThat(console.err()).contains(file);
        assertThat(console.out()).isEmpty();
        assertThat(console.run("bench", "--quick", "--json", "b", "--chart", "./b", "write-1"))
                .isEqualTo(2);
        assertThat(console.err()).contains("name the same file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--runs 0", "--warmups -1", "--seconds 0", "--bytes 1M", "--runs many", "--chart"})
    void a_bench_that_measures_nothing_is_wrong_usage(String options) {
        assertThat(console.run(("bench write-1 " + options).split(" "))).isEqualTo(2);
        assertThat(console.err()).contains(options.split(" ")[0]);
    }
}
