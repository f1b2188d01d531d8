package cairn.attack.scenario;

import cairn.attack.ground.Harm;
import cairn.attack.ground.Injection;
import cairn.attack.ground.Mounts;
import cairn.attack.ground.Need;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All scenarios. */
public final class Scenarios {

    private static final int MANY_ROUNDS = 5;
    private static final int SPLITS = 10;
    private static final Set<Need> NETWORK = Set.of(Need.ROOT, Need.NAMESPACES, Need.RATES);

    private Scenarios() {}

    public static List<Scenario> all() {
        return Stream.of(ofServers(), ofNetwork(), ofDisks(), ofCrashes())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Scenario> ofServers() {
        return List.of(
                kills("kill", 1, "nothing is lost", Bars.NONE),
                kills("kills", MANY_ROUNDS, "nothing is lost, writers pause under a second", Bars.OF_KILLS),
                stops("stop", 1, "nothing is lost or stale", Bars.NONE),
                stops(
                        "stops",
                        MANY_ROUNDS,
                        "nothing is lost or stale, writers pause under 5 seconds",
                        Bars.under(Bars.AFTER_A_HANG, "stop primary", "stop secondary")));
    }

    private static List<Scenario> ofNetwork() {
        return List.of(
                new InTurn(
                        new InTurn.Title(
                                "cuts",
                                "a server is cut off, both ways, %d times each: nothing is lost or stale, writers pause under 5 seconds"
                                        .formatted(MANY_ROUNDS),
                                NETWORK,
                                false),
                        MANY_ROUNDS,
                        Bars.under(Bars.AFTER_A_HANG, "cut off primary", "cut off secondary"),
                        ground -> Stages.network(ground, List.of(Harm.CUT))),
                once(
                        "network",
                        "a server is cut off, deaf, mute, unplugged, loses packets, is reset, has a slow link: no violation",
                        NETWORK,
                        ground -> Stages.network(ground, List.of(Harm.values()))),
                new InTurn(
                        new InTurn.Title(
                                "splits",
                                "servers and clients fall into any two parts, %d times, both ways or one: no violation"
                                        .formatted(SPLITS),
                                NETWORK,
                                false),
                        SPLITS,
                        Bars.NONE,
                        Stages::splits),
                once(
                        "latency",
                        "every chunkserver is 30 ms away, there and back, and two of them are killed: no violation",
                        Set.of(Need.ROOT, Need.NAMESPACES),
                        Stages::distant));
    }

    private static List<Scenario> ofDisks() {
        return List.of(
                new BitRot(),
                new DamagedFiles(),
                once(
                        "full-disk",
                        "the disk of a primary, a secondary, the master is full for seconds: nothing is lost",
                        Set.of(Need.ROOT, Need.TMPFS),
                        Stages::fullDisks),
                once(
                        "failing-disk",
                        "the file system of a primary or secondary turns read-only, or fails with EIO: nothing is lost",
                        Set.of(Need.ROOT, Need.LOOP),
                        ground -> Stages.failingDisks(ground, Mounts.Kind.EXT4)),
                once(
                        "xfs",
                        "chunkservers on XFS; a primary or secondary is killed, or its file system fails with EIO: nothing is lost",
                        Set.of(Need.ROOT, Need.XFS),
                        ground -> Stages.failingDisks(ground, Mounts.Kind.XFS)));
    }

    private static List<Scenario> ofCrashes() {
        return List.of(
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

    private static Scenario kills(String name, int rounds, String promise, Bars bars) {
        String sentence = "kill -9 of primary, secondary, bystander, master and producer, %d times each: %s"
                .formatted(rounds, promise);
        return new InTurn(new InTurn.Title(name, sentence, Set.of(), rounds == 1), rounds, bars, Stages::kills);
    }

    private static Scenario stops(String name, int rounds, String promise, Bars bars) {
        String sentence =
                "SIGSTOP of primary, secondary, bystander and master, %d times each: %s".formatted(rounds, promise);
        return new InTurn(new InTurn.Title(name, sentence, Set.of(), rounds == 1), rounds, bars, Stages::stops);
    }

    private static Scenario once(String name, String sentence, Set<Need> needs, InTurn.Setting setting) {
        return new InTurn(new InTurn.Title(name, sentence, needs, false), 1, Bars.NONE, setting);
    }

    /** Random harm for so long. */
    public static Scenario random(double minutes, long seed) {
        return new RandomHarm(minutes, seed);
    }
}
