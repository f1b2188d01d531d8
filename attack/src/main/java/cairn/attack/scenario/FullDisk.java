package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Hosts;
import cairn.attack.ground.Mounts;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Disks of primary, secondary and master run full under load, and have space again a while later. */
final class FullDisk implements Scenario {

    private static final double RECORDS_PER_SECOND = 100;
    private static final int MEBIBYTES = 128;
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration FULL = Duration.ofSeconds(6);

    @Override
    public String name() {
        return "full-disk";
    }

    @Override
    public String sentence() {
        return "the disk of a primary, a secondary, the master is full for seconds: nothing is lost";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.ROOT, Need.TMPFS);
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Mounts mounts = new Mounts(ground);
        Cell cell = Cell.start(ground, Cell.Plan.small(4), Hosts.LOOPBACK, name -> mounts.tmpfs(name, MEBIBYTES));
        Trial trial = Loads.start(ground, cell, 4, RECORDS_PER_SECOND);
        for (Victims.Part part : List.of(Victims.Part.PRIMARY, Victims.Part.SECONDARY)) {
            trial.go(CALM);
            Server victim = trial.victim(part);
            Trial.Running harm = trial.harm("full disk of " + part);
            Mounts.fill(victim.directory());
            trial.go(FULL);
            Mounts.drain(victim.directory());
            harm.over();
        }
        trial.go(CALM);
        fillMaster(trial);
        trial.go(CALM);
        trial.finish();
    }

    /** A master that cannot log stops; it goes on where it was when it is started on a disk with space. */
    private static void fillMaster(Trial trial) throws IOException {
        Server master = trial.cell().master();
        Trial.Running harm = trial.harm("full disk of master");
        master.program().expectEnd();
        Mounts.fill(master.directory());
        trial.go(FULL);
        Violation.unless(!master.isRunning(), "the master goes on although it cannot log");
        Mounts.drain(master.directory());
        master.start();
        harm.over();
    }
}
