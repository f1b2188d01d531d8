package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Hosts;
import cairn.attack.ground.Need;
import cairn.attack.load.Epochs;
import cairn.attack.load.JobPlan;
import cairn.attack.load.VerifyJob;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Flipped bytes, cut and missing files, of chunkservers and of the master, stopped and running. A second file system, as it
 * were, that the servers cannot trust.
 */
final class DamagedFiles implements Scenario {

    private static final long SEED = 20;
    private static final long FILE_BYTES = 24L << 20;
    private static final int COPIES = 3;

    /** The master makes a checkpoint every few seconds. */
    private static final Cell.Plan PLAN =
            new Cell.Plan(4, COPIES, "1048576,16384", List.of("--checkpoint-bytes", "4096"));

    private static final int PRODUCERS = 2;
    private static final double RECORDS_PER_SECOND = 60;
    private static final double READS_PER_SECOND = 25;
    private static final int READERS = 2;

    @Override
    public String name() {
        return "damaged-files";
    }

    @Override
    public String sentence() {
        return "flipped bytes, cut and missing files of chunkservers and master, stopped and running: no wrong byte is read,"
                + " all is reported, and mended or refused with the next step";
    }

    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Cell cell = Cell.start(ground, PLAN, Hosts.LOOPBACK, Cell.Directories.plain(ground));
        String path = Epochs.path(JobPlan.Kind.VERIFY, 0);
        cell.agent().put(path, FILE_BYTES, VerifyJob.NUMBER);
        Trial trial = Loads.start(ground, cell, PRODUCERS, RECORDS_PER_SECOND);
        for (int i = 0; i < READERS; i++) {
            trial.start(JobPlan.Kind.VERIFY, READS_PER_SECOND);
        }
        trial.awaitReady();
        trial.calm();
        new DamagedReplicas(trial, path, COPIES, new Random(SEED)).run();
        new DamagedMaster(trial).run();
        trial.calm();
        trial.finish();
    }
}
