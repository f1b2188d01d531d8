package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.cli.text.Times;
import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.client.CellReport.DiskHealth;
import cairn.client.CellReport.Movement;
import cairn.client.CellReport.ServerHealth;
import cairn.client.CellReport.TrashHealth;
import cairn.model.Amount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description =
                "Shows the health of the cell: its servers and their disks, how many chunks lack copies, and in the"
                        + " last line whether all is well.",
        footer = {
            "  cairn report",
            "  cairn report --json | jq .chunksMissing",
            "  cairn report --metrics > /var/lib/node_exporter/cairn.prom"
        })
final class ReportCommand implements Action {
    @Option(
            names = {"-h", "--human"},
            hidden = true,
            description = "What happens anyway.")
    boolean human;

    @Option(names = "--json", description = "A JSON object.")
    boolean json;

    @Option(names = "--metrics", description = "Gauges and counters in the text format of Prometheus.")
    boolean metrics;

    @Mixin
    CellOption cell = new CellOption();

    @Override
    public int run(Console console) throws IOException {
        if (metrics && json) {
            throw new WrongUsage("--metrics is a format of its own; write it without --json");
        }
        try (Cairn cairn = cell.connect(console)) {
            CellReport report = cairn.report();
            console.out().print(metrics ? Metrics.of(report) : json ? object(report) + "\n" : text(report));
            return DONE;
        }
    }

    static String text(CellReport report) {
        Table facts = new Table(Align.LEFT, Align.LEFT);
        facts.row("cell", HexFormat.of().toHexDigits(report.cellId()));
        facts.row(
                "master",
                "up " + Times.duration(report.uptimeMillis()) + ", log at " + report.logIndex() + ", checkpoint at "
                        + report.checkpointIndex());
        facts.row("names", Amount.of(report.files(), "file") + ", " + Amount.of(report.directories(), "directory"));
        facts.row(
                "chunks",
                report.chunks()
                        + (report.chunksOpen() == 0 ? "" : ", " + report.chunksOpen() + " of them open for writing"));
        if (report.chunksSingle() > 0) {
            facts.row("", Amount.of(report.chunksSingle(), "of them has", "of them have") + " one good copy only");
        }
        facts.row("copies", movement(report.movement()));
        if (!report.limits().isEmpty()) {
            facts.row("limits", LimitsCommand.summary(report.limits()));
        }
        TrashHealth trash = report.trash();
        facts.row(
                "trash",
                Amount.of(trash.files(), "file") + ", " + Sizes.human(trash.bytes()) + "; being reclaimed: "
                        + Amount.of(trash.expiredFiles(), "file") + ", " + Sizes.human(trash.expiredBytes()));
        if (report.quotas().directories() > 0) {
            facts.row(
                    "quotas",
                    report.quotas().directories() + ", " + report.quotas().full() + " of them full");
        }
        return facts.take() + "\n" + servers(report.servers()) + notes(report) + "\n" + summary(report) + "\n";
    }

    /** What is copied, and what waits for it, the most urgent first. */
    private static String movement(Movement movement) {
        List<String> waiting = new ArrayList<>();
        add(waiting, movement.missingLast(), "with one copy left");
        add(waiting, movement.missing(), "with too few copies");
        add(waiting, movement.leaving(), "on servers that are drained");
        add(waiting, movement.narrow(), "on one rack");
        if (movement.balancing()) {
            waiting.add("servers are evened out");
        }
        String now = movement.copying() + " under way of " + movement.copyingMax() + " at most, "
                + Sizes.human(movement.bytesPerSecond()) + "/s; " + movement.copied()
                + " made since the master started";
        return waiting.isEmpty() ? now : now + "; chunks " + String.join(", ", waiting);
    }

    private static void add(List<String> words, long count, String what) {
        if (count > 0) {
            words.add(count + " " + what);
        }
    }

    /** Drains, and what cannot be as it should with these servers. */
    private static String notes(CellReport report) {
        StringBuilder text = new StringBuilder();
        for (ServerHealth server : report.servers()) {
            if (server.draining()) {
                text.append('\n').append(Draining.words(server));
            }
        }
        report.movement().remarks().forEach(remark -> text.append("\nnote: ").append(remark));
        return text.isEmpty() ? "" : text.append('\n').toString();
    }

    private static String servers(List<ServerHealth> servers) {
        Table table = new Table(
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT);
        table.row("SERVER", "ADDRESS", "RACK", "STATE", "HEARD", "REPLICAS", "USED", "FREE", "DISKS");
        for (ServerHealth server : servers) {
            DiskHealth space = server.space();
            table.row(
                    server.id().toString(),
                    server.address().toString(),
                    server.rack().isEmpty() ? "-" : server.rack(),
                    server.state() + (server.draining() ? ", " + Draining.state(server) : ""),
                    Times.ago(server.heardMillisAgo()),
                    server.heardMillisAgo() < 0 ? "?" : Long.toString(server.replicas()),
                    Sizes.human(space.usedBytes()),
                    Sizes.human(space.usableBytes()),
                    disks(server.disks()));
        }
        return table.take();
    }

    private static String disks(List<DiskHealth> disks) {
        List<String> ailing = disks.stream()
                .filter(disk -> !disk.state().equals("ok"))
                .map(disk ->
                        disk.path() + " " + disk.state() + (disk.detail().isEmpty() ? "" : " (" + disk.detail() + ")"))
                .toList();
        return ailing.isEmpty() ? disks.size() + " ok" : String.join(", ", ailing);
    }

    /** One line: healthy, or what is not as it should be. */
    static String summary(CellReport report) {
        List<String> faults = ChunkFaults.of(report);
        long away = report.servers().stream()
                .filter(server -> !server.state().equals("live"))
                .count();
        ChunkFaults.add(faults, away, "chunkserver away", "chunkservers away");
        long disks = report.servers().stream()
                .flatMap(server -> server.disks().stream())
                .filter(disk -> !disk.state().equals("ok"))
                .count();
        ChunkFaults.add(faults, disks, "disk full or failing", "disks full or failing");
        long blocked = report.servers().stream().filter(Draining::isBlocked).count();
        ChunkFaults.add(faults, blocked, "drain blocked", "drains blocked");
        if (report.servers().isEmpty()) {
            faults.add("no chunkserver has registered");
        }
        return faults.isEmpty() ? "healthy" : "not healthy: " + String.join(", ", faults);
    }

    static JsonObject object(CellReport report) {
        return new JsonObject()
                .with("cell", HexFormat.of().toHexDigits(report.cellId()))
                .with("healthy", summary(report).equals("healthy"))
                .with("summary", summary(report))
                .with("files", report.files())
                .with("directories", report.directories())
                .with("chunks", report.chunks())
                .with("chunksMissing", report.chunksMissing())
                .with("chunksUnderReplicated", report.chunksUnderReplicated())
                .with("chunksOverReplicated", report.chunksOverReplicated())
                .with("chunksOpen", report.chunksOpen())
                .with("logIndex", report.logIndex())
                .with("checkpointIndex", report.checkpointIndex())
                .with("uptimeMillis", report.uptimeMillis())
                .with("movement", object(report.movement()))
                .with("limits", LimitsCommand.values(report.limits()))
                .with("trashFiles", report.trash().files())
                .with("trashBytes", report.trash().bytes())
                .with("expiredFiles", report.trash().expiredFiles())
                .with("expiredBytes", report.trash().expiredBytes())
                .with("quotas", report.quotas().directories())
                .with("quotasFull", report.quotas().full())
                .with("software", report.software())
                .with("chunksSingle", report.chunksSingle())
                .with("health", object(report.health()))
                .with("counts", object(report.counts()))
                .with(
                        "servers",
                        report.servers().stream().map(ReportCommand::object).toList());
    }

    private static JsonObject object(Movement movement) {
        return new JsonObject()
                .with("chunksWithOneReplicaLeft", movement.missingLast())
                .with("chunksWithTooFewReplicas", movement.missing())
                .with("chunksOnDrainedServers", movement.leaving())
                .with("chunksOnOneRack", movement.narrow())
                .with("queued", movement.queued())
                .with("copying", movement.copying())
                .with("copyingMax", movement.copyingMax())
                .with("copied", movement.copied())
                .with("copiedBytes", movement.copiedBytes())
                .with("copiesFailed", movement.copiesFailed())
                .with("bytesPerSecond", movement.bytesPerSecond())
                .with("balancing", movement.balancing())
                .withTexts("remarks", movement.remarks());
    }

    private static JsonObject object(Map<String, Long> counts) {
        JsonObject object = new JsonObject();
        counts.forEach(object::with);
        return object;
    }

    private static JsonObject object(ServerHealth server) {
        return new JsonObject()
                .with("server", server.id().toString())
                .with("address", server.address().toString())
                .with("rack", server.rack())
                .with("state", server.state())
                .with("heardMillisAgo", server.heardMillisAgo())
                .with("replicas", server.replicas())
                .with("software", server.software())
                .with("draining", server.draining())
                .with("blocked", server.blocked())
                .with("orphans", server.orphans())
                .with("damaged", server.damaged())
                .with("clockAheadMillis", server.clockAheadMillis())
                .with(
                        "disks",
                        server.disks().stream().map(ReportCommand::object).toList());
    }

    private static JsonObject object(DiskHealth disk) {
        return new JsonObject()
                .with("path", disk.path())
                .with("totalBytes", disk.totalBytes())
                .with("usableBytes", disk.usableBytes())
                .with("usedBytes", disk.usedBytes())
                .with("replicas", disk.replicas())
                .with("state", disk.state())
                .with("detail", disk.detail())
                .with("fileSystem", disk.fileSystem());
    }
}
