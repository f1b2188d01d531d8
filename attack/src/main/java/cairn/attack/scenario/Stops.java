package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** SIGSTOP of servers for seconds, as a machine that swaps or hangs: half-open connections, clocks that jump. */
final class Stops implements Scenario {

    private static final double RECORDS_PER_SECOND = 100;
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration STOPPED = Duration.ofSeconds(9);

    private final String name;
    private final int rounds;

    Stops(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sentence() {
        String promise =
                isShort() ? "nothing is lost or stale" : "nothing is lost or stale, writers pause under 5 seconds";
        return "SIGSTOP of primary, secondary, bystander and master, %d times each: %s".formatted(rounds, promise);
    }

    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public boolean isShort() {
        return rounds == 1;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Trial trial = Loads.start(ground, Cell.start(ground, Cell.Plan.small(4)), 4, RECORDS_PER_SECOND);
        for (int i = 0; i < rounds; i++) {
            for (Victims.Part part : Victims.Part.values()) {
                trial.go(CALM);
                stop(trial, "stop " + part, trial.victim(part));
            }
            trial.go(CALM);
            stop(trial, "stop master", trial.cell().master());
        }
        trial.go(CALM);
        trial.finish();
        if (!isShort()) { // other work on the machine would be judged too
            Bars.writersUnder(trial.pauses(), Bars.AFTER_A_HANG, "stop primary", "stop secondary");
        }
    }

    static void stop(Trial trial, String kind, Server victim) throws IOException {
        Trial.Running harm = trial.harm(kind);
        victim.program().pause();
        try {
            trial.go(STOPPED);
        } finally {
            victim.program().resume();
        }
        harm.over();
    }
}
