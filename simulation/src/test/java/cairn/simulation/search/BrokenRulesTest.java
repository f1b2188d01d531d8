package cairn.simulation.search;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.WorkloadKind;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judges notice when a rule of the protocol is broken. */
class BrokenRulesTest {
    private static final int SEEDS = 200;
    private static final int THREADS = 2;

    /** Two of them show only to a reader who knows where a replica was that has been left behind since. */
    @ParameterizedTest
    @EnumSource
    void a_broken_rule_is_noticed_within_two_hundred_seeds(Rule rule) {
        boolean hot = rule == Rule.FENCE || rule == Rule.SERVING_TERM;
        SeedSearch search = new SeedSearch(
                seed -> new Request(
                        seed,
                        hot ? WorkloadKind.HOT : WorkloadKind.of(seed),
                        EnumSet.allOf(Fault.class),
                        EnumSet.of(rule)),
                1,
                THREADS,
                1);
        search.run(SEEDS, TimeUnit.MINUTES.toNanos(5), result -> {});
        assertNotEquals(0, search.findings().kinds(), rule + " can be broken and nobody notices");
        System.out.println(rule + " broken: " + search.progress());
    }
}
