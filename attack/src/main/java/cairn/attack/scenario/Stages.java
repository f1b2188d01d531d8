package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Harm;
import cairn.attack.ground.Host;
import cairn.attack.ground.Hosts;
import cairn.attack.ground.Mounts;
import cairn.attack.ground.Namespaces;
import cairn.attack.load.ProxyMain;
import cairn.attack.scenario.InTurn.Stage;
import cairn.attack.scenario.InTurn.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Cells of four chunkservers, and what is done to them in turn. */
final class Stages {

    private static final Cell.Plan PLAN = Cell.Plan.small(4);
    private static final double RECORDS_PER_SECOND = 100;
    private static final int TMPFS_MEBIBYTES = 128;
    private static final int IMAGE_MEBIBYTES = 320; // mkfs.xfs makes nothing below 300

    private static final double DISTANT_RECORDS_PER_SECOND = 20;
    private static final int DELAY_MILLIS = 15;
    private static final int PORT = 7434;
    private static final int PROXY_PORT = 17434;
    private static final Duration READY = Duration.ofSeconds(60);

    private static final long SPLITS = 3;

    private Stages() {}

    private static Stage of(Cell cell, List<Step> steps) {
        return new Stage(cell, RECORDS_PER_SECOND, steps);
    }

    /** Everybody is killed, producers too. */
    static Stage kills(Ground ground) throws IOException {
        List<Step> steps = new ArrayList<>(InTurn.each(List.of(Blows.kill()), Victims.Part.values()));
        steps.add(InTurn::killProducer);
        return of(Cell.start(ground, PLAN), steps);
    }

    /** Every server is stopped for seconds. */
    static Stage stops(Ground ground) throws IOException {
        return of(Cell.start(ground, PLAN), InTurn.each(List.of(Blows.stop()), Victims.Part.values()));
    }

    /** Servers in network namespaces, which are harmed. */
    static Stage network(Ground ground, List<Harm> harms) throws IOException {
        Namespaces net = new Namespaces(ground);
        List<Blow> blows = harms.stream().map(harm -> Blows.network(net, harm)).toList();
        return of(
                Cell.start(ground, PLAN, net, Cell.Directories.plain(ground)),
                InTurn.each(blows, Victims.Part.PRIMARY, Victims.Part.SECONDARY, Victims.Part.MASTER));
    }

    /** Servers and clients fall into two parts that do not hear each other, or one not the other. */
    static Stage splits(Ground ground) throws IOException {
        Namespaces net = new Namespaces(ground);
        Random random = new Random(SPLITS);
        Step split = trial -> Split.any(trial.cell(), random).inflict(trial, net);
        return of(Cell.start(ground, PLAN, net, Cell.Directories.plain(ground)), List.of(split));
    }

    /** Small disks in memory, which run full. */
    static Stage fullDisks(Ground ground) throws IOException {
        Mounts mounts = new Mounts(ground);
        Cell cell = Cell.start(ground, PLAN, Hosts.LOOPBACK, name -> mounts.tmpfs(name, TMPFS_MEBIBYTES));
        return of(
                cell,
                InTurn.each(
                        List.of(Blows.fullDisk()), Victims.Part.PRIMARY, Victims.Part.SECONDARY, Victims.Part.MASTER));
    }

    /** File systems in files, which fail. */
    static Stage failingDisks(Ground ground, Mounts.Kind kind) throws IOException {
        Mounts mounts = new Mounts(ground);
        Cell cell = Cell.start(
                ground,
                PLAN,
                Hosts.LOOPBACK,
                name -> Files.createDirectories(
                        mounts.image(name, kind, IMAGE_MEBIBYTES).resolve("store")));
        List<Blow> blows = kind == Mounts.Kind.EXT4
                ? List.of(Blows.readOnlyDisk(mounts), Blows.deadDisk(mounts))
                : List.of(Blows.kill(), Blows.deadDisk(mounts));
        return of(cell, InTurn.each(blows, Victims.Part.PRIMARY, Victims.Part.SECONDARY));
    }

    /** Everything that goes to a chunkserver, and back, takes longer: servers in another building. Two of them die. */
    static Stage distant(Ground ground) throws IOException {
        Namespaces net = new Namespaces(ground);
        Hosts hosts = name -> {
            Host host = net.make(name);
            if (name.startsWith("cs")) {
                delay(ground, net, host);
            }
            return host;
        };
        return new Stage(
                Cell.start(ground, PLAN, hosts, Cell.Directories.plain(ground)),
                DISTANT_RECORDS_PER_SECOND,
                InTurn.each(List.of(Blows.kill()), Victims.Part.PRIMARY, Victims.Part.SECONDARY));
    }

    private static void delay(Ground ground, Namespaces net, Host host) throws IOException {
        List<String> words =
                List.of(Integer.toString(PROXY_PORT), host.address() + ":" + PORT, Integer.toString(DELAY_MILLIS));
        ground.startClient("proxy-" + host.name(), host.enter(), ProxyMain.class, words)
                .awaitLine("ready", READY);
        net.redirect(host, PORT, PROXY_PORT);
    }
}
