package cairn.simulation.pause;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.Patience;
import cairn.simulation.SimNode;
import cairn.simulation.Simulation;
import cairn.simulation.pause.PauseCell.Deed;
import cairn.simulation.pause.PauseCell.Pauses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worst cases of docs/decisions/0004, each over many moments at which the fault may come. */
class PauseTest {

    private static final int SEEDS = Integer.getInteger("cairn.pause.seeds", 10);
    private static final long MILLI = 1_000_000L;
    private static final long MARGIN_NANOS = 300 * MILLI;

    /** A kill is known at once. */
    private static final long KILLED_MAX = 300 * MILLI;

    private static final long HUNG_MAX = Patience.PAUSE_MAX_NANOS - MARGIN_NANOS;

    /** A read goes elsewhere when its server gave no sign of life; elsewhere may be one that hangs as well. */
    private static final long READ_MAX = Patience.CONNECT_NANOS + MARGIN_NANOS;

    private static final long READ_TWO_MAX = 2 * Patience.CONNECT_NANOS + MARGIN_NANOS;

    private static final Duration LONG = Duration.ofMinutes(2);

    enum Case {
        PRIMARY_KILLED(
                KILLED_MAX, KILLED_MAX, (simulation, chain) -> chain.get(0).crash()),
        SECONDARY_KILLED(
                KILLED_MAX, KILLED_MAX, (simulation, chain) -> chain.get(1).crash()),
        LAST_KILLED(KILLED_MAX, KILLED_MAX, (simulation, chain) -> chain.get(2).crash()),
        PRIMARY_STOPPED(HUNG_MAX, READ_MAX, (simulation, chain) -> chain.get(0).pause(LONG)),
        SECONDARY_STOPPED(
                HUNG_MAX, READ_MAX, (simulation, chain) -> chain.get(1).pause(LONG)),
        LAST_STOPPED(HUNG_MAX, READ_MAX, (simulation, chain) -> chain.get(2).pause(LONG)),
        TWO_STOPPED(HUNG_MAX, READ_TWO_MAX, (simulation, chain) -> {
            chain.get(0).pause(LONG);
            chain.get(1).pause(LONG);
        }),
        PRIMARY_CUT_OFF(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) -> simulation.partition(List.of(chain.get(0)), others(simulation, chain.get(0)))),
        SECONDARY_CUT_OFF(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) -> simulation.partition(List.of(chain.get(1)), others(simulation, chain.get(1)))),
        PRIMARY_HEARS_NOTHING(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) ->
                        simulation.partitionOneWay(others(simulation, chain.get(0)), List.of(chain.get(0)))),
        SECONDARY_HEARS_NOTHING(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) ->
                        simulation.partitionOneWay(others(simulation, chain.get(1)), List.of(chain.get(1)))),
        PRIMARY_IS_NOT_HEARD(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) ->
                        simulation.partitionOneWay(List.of(chain.get(0)), others(simulation, chain.get(0)))),
        SECONDARY_IS_NOT_HEARD(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) ->
                        simulation.partitionOneWay(List.of(chain.get(1)), others(simulation, chain.get(1)))),
        PRIMARY_WITHOUT_MASTER(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) -> simulation.partition(List.of(chain.get(0)), List.of(simulation.node("master")))),
        SECONDARY_WITHOUT_MASTER(
                HUNG_MAX,
                READ_MAX,
                (simulation, chain) -> simulation.partition(List.of(chain.get(1)), List.of(simulation.node("master"))));

        private final long writersMax;
        private final long readersMax;
        private final Deed deed;

        Case(long writersMax, long readersMax, Deed deed) {
            this.writersMax = writersMax;
            this.readersMax = readersMax;
            this.deed = deed;
        }

        private static List<SimNode> others(Simulation simulation, SimNode one) {
            List<SimNode> others = new ArrayList<>(simulation.nodes());
            others.remove(one);
            return others;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobody_waits_longer_than_the_decision_record_says(Case each) {
        long append = 0;
        long read = 0;
        long follow = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Pauses pauses = PauseCell.run(seed, each.deed);
            String found = "%s, seed %d: an append waited for %d ms, a read for %d ms, a follower for %d ms"
                    .formatted(
                            each,
                            seed,
                            pauses.appendNanos() / MILLI,
                            pauses.readNanos() / MILLI,
                            pauses.followNanos() / MILLI);
            assertTrue(pauses.appendNanos() <= each.writersMax, found);
            assertTrue(pauses.readNanos() <= each.readersMax, found);
            // It waits as writers do, and may only then meet the hung server, with a read.
            assertTrue(pauses.followNanos() <= each.writersMax + Patience.CONNECT_NANOS, found);
            append = Math.max(append, pauses.appendNanos());
            read = Math.max(read, pauses.readNanos());
            follow = Math.max(follow, pauses.followNanos());
        }
        System.out.printf(
                "%-24s at most, in ms: append %4d, read %4d, follow %4d%n",
                each, append / MILLI, read / MILLI, follow / MILLI);
    }
}
