package cairn.simulation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.cell.Limit;
import cairn.simulation.cell.Limits;
import cairn.simulation.cell.SeedRun;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import cairn.simulation.cell.WorkloadKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Request LARGE = new Request(7, WorkloadKind.MIXED, Fault.ALL, Set.of(), Limits.NONE);
    private static final long PLENTY = TimeUnit.MINUTES.toNanos(1);

    /** A run that fails when {@code bad} holds of what is asked for. */
    private static Result run(Request request, Predicate<Request> bad) {
        return new Result(
                request, bad.test(request) ? "12 bytes lost\nat 5" : "", false, "", 1, 1, 1, Map.of(), Map.of(), "");
    }

    private static Shrinker.Outcome shrink(Predicate<Request> bad) {
        return Shrinker.shrink(run(LARGE, bad), request -> run(request, bad), () -> 0, PLENTY);
    }

    @Test
    void what_a_failure_does_not_need_is_taken_away() {
        Shrinker.Outcome outcome = shrink(request ->
                request.faults().contains(Fault.CUT) && request.faults().contains(Fault.CRASH));
        Request small = outcome.result().request();
        assertEquals(EnumSet.of(Fault.CUT, Fault.CRASH), small.faults());
        assertEquals(WorkloadKind.NAMESPACE, small.workload());
        assertEquals(1, small.limits().most().get(Limit.STEPS));
        assertEquals(0, small.limits().most().get(Limit.READERS));
        assertTrue(outcome.removed().size() >= 5, outcome.removed().toString());
    }

    @Test
    void a_failure_that_needs_all_of_it_stays_as_it_is() {
        Shrinker.Outcome outcome = shrink(LARGE::equals);
        assertEquals(LARGE, outcome.result().request());
        assertEquals(List.of(), outcome.removed());
    }

    @Test
    void another_failure_is_not_taken_for_a_smaller_one() {
        Result first = run(LARGE, request -> true);
        Shrinker.Outcome outcome = Shrinker.shrink(
                first,
                request -> new Result(request, "something else", false, "", 1, 1, 1, Map.of(), Map.of(), ""),
                () -> 0,
                PLENTY);
        assertEquals(first, outcome.result());
    }

    @Test
    void no_try_is_begun_when_the_time_is_over() {
        long[] now = {0};
        Shrinker.Outcome outcome = Shrinker.shrink(
                run(LARGE, request -> true),
                request -> {
                    now[0] += 10;
                    return run(request, all -> true);
                },
                () -> now[0],
                25);
        assertEquals(3, outcome.tries());
    }

    /** With a real bug: the primary acknowledges before the members have it. */
    @Test
    void the_small_command_still_fails_in_the_same_way() {
        SeedSearch search = new SeedSearch(
                seed -> new Request(seed, WorkloadKind.of(seed), Fault.ALL, EnumSet.of(Rule.ACKNOWLEDGE_LAST)),
                1,
                2,
                1);
        search.run(500, PLENTY * 5, found -> {});
        Result failed = search.findings().groups().getFirst().getFirst();
        Shrinker.Outcome outcome = Shrinker.shrink(
                failed, request -> SeedRun.run(request, null), System::nanoTime, TimeUnit.SECONDS.toNanos(30));
        Request small = outcome.result().request();
        assertNotEquals(failed.request(), small);
        assertTrue(small.faults().size() <= failed.request().faults().size());
        System.out.println(Replay.command(failed.request()) + " became " + Replay.command(small));

        Request read = Arguments.parse(Replay.words(small)).request(small.seed());
        assertEquals(small, read);
        Result again = SeedRun.run(read, null);
        assertEquals(outcome.result().failure(), again.failure());
        assertEquals(outcome.result().hash(), again.hash());
        assertEquals(Findings.kind(failed.failure()), Findings.kind(again.failure()));
    }
}
