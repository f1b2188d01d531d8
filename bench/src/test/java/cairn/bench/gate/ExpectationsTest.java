package cairn.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.bench.gate.Expectations.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExpectationsTest {
    private static final CountKey WRITES = new CountKey("stat-1", "client", Counted.WRITES);
    private static final CountKey ALLOCATED = new CountKey("stat-1", "servers", Counted.ALLOCATED);
    private static final String FILE = """
            # a comment
            stat-1 client  writes     1.000  10%
            stat-1 servers allocated  2000   20%
            """;

    @Test
    void only_more_than_the_tolerance_fails_and_less_is_said() {
        assertThat(verdict(WRITES, 1.1)).isEqualTo(Verdict.AS_WRITTEN);
        assertThat(verdict(WRITES, 1.11)).isEqualTo(Verdict.WORSE);
        assertThat(verdict(WRITES, 0.5)).isEqualTo(Verdict.BETTER);
        assertThat(verdict(ALLOCATED, 2390)).isEqualTo(Verdict.AS_WRITTEN);
        assertThat(verdict(ALLOCATED, 2410)).isEqualTo(Verdict.WORSE);
        assertThat(Verdict.WORSE.fails()).isTrue();
        assertThat(Verdict.BETTER.fails()).isFalse();
    }

    @Test
    void of_what_hardly_happens_a_little_more_is_no_regression() {
        Expectations rare = Expectations.parse("stat-1 client writes 0.010 10%");
        assertThat(rare.compare(Map.of(WRITES, 0.05)).get(0).verdict()).isEqualTo(Verdict.AS_WRITTEN);
        assertThat(rare.compare(Map.of(WRITES, 0.07)).get(0).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void a_count_that_is_not_written_down_fails_and_so_does_one_that_is_gone() {
        List<Verdict> verdicts =
                Expectations.parse(FILE)
                        .compare(Map.of(WRITES, 1.0, new CountKey("stat-1", "client", Counted.READS), 1.0))
                        .stream()
                        .map(Expectations.Row::verdict)
                        .toList();
        assertThat(verdicts).containsExactly(Verdict.NEW, Verdict.AS_WRITTEN, Verdict.GONE);
        assertThat(verdicts).filteredOn(Verdict::fails).hasSize(2);
    }

    @Test
    void what_is_accepted_is_what_is_expected_next_with_the_tolerance_that_was_written() {
        Expectations next = Expectations.parse(Expectations.parse(FILE)
                .accept(Map.of(WRITES, 3.0, ALLOCATED, 1000.0))
                .text());
        assertThat(next.compare(Map.of(WRITES, 3.0, ALLOCATED, 1190.0)))
                .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.AS_WRITTEN));
    }

    @Test
    void small_steps_are_not_accepted_one_by_one_so_that_they_add_up() {
        Expectations written = Expectations.parse(FILE);
        for (double seen = 1.0; seen < 1.1; seen += 0.02) {
            written = written.accept(Map.of(WRITES, seen));
        }
        assertThat(written.compare(Map.of(WRITES, 1.12)).get(0).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void a_line_that_says_something_else_is_refused() {
        assertThatThrownBy(() -> Expectations.parse("stat-1 client writes 1")).hasMessageContaining("stat-1 client");
        assertThatThrownBy(() -> Expectations.parse("stat-1 client sighs 1 10%"))
                .hasMessageContaining("sighs");
    }

    private static Verdict verdict(CountKey key, double seen) {
        return Expectations.parse(FILE).compare(Map.of(key, seen)).stream()
                .filter(row -> row.key().equals(key))
                .findFirst()
                .orElseThrow()
                .verdict();
    }
}
