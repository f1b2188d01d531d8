package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import cairn.attack.load.JobPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** kill -9 of everybody in turn, the servers back on the same directory a moment later. */
final class Kills implements Scenario {

    private static final double RECORDS_PER_SECOND = 100;
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration GONE = Duration.ofSeconds(3);

    private final String name;
    private final int rounds;

    Kills(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sentence() {
        String promise = isShort() ? "nothing is lost" : "nothing is lost, writers pause under a second";
        return "kill -9 of primary, secondary, bystander, master and producer, %d times each: %s"
                .formatted(rounds, promise);
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
                kill(trial, "kill " + part, trial.victim(part));
            }
            trial.go(CALM);
            kill(trial, "kill master", trial.cell().master());
            trial.go(CALM);
            killProducer(trial);
        }
        trial.go(CALM);
        trial.finish();
        if (!isShort()) { // other work on the machine would be judged too
            Bars.writersUnder(trial.pauses(), Bars.AFTER_A_KILL, "kill primary", "kill secondary");
        }
    }

    static void kill(Trial trial, String kind, Server victim) throws IOException {
        Trial.Running harm = trial.harm(kind);
        victim.kill();
        trial.go(GONE);
        victim.launch();
        victim.awaitReady();
        harm.over();
    }

    static void killProducer(Trial trial) throws IOException {
        Trial.Running harm = trial.harm("kill producer");
        Client producer = trial.clients().stream()
                .filter(client -> client.plan().job() == JobPlan.Kind.APPEND
                        && client.program().isAlive())
                .findFirst()
                .orElseThrow();
        trial.replace(producer);
        harm.over();
    }
}
