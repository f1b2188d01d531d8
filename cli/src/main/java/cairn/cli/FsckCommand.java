package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.client.Cairn;
import cairn.client.CheckListener;
import cairn.client.CheckSummary;
import cairn.client.CheckSummary.ServerCheck;
import cairn.client.ChunkCheck;
import cairn.model.Amount;
import cairn.model.ChunkHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Judges every chunk of the files at and below PATH, of the whole cell unless told: missing, corrupt,"
                        + " with too few or too many copies, misplaced; and finds replicas that belong to nothing. Reads"
                        + " what the master knows; --deep has chunkservers verify every byte against its checksum first.",
        footer = {
            "  cairn fsck && echo healthy",
            "  cairn fsck --deep /archive",
            "  cairn fsck --json | jq '.chunks[] | select(.health == \"missing\") | .path'"
        })
final class FsckCommand implements Action {
    @Option(
            names = "--deep",
            description = "Have the chunkservers verify the replicas first; reads all their bytes, clients go first.")
    boolean deep;

    @Option(names = "--all", description = "Show healthy chunks, too.")
    boolean all;

    @Option(
            names = "--show",
            paramLabel = "N",
            description = "Chunks shown one by one; the others are only counted. 100 unless told; --json shows all.")
    long show = 100;

    @Option(names = "--json", description = "A JSON object.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..1", paramLabel = "PATH", description = "A file or directory; '/' unless told.")
    String path = "/";

    @Override
    public int run(Console console) throws IOException {
        if (show < 0) {
            throw new WrongUsage("--show " + show + ": write how many chunks to show, 0 or more");
        }
        String below = CellPaths.parse(path);
        try (Cairn cairn = cell.connect(console)) {
            List<DeepCheck.Damage> damage = List.of();
            List<String> unverified = List.of();
            if (deep) {
                DeepCheck check = new DeepCheck(cairn, console);
                check.run(below);
                damage = check.damage();
                unverified = check.unverified();
            }
            Printer printer = new Printer(console);
            printer.begin();
            CheckSummary summary = cairn.check(below, all, printer);
            printer.end(summary, damage, unverified);
            return code(summary, damage, unverified);
        }
    }

    static int code(CheckSummary summary, List<DeepCheck.Damage> damage, List<String> unverified) {
        if (!summary.readable()) {
            return NOT_READABLE;
        }
        if (!summary.healthy() || !damage.isEmpty()) {
            return NOT_HEALTHY;
        }
        return unverified.isEmpty() ? DONE : FAILED;
    }

    /** Prints chunks as they come: however many there are, none is kept. */
    private final class Printer implements CheckListener {
        private final Console console;
        private final ProgressLine progress;
        private long shown;
        private long held;

        Printer(Console console) {
            this.console = console;
            this.progress = new ProgressLine(console);
        }

        void begin() throws IOException {
            if (json) {
                console.out().print("{\"chunks\": [");
            }
        }

        @Override
        public void chunk(ChunkCheck chunk) {
            try {
                if (json) {
                    console.out().print((shown == 0 ? "\n" : ",\n") + object(chunk));
                    shown++;
                } else if (shown < show) {
                    progress.clear();
                    console.out()
                            .println("%s: %s chunk %d (%s): %s"
                                    .formatted(
                                            chunk.health(),
                                            Table.oneLine(chunk.path()),
                                            chunk.index(),
                                            chunk.handle(),
                                            chunk.words()));
                    shown++;
                } else {
                    held++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void progress(long examined, long total) {
            progress.show(examined + " of " + Amount.of(total, "chunk") + " judged");
        }

        void end(CheckSummary summary, List<DeepCheck.Damage> damage, List<String> unverified) throws IOException {
            progress.clear();
            if (json) {
                String rest = rest(summary, damage, unverified).toString();
                console.out().println("\n], " + rest.substring(1));
                return;
            }
            if (held > 0) {
                console.out().println("... and %d more; --show N shows more".formatted(held));
            }
            for (ServerCheck server : summary.servers()) {
                console.out()
                        .println("%s at %s: %s, %d damaged kept"
                                .formatted(
                                        server.server(),
                                        server.address(),
                                        Amount.of(server.orphans(), "orphaned replica"),
                                        server.damaged()));
            }
            for (DeepCheck.Damage found : damage) {
                console.out()
                        .println(
                                "damaged: chunk %s on %s: %s".formatted(found.chunk(), found.server(), found.reason()));
            }
            for (String server : unverified) {
                console.out().println("not verified: " + server);
            }
            console.out().println(Amount.of(summary.examined(), "chunk") + " judged" + classes(summary));
            console.out().println(verdict(summary, damage, unverified));
        }
    }

    private static String classes(CheckSummary summary) {
        List<String> parts = new ArrayList<>();
        summary.health().forEach((health, chunks) -> {
            if (chunks > 0) {
                parts.add(chunks + " " + health);
            }
        });
        if (summary.reclaiming() > 0) {
            parts.add(summary.reclaiming() + " deleted and being reclaimed");
        }
        return parts.isEmpty() ? "" : ": " + String.join(", ", parts);
    }

    /** The last line: healthy, or what is wrong, the worst first. */
    static String verdict(CheckSummary summary, List<DeepCheck.Damage> damage, List<String> unverified) {
        List<String> faults = ChunkFaults.of(summary::count);
        ChunkFaults.add(faults, damage.size(), "replica found damaged", "replicas found damaged");
        ChunkFaults.add(faults, unverified.size(), "chunkserver not verified", "chunkservers not verified");
        return faults.isEmpty()
                ? "healthy"
                : "not healthy: " + String.join(", ", faults) + "; see: cairn explain CHUNK";
    }

    private static JsonObject rest(CheckSummary summary, List<DeepCheck.Damage> damage, List<String> unverified) {
        JsonObject health = new JsonObject();
        for (String each : List.of("healthy", "over", "misplaced", "under", "corrupt", "missing")) {
            health.with(each, summary.count(each));
        }
        return new JsonObject()
                .with("examined", summary.examined())
                .with("health", health)
                .with("reclaiming", summary.reclaiming())
                .with(
                        "servers",
                        summary.servers().stream().map(FsckCommand::object).toList())
                .with("damage", damage.stream().map(DeepCheck.Damage::object).toList())
                .with(
                        "unverified",
                        unverified.stream()
                                .map(server -> new JsonObject().with("server", server))
                                .toList())
                .with("healthy", code(summary, damage, unverified) == DONE)
                .with("summary", verdict(summary, damage, unverified));
    }

    private static JsonObject object(ServerCheck server) {
        return new JsonObject()
                .with("server", server.server().toString())
                .with("address", server.address())
                .with("orphans", server.orphans())
                .with("damaged", server.damaged())
                .with(
                        "orphanChunks",
                        String.join(
                                " ",
                                server.some().stream()
                                        .map(ChunkHandle::toString)
                                        .toList()));
    }

    static JsonObject object(ChunkCheck chunk) {
        return new JsonObject()
                .with("chunk", chunk.handle().toString())
                .with("path", chunk.path())
                .with("index", chunk.index())
                .with("version", chunk.version().value())
                .with("sealed", chunk.sealed())
                .with("length", chunk.length())
                .with("health", chunk.health())
                .with("goal", chunk.goal())
                .with("good", chunk.good())
                .with("words", chunk.words())
                .with(
                        "replicas",
                        chunk.replicas().stream()
                                .map(replica -> new JsonObject()
                                        .with("server", replica.server().toString())
                                        .with("address", replica.address())
                                        .with("rack", replica.rack())
                                        .with("worth", replica.worth())
                                        .with("version", replica.established())
                                        .with("length", replica.length()))
                                .toList());
    }
}
