package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Hosts;
import cairn.attack.ground.Mounts;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The file system of a chunkserver fails under load: read-only first, then EIO for everything. The server is killed, the file
 * system brought back, and the server started again.
 */
final class FailingDisk implements Scenario {

    private static final double RECORDS_PER_SECOND = 100;
    private static final int MEBIBYTES = 256;
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration FAILING = Duration.ofSeconds(6);

    @Override
    public String name() {
        return "failing-disk";
    }

    @Override
    public String sentence() {
        return "the file system of a primary or secondary turns read-only, or fails with EIO: nothing is lost";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.ROOT, Need.LOOP);
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Mounts mounts = new Mounts(ground);
        Cell cell = Cell.start(
                ground,
                Cell.Plan.small(4),
                Hosts.LOOPBACK,
                name -> Files.createDirectories(mounts.ext4(name, MEBIBYTES).resolve("store")));
        Trial trial = Loads.start(ground, cell, 4, RECORDS_PER_SECOND);
        for (Victims.Part part : List.of(Victims.Part.PRIMARY, Victims.Part.SECONDARY)) {
            trial.go(CALM);
            fail(trial, part, "read-only disk", Mounts::readOnly);
            trial.go(CALM);
            fail(trial, part, "EIO from the disk", Mounts::shutDown);
        }
        trial.go(CALM);
        trial.finish();
    }

    /** What is done to a file system. */
    private interface Breaking {
        void at(Path mount) throws IOException;
    }

    private static void fail(Trial trial, Victims.Part part, String words, Breaking breaking) throws IOException {
        Server victim = trial.victim(part);
        Path mount = victim.directory().resolveSibling(".").normalize();
        Trial.Running harm = trial.harm(words + " of " + part);
        victim.program().expectEnd();
        breaking.at(mount);
        trial.go(FAILING);
        victim.kill();
        Mounts.again(mount);
        victim.start();
        harm.over();
    }
}
