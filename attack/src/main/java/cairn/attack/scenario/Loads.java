package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.load.JobPlan;
import java.io.IOException;

/** Loads that scenarios have in common. */
final class Loads {

    private static final int SMALL_CHUNK_BYTES = 1 << 20;
    private static final double READS_PER_SECOND = 50;
    private static final double NAMES_PER_SECOND = 8;
    private static final double WRITES_PER_SECOND = 8;

    private Loads() {}

    /** Producers of every style, a follower, a random reader, two who overwrite, one who inspects, two who use names; all are at work on return. */
    static Trial start(Ground ground, Cell cell, int producers, double recordsPerSecond) throws IOException {
        Trial trial = new Trial(cell, SMALL_CHUNK_BYTES);
        trial.startProducers(producers, recordsPerSecond);
        trial.start(JobPlan.Kind.FOLLOW, 1);
        trial.start(JobPlan.Kind.READ, READS_PER_SECOND);
        trial.start(JobPlan.Kind.WRITE, WRITES_PER_SECOND);
        trial.start(JobPlan.Kind.WRITE, WRITES_PER_SECOND);
        trial.start(JobPlan.Kind.INSPECT, WRITES_PER_SECOND);
        trial.start(JobPlan.Kind.NAMES, NAMES_PER_SECOND);
        trial.start(JobPlan.Kind.NAMES, NAMES_PER_SECOND);
        trial.awaitReady();
        ground.say("%d clients at work", trial.clients().size());
        return trial;
    }
}
