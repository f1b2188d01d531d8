package cairn.cli;

import cairn.cli.text.Times;
import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.client.CellReport.DiskHealth;
import cairn.client.CellReport.ServerHealth;
import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.Software;
import cairn.world.Time;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks at a cell through its master and at its chunkservers' ports. For one thread. */
final class CellDoctor {
    /** Times of files, the trash's times and log lines are compared by people: that much does not confuse them. */
    private static final long SKEW_MILLIS_MAX = 2_000;

    /** Less is gone in a day of writing, and a full disk takes no copies. */
    private static final double FREE_MIN = 0.05;

    /** Of a large cell, so many ports are tried. */
    private static final int PORTS_MAX = 200;

    private final Cairn cairn;
    private final Time time = Worlds.real().time();
    private final List<Finding> findings = new ArrayList<>();
    private Locality locality = Locality.ANY;

    CellDoctor(Cairn cairn) {
        this.cairn = cairn;
    }

    /** What is judged on this machine, too, is that of this cell only. */
    Locality locality() {
        return locality;
    }

    /**
     * The cell as far as its parts on a machine are told from other things there.
     *
     * @param judged directories of which the space is told already
     * @param servers ids of the chunkservers that it lists
     */
    record Locality(String cell, Set<String> judged, Set<String> servers) {
        static final Locality ANY = new Locality("", Set.of(), Set.of());

        Locality {
            judged = Set.copyOf(judged);
            servers = Set.copyOf(servers);
        }

        /** That one was forgotten, or another came to its place. */
        boolean lacks(String server) {
            return !cell.isEmpty() && !server.isEmpty() && !servers.contains(server);
        }
    }

    List<Finding> look() throws CairnException {
        long before = time.wallMillis();
        CellReport report = cairn.report();
        long after = time.wallMillis();
        locality = new Locality(
                HexFormat.of().toHexDigits(report.cellId()),
                report.servers().stream()
                        .flatMap(server -> server.disks().stream())
                        .map(DiskHealth::path)
                        .collect(Collectors.toSet()),
                report.servers().stream().map(server -> server.id().toString()).collect(Collectors.toSet()));
        health(report);
        masterClock(report.wallMillis(), before, after);
        versions(report);
        report.servers().forEach(this::server);
        hosts(report.servers());
        report.movement()
                .remarks()
                .forEach(remark -> findings.add(Finding.warning("cell", remark, "add chunkservers or disks")));
        ports(report.servers());
        return findings;
    }

    private void health(CellReport report) {
        if (report.servers().isEmpty()) {
            findings.add(Finding.broken("cell", "no chunkserver has registered", "cairn chunkserver --help"));
        }
        List<String> faults = ChunkFaults.of(report);
        if (faults.isEmpty()) {
            findings.add(Finding.ok("chunks", "all have their copies"));
            return;
        }
        String next = "cairn fsck shows which; cairn explain CHUNK says what is in the way";
        String words = String.join(", ", faults);
        findings.add(
                report.chunksMissing() > 0
                        ? Finding.broken("chunks", words, next)
                        : Finding.warning("chunks", words, next));
    }

    /** Right in the middle of the question and its answer, the clocks should show the same. */
    private void masterClock(long master, long before, long after) {
        long ahead = master - (before + after) / 2;
        if (Math.abs(ahead) > SKEW_MILLIS_MAX + (after - before) / 2) {
            findings.add(clock("master", ahead, "this machine's"));
        } else {
            findings.add(Finding.ok("master", "its clock agrees with this machine's"));
        }
    }

    private static Finding clock(String whose, long aheadMillis, String other) {
        return Finding.warning(
                whose,
                "its clock is %s %s of %s"
                        .formatted(Times.duration(Math.abs(aheadMillis)), aheadMillis > 0 ? "ahead" : "behind", other),
                "run a time service (chrony, systemd-timesyncd) on every machine");
    }

    private void versions(CellReport report) {
        SortedSet<String> versions = new TreeSet<>(List.of(Software.NAME, report.software()));
        report.servers().stream()
                .filter(server -> server.state().equals("live"))
                .forEach(server -> versions.add(server.software()));
        findings.add(
                versions.size() == 1
                        ? Finding.ok("versions", "all run " + versions.getFirst())
                        : Finding.warning(
                                "versions",
                                "different ones run: " + String.join(", ", versions) + "; see: cairn report --json",
                                "bring all to the newest, the master first"));
    }

    private void server(ServerHealth server) {
        String name = server.id() + " at " + server.address();
        if (!server.state().equals("live")) {
            findings.add(Finding.warning(
                    name,
                    server.heardMillisAgo() < 0
                            ? "is %s: it has not registered since the master started".formatted(server.state())
                            : "is %s, heard of %s".formatted(server.state(), Times.ago(server.heardMillisAgo())),
                    "start it again on its directories; if it is gone for good: cairn forget " + server.id()));
            return;
        }
        if (server.clockKnown() && Math.abs(server.clockAheadMillis()) > SKEW_MILLIS_MAX) {
            findings.add(clock(name, server.clockAheadMillis(), "the master's"));
        }
        if (Draining.isBlocked(server)) {
            findings.add(Finding.warning(
                    name,
                    "its drain is blocked: " + server.blocked(),
                    "do one of these, or: cairn explain " + server.id()));
        } else if (Draining.isDone(server)) {
            findings.add(Finding.warning(
                    name,
                    "is drained and empty",
                    "stop its process, half a minute later: cairn forget " + server.id()));
        }
        if (server.orphans() > 0) {
            findings.add(Finding.warning(
                    name,
                    "holds %s of chunks that the master never made".formatted(Amount.of(server.orphans(), "replica")),
                    "is the master's directory an old copy? Stop it before more is written, and find the newest one"));
        }
        if (server.damaged() > 0) {
            findings.add(Finding.broken(
                    name,
                    Amount.of(
                            server.damaged(),
                            "damaged replica is the last of its chunk",
                            "damaged replicas are the last of their chunks"),
                    "cairn fsck shows the files; bring back servers that are away, or write the files anew"));
        }
        server.disks().forEach(disk -> disk(name, disk));
    }

    private void disk(String server, DiskHealth disk) {
        String name = server + ", " + disk.path();
        if (disk.state().equals("failing")) {
            findings.add(Finding.broken(
                    name,
                    "fails: " + disk.detail(),
                    "its replicas are copied from others; replace the disk and restart the server without it"));
        } else if (!disk.state().equals("ok")) {
            findings.add(Finding.warning(name, "is full", "delete files, empty the trash, or add disks or servers"));
        } else if (disk.totalBytes() > 0 && disk.usableBytes() < disk.totalBytes() * FREE_MIN) {
            findings.add(Finding.warning(
                    name,
                    "has %.1f %% of its space left".formatted(100.0 * disk.usableBytes() / disk.totalBytes()),
                    "delete files, empty the trash, or add disks or servers"));
        }
    }

    /** Copies are kept apart by rack; a host with servers in two racks may get two copies of a chunk. */
    private void hosts(List<ServerHealth> servers) {
        Map<String, SortedSet<String>> racks = new TreeMap<>();
        for (ServerHealth server : servers) {
            racks.computeIfAbsent(server.address().host(), host -> new TreeSet<>())
                    .add(server.rack());
        }
        racks.forEach((host, names) -> {
            if (names.size() > 1 && racks.size() > 1) {
                findings.add(Finding.warning(
                        host,
                        "its chunkservers say that they are in different racks: " + String.join(", ", names),
                        "give all chunkservers of a host the same --rack, or copies that should survive it lie on it"));
            }
        });
    }

    /** A chunkserver on this host: readers here can do without the network. */
    private void shortCircuit(ServerHealth server) throws CairnException {
        String obstacle = cairn.shortCircuitObstacle(server.address());
        String about = server.id() + " at " + server.address();
        findings.add(
                obstacle.isEmpty()
                        ? Finding.ok(about, "is on this host, and lets its replicas be read from their files")
                        : Finding.warning(
                                about,
                                "is on this host, and its replicas are read through the network: " + obstacle,
                                "run readers where they see its --dir, as users who may read it; or leave it so"));
    }

    private void ports(List<ServerHealth> servers) {
        int reached = 0;
        for (ServerHealth server : servers) {
            if (server.state().equals("live") && reached < PORTS_MAX) {
                try {
                    cairn.scrubProgress(server.address());
                    reached++;
                    if (cairn.isHere(server.address())) {
                        shortCircuit(server);
                    }
                } catch (CairnException e) {
                    findings.add(Finding.broken(
                            server.id() + " at " + server.address(),
                            "lives for the master, and cannot be reached from here: " + e.getMessage(),
                            "open its port in firewalls; its --listen must be an address that clients reach"));
                }
            }
        }
        findings.add(
                Finding.ok("ports", Amount.of(reached, "chunkserver answers", "chunkservers answer") + " from here"));
    }
}
