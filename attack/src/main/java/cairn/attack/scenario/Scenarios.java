package cairn.attack.scenario;

import cairn.attack.ground.Harm;
import cairn.attack.ground.Injection;
import java.util.List;

/** All scenarios. */
public final class Scenarios {

    private static final int MANY_ROUNDS = 5;

    private Scenarios() {}

    public static List<Scenario> all() {
        return List.of(
                new Kills("kill", 1),
                new Kills("kills", MANY_ROUNDS),
                new Stops("stop", 1),
                new Stops("stops", MANY_ROUNDS),
                new Partitions(
                        "cuts",
                        "a server is cut off, both ways, %d times each: nothing is lost or stale, writers pause under 5 seconds"
                                .formatted(MANY_ROUNDS),
                        List.of(Harm.CUT),
                        MANY_ROUNDS),
                new Partitions(
                        "network",
                        "a server is cut off, deaf, mute, unplugged, loses packets, is reset, has a slow link: no violation",
                        List.of(Harm.values()),
                        1),
                new Latency(),
                new BitRot(),
                new FullDisk(),
                new FailingDisk(),
                new CrashPoints(
                        "crash-master",
                        true,
                        List.of(
                                new Injection("pwrite64", Injection.KILL, 12),
                                new Injection("fdatasync", Injection.KILL, 8),
                                new Injection("fsync", Injection.KILL, 6),
                                new Injection("ftruncate,rename", Injection.KILL, 4),
                                new Injection("pwrite64", Injection.NO_SPACE, 4),
                                new Injection("fdatasync", Injection.IO_ERROR, 4))),
                new CrashPoints(
                        "crash-chunk",
                        false,
                        List.of(
                                new Injection("pwrite64", Injection.KILL, 16),
                                new Injection("fdatasync", Injection.KILL, 8),
                                new Injection("fsync", Injection.KILL, 4),
                                new Injection("ftruncate,rename,unlink", Injection.KILL, 4),
                                new Injection("pwrite64", Injection.NO_SPACE, 6),
                                new Injection("pwrite64", Injection.IO_ERROR, 4),
                                new Injection("fdatasync", Injection.IO_ERROR, 4))));
    }

    /** Random harm for so long. */
    public static Scenario random(double minutes, long seed) {
        return new RandomHarm(minutes, seed);
    }
}
