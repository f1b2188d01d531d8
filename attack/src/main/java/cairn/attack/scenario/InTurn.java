package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Need;
import cairn.attack.load.JobPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Blows one after the other, some times over; each begins when the cell has recovered from the one before. */
final class InTurn implements Scenario {

    private static final int PRODUCERS = 4;

    /** What a scenario is for people, and for the machine. */
    record Title(String name, String sentence, Set<Need> needs, boolean isShort) {}

    /** One thing to be done to the cell. */
    interface Step {
        void take(Trial trial) throws IOException;
    }

    /** @param recordsPerSecond of each producer */
    record Stage(Cell cell, double recordsPerSecond, List<Step> steps) {}

    /** Makes the cell and what is to be done to it. */
    interface Setting {
        Stage on(Ground ground) throws IOException;
    }

    private final Title title;
    private final int rounds;
    private final Setting setting;
    private final Bars bars;

    InTurn(Title title, int rounds, Bars bars, Setting setting) {
        this.title = title;
        this.rounds = rounds;
        this.bars = bars;
        this.setting = setting;
    }

    @Override
    public String name() {
        return title.name();
    }

    @Override
    public String sentence() {
        return title.sentence();
    }

    @Override
    public Set<Need> needs() {
        return title.needs();
    }

    @Override
    public boolean isShort() {
        return title.isShort();
    }

    @Override
    public void run(Ground ground) throws IOException {
        Stage stage = setting.on(ground);
        Trial trial = Loads.start(ground, stage.cell(), PRODUCERS, stage.recordsPerSecond());
        for (int i = 0; i < rounds; i++) {
            for (Step step : stage.steps()) {
                trial.calm();
                step.take(trial);
            }
        }
        trial.calm();
        trial.finish();
        bars.judge(ground, trial.pauses());
    }

    /** Every one of {@code blows} at every one of {@code parts}. */
    static List<Step> each(List<Blow> blows, Victims.Part... parts) {
        List<Step> steps = new ArrayList<>();
        for (Blow blow : blows) {
            for (Victims.Part part : parts) {
                steps.add(trial -> blow.inflict(trial, part.toString(), trial.victim(part)));
            }
        }
        return steps;
    }

    /** kill -9 of a producer; another one takes its place. */
    static void killProducer(Trial trial) throws IOException {
        Client producer = trial.clients().stream()
                .filter(client -> client.plan().job() == JobPlan.Kind.APPEND
                        && client.program().isAlive())
                .findFirst()
                .orElseThrow();
        Trial.Running harm = trial.harm("kill producer");
        trial.replace(producer);
        harm.over();
    }
}
