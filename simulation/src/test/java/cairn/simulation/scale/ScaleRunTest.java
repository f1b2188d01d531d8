package cairn.simulation.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command and docs/scale.md are about larger cells; what they rest on is proved here. */
class ScaleRunTest {
    private static final int SERVERS = 30;
    private static final int SHARED = 4;

    /** Ten in a small cell, or two fifths of the servers. */
    private static final int COPIES_MAX = 12;

    private static final int COPIES_PER_SERVER_MAX = 2;

    private static ScalePlan plan(int shared) {
        return new ScalePlan(7, SERVERS, 5, 40, ScalePlan.CHUNK_BYTES, ScalePlan.RATE_BYTES, 0, shared, false);
    }

    private static Figures run(ScalePlan plan, Scenario scenario) {
        return ScaleRun.run(
                plan,
                scenario,
                new Progress(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @EnumSource
    void every_scenario_ends_with_all_replicas_there_and_the_limits_kept(Scenario scenario) {
        Figures figures = run(plan(scenario == Scenario.PAIR ? SHARED : 0), scenario);
        assertEquals(0, figures.of("chunks lost"), "chunks lost");
        assertEquals(0, figures.of("orders that no modelled server carries out"), "versions started");
        assertTrue(figures.of("most copies at a time") <= COPIES_MAX, "copies in the cell");
        assertTrue(figures.of("most copies at a time at a server") <= COPIES_PER_SERVER_MAX, "copies at a server");
    }

    @Test
    void chunks_with_one_replica_left_are_copied_before_all_others() {
        Figures figures = run(plan(SHARED), Scenario.PAIR);
        assertTrue(figures.of("chunks with one replica") >= SHARED, "chunks with one replica");
        double rounds = Math.ceil(figures.of("chunks with one replica") / COPIES_MAX) + 1;
        double copySeconds = (double) ScalePlan.CHUNK_BYTES / ScalePlan.RATE_BYTES;
        double safe =
                figures.of("chunks with one replica are back to two after") - figures.of("first copy begins after");
        assertTrue(safe <= rounds * (copySeconds + 1), safe + " s for " + rounds + " rounds of copies");
        assertTrue(figures.of("full redundancy after") > safe, "and then the others");
    }

    @Test
    void a_master_that_starts_again_copies_nothing() {
        assertEquals(0, run(plan(0), Scenario.RESTART).of("copies made"), "copies made");
    }
}
