package cairn.simulation.pause;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A disk that has become slow, in a server that lives: nobody but who waits for a read finds that out. */
class HedgedReadTest {
    private static final int SEEDS = 5;

    /** An operation of such a disk takes seconds: 20,000 times what it took before. */
    private static final int SLOWNESS = 20_000;

    private static final long READ_NANOS_MAX = 200_000_000;

    @Test
    void a_read_from_a_disk_that_has_become_slow_is_answered_by_another_replica_at_once() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            PauseCell.Pauses pauses = PauseCell.run(
                    seed, (simulation, chain) -> chain.get(0).disk("/disk").slowDown(SLOWNESS));
            assertTrue(
                    pauses.readNanos() <= READ_NANOS_MAX,
                    "seed " + seed + ": a read waited for " + pauses.readNanos() / 1_000_000 + " ms");
        }
    }
}
