package cairn.attack.scenario;

import cairn.attack.ground.Ground;
import cairn.attack.judge.Pauses;
import cairn.simulation.check.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long writers may pause after which harm, at the 99th percentile; for a machine that does nothing else. */
record Bars(List<Bar> bars) {

    static final Bars NONE = new Bars(List.of());

    /** A refused connection is proof: nobody waits for a lease or a term. */
    static final Duration AFTER_A_KILL = Duration.ofSeconds(1);

    /** The serving term (3 s) and 2 s. */
    static final Duration AFTER_A_HANG = Duration.ofSeconds(5);

    private static final double MILLIS_PER_SECOND = 1e3;

    /** For the random and the long kills: neither the death of a member nor its return may be felt for longer. */
    static final Bars OF_KILLS = under(
            AFTER_A_KILL, "kill primary", "kill secondary", "return after kill primary", "return after kill secondary");

    /** The limit for one kind of harm. */
    record Bar(Duration limit, String kind) {}

    Bars {
        bars = List.copyOf(bars);
    }

    static Bars under(Duration limit, String... kinds) {
        return new Bars(
                List.of(kinds).stream().map(kind -> new Bar(limit, kind)).toList());
    }

    Bars and(Bars more) {
        List<Bar> all = new ArrayList<>(bars);
        all.addAll(more.bars);
        return new Bars(all);
    }

    /** Says of each whether it is met; throws when one is missed, unless this machine is said to be busy. */
    void judge(Ground ground, Pauses pauses) {
        List<String> missed = new ArrayList<>();
        for (Bar bar : bars) {
            String verdict = verdict(bar, pauses, missed);
            ground.say("bar: writers pause under %s after %s: %s", bar.limit, bar.kind, verdict);
        }
        if (!ground.isBusy()) {
            Violation.unless(missed.isEmpty(), "missed: %s (on a machine with other work, say --busy)", missed);
        }
    }

    private static String verdict(Bar bar, Pauses pauses, List<String> missed) {
        if (!pauses.wasAlone(bar.kind)) {
            return "not done to a cell that was well, so not judged";
        }
        double p99 = pauses.p99(bar.kind, Pauses.Who.WRITERS);
        Violation.unless(p99 > 0, "no writer's pause was seen after %s", bar.kind);
        String words = "%.2f s".formatted(p99);
        if (p99 >= bar.limit.toMillis() / MILLIS_PER_SECOND) {
            missed.add(bar.kind + ": " + words);
            return "missed, " + words;
        }
        return "met, " + words;
    }
}
