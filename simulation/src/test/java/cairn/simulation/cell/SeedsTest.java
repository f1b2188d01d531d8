package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.simulation.Fault;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A seed is a history. Whether the histories are good: CorpusTest. */
class SeedsTest {

    private static final Set<Fault> ALL_FAULTS = EnumSet.allOf(Fault.class);

    @ParameterizedTest
    @EnumSource
    void a_seed_has_one_history(WorkloadKind workload) {
        for (long seed = 1; seed <= 3; seed++) {
            Request request = new Request(seed, workload, ALL_FAULTS, Set.of());
            Result first = SeedRun.run(request, null);
            Result again = SeedRun.run(request, null);
            assertEquals(first.hash(), again.hash(), "seed " + seed);
            assertEquals(first.steps(), again.steps(), "seed " + seed);
            assertEquals(first.faults(), again.faults(), "seed " + seed);
            assertNotEquals(
                    first.hash(),
                    SeedRun.run(new Request(seed + 10, workload, ALL_FAULTS, Set.of()), null)
                            .hash());
        }
    }

    @Test
    void a_seed_has_the_same_history_in_another_jvm() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-XX:+UseParallelGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeedsTest.class.getName(),
                        "7")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, other.waitFor(), said);
        assertEquals(hashOf(7), said);
    }

    /** Prints the trace hash of a seed: for a fresh JVM. */
    public static void main(String[] arguments) {
        System.out.println(hashOf(Long.parseLong(arguments[0])));
    }

    private static String hashOf(long seed) {
        Result result = SeedRun.run(new Request(seed, WorkloadKind.MIXED, ALL_FAULTS, Set.of()), null);
        assertTrue(result.steps() > 0);
        return Long.toHexString(result.hash());
    }
}
