package cairn.attack.scenario;

import cairn.attack.judge.Pauses;
import cairn.simulation.check.Violation;
import java.time.Duration;

/** How long a pause may be. */
final class Bars {

    /** A refused connection is proof: nobody waits for a lease or a term. */
    static final Duration AFTER_A_KILL = Duration.ofSeconds(1);

    /** The serving term (3 s) and 2 s. */
    static final Duration AFTER_A_HANG = Duration.ofSeconds(5);

    private static final double MILLIS_PER_SECOND = 1e3;

    private Bars() {}

    /** The 99th percentile of the writers' pauses after each of {@code kinds} is under {@code limit}. */
    static void writersUnder(Pauses pauses, Duration limit, String... kinds) {
        for (String kind : kinds) {
            double p99 = pauses.p99(kind, Pauses.Who.WRITERS);
            Violation.unless(p99 > 0, "no writer's pause was seen after %s", kind);
            Violation.unless(
                    p99 < limit.toMillis() / MILLIS_PER_SECOND,
                    "writers pause %.2f s (99th percentile) after %s; the bar is %s",
                    p99,
                    kind,
                    limit);
        }
    }
}
