package cairn.bench.gate;

import static cairn.bench.gate.Judgement.Verdict.FINE;
import static cairn.bench.gate.Judgement.Verdict.UNDECIDED;
import static cairn.bench.gate.Judgement.Verdict.WORSE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JudgementTest {
    @Test
    void a_tenth_more_in_all_pairs_of_two_starts_is_a_regression_and_of_one_start_is_not_yet() {
        List<Double> ratios = List.of(1.12, 1.2, 1.15, 1.11, 1.3);
        assertThat(Judgement.of(ratios, 1).verdict()).isEqualTo(UNDECIDED);
        assertThat(Judgement.of(ratios, 2).verdict()).isEqualTo(WORSE);
    }

    @Test
    void noise_around_the_same_cost_is_not_decided_until_there_are_enough_pairs() {
        List<Double> loud = List.of(0.8, 1.25, 1.0, 0.95, 1.05);
        assertThat(Judgement.of(loud, 4).verdict()).isEqualTo(UNDECIDED);
        List<Double> more = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            more.addAll(loud);
        }
        assertThat(Judgement.of(more, 4).verdict()).isEqualTo(FINE);
    }

    @Test
    void too_few_pairs_say_nothing_however_well_they_agree() {
        assertThat(Judgement.of(List.of(1.0, 1.0, 1.0, 1.0), 2).verdict()).isEqualTo(UNDECIDED);
        assertThat(Judgement.of(List.of(1.0, 1.0, 1.0, 1.0, 1.0), 1).verdict()).isEqualTo(FINE);
    }

    @Test
    void a_middle_beyond_the_limit_that_may_as_well_be_none_is_no_regression() {
        assertThat(Judgement.of(List.of(0.9, 1.2, 1.2, 1.2, 1.3), 2).verdict()).isEqualTo(UNDECIDED);
    }

    @Test
    void the_true_middle_is_between_the_bounds_as_often_as_is_said() {
        Random random = new Random(1);
        for (int pairs : new int[] {5, 10, 15, 20}) {
            int inside = 0;
            for (int trial = 0; trial < 20_000; trial++) {
                List<Double> ratios = new ArrayList<>();
                for (int i = 0; i < pairs; i++) {
                    ratios.add(Math.exp(0.2 * random.nextGaussian()));
                }
                Judgement judgement = Judgement.of(ratios, 2);
                inside += judgement.low() <= 1 && 1 <= judgement.high() ? 1 : 0;
            }
            assertThat(inside).as("of 20,000, with %d pairs", pairs).isGreaterThanOrEqualTo(17_900);
        }
    }
}
