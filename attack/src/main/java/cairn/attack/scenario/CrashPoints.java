package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Injection;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A server is struck at exactly its Nth system call of a kind, for every N until it gets no further: at its start, which
 * is a recovery from the crash before, and under load. Then it is started plainly.
 */
final class CrashPoints implements Scenario {

    private static final double RECORDS_PER_SECOND = 60;
    private static final int PRODUCERS = 2;
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration SUFFERS = Duration.ofSeconds(2);
    private static final Duration BACK = Duration.ofMillis(500);

    /** How often the server is waited for to reach its point. */
    private static final int WAITS = 60;

    private final String name;
    private final boolean master;
    private final List<Injection> sweeps;

    /** @param sweeps each with the largest N */
    CrashPoints(String name, boolean master, List<Injection> sweeps) {
        this.name = name;
        this.master = master;
        this.sweeps = List.copyOf(sweeps);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sentence() {
        return "%s is struck at its Nth system call, for every N up to %s: nothing is lost"
                .formatted(master ? "the master" : "a chunkserver", sweeps);
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.STRACE);
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Cell cell = Cell.start(ground, Cell.Plan.small(3));
        Trial trial = Loads.start(ground, cell, PRODUCERS, RECORDS_PER_SECOND);
        Server victim = master ? cell.master() : cell.chunkservers().getFirst();
        int struck = 0;
        for (Injection sweep : sweeps) {
            boolean reached = true;
            for (int nth = 1; nth <= sweep.nth() && reached; nth++) {
                reached = strike(trial, victim, new Injection(sweep.call(), sweep.effect(), nth));
                struck += reached ? 1 : 0;
            }
        }
        ground.say("struck %d times", struck);
        trial.finish();
    }

    /** Whether it got so far. */
    private static boolean strike(Trial trial, Server victim, Injection injection) throws IOException {
        victim.kill();
        Trial.Running harm = trial.harm(injection.effect() + " at " + injection.call());
        victim.inject(injection);
        victim.launch();
        victim.program().expectEnd();
        for (int i = 0; i < WAITS && !victim.isStruck(); i++) {
            trial.go(WAIT);
        }
        boolean reached = victim.isStruck();
        if (reached && !injection.kills()) {
            trial.go(SUFFERS);
        }
        victim.kill();
        victim.injectNothing();
        victim.start();
        trial.go(BACK);
        harm.over();
        trial.cell().ground().say("%s: %s", injection, reached ? "struck" : "not reached");
        return reached;
    }
}
