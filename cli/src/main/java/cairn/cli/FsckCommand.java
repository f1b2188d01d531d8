package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.cli.text.Times;
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
import java.util.SortedMap;
import java.util.TreeMap;
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
            Printer printer = new Printer(console, damage);
            printer.begin();
            CheckSummary summary = cairn.check(below, all || !damage.isEmpty(), printer);
            Verdict verdict = new Verdict(summary, printer.damage(), unverified);
            printer.end(verdict);
            return verdict.code();
        }
    }

    /** Damage that was found, and how its chunk was judged after that. */
    record Found(DeepCheck.Damage damage, String health) {
        boolean isMended() {
            return health.equals("healthy") || health.equals("over");
        }

        JsonObject object() {
            return damage.object().with("health", health);
        }

        @Override
        public String toString() {
            return "damaged: chunk %s on %s: %s; the chunk is %s now"
                    .formatted(damage.chunk(), damage.server(), damage.reason(), health);
        }
    }

    /** All that was found. */
    record Verdict(CheckSummary summary, List<Found> damage, List<String> unverified) {

        /** What was damaged a moment ago and is mended tells of a disk that gives back other bytes than were written. */
        int code() {
            if (!summary.readable()) {
                return NOT_READABLE;
            }
            if (!summary.healthy() || !damage.isEmpty()) {
                return NOT_HEALTHY;
            }
            return unverified.isEmpty() ? DONE : FAILED;
        }

        /** The last line: healthy, or what is wrong, the worst first. */
        String words() {
            List<String> faults = ChunkFaults.of(summary::count);
            String next = faults.isEmpty() ? "" : "; see: cairn explain CHUNK";
            ChunkFaults.add(faults, summary.silent(), "chunkserver silent", "chunkservers silent");
            long mended = damage.stream().filter(Found::isMended).count();
            ChunkFaults.add(faults, damage.size() - mended, "replica found damaged", "replicas found damaged");
            ChunkFaults.add(
                    faults,
                    mended,
                    "replica found damaged and mended since",
                    "replicas found damaged and mended since");
            ChunkFaults.add(faults, unverified.size(), "chunkserver not verified", "chunkservers not verified");
            return faults.isEmpty() ? "healthy" : "not healthy: " + String.join(", ", faults) + next;
        }
    }

    /** Prints chunks as they come: however many there are, none is kept. */
    private final class Printer implements CheckListener {
        private final Console console;
        private final ProgressLine progress;
        private final List<DeepCheck.Damage> found;
        private final SortedMap<ChunkHandle, String> healths = new TreeMap<>();
        private long shown;
        private long held;

        /** @param found of which it is to be known how their chunks are now */
        Printer(Console console, List<DeepCheck.Damage> found) {
            this.console = console;
            this.found = found;
            found.forEach(each -> healths.put(each.chunk(), ""));
            this.progress = new ProgressLine(console);
        }

        void begin() throws IOException {
            if (json) {
                console.out().print("{\"chunks\": [");
            }
        }

        /** That of the chunks judged. */
        List<Found> damage() {
            return found.stream()
                    .map(each -> new Found(each, String.valueOf(healths.get(each.chunk()))))
                    .filter(each -> !each.health().isEmpty())
                    .toList();
        }

        @Override
        public void chunk(ChunkCheck chunk) {
            healths.replace(chunk.handle(), chunk.health());
            if (!all && chunk.health().equals("healthy")) {
                return;
            }
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

        void end(Verdict verdict) throws IOException {
            progress.clear();
            if (json) {
                String rest = rest(verdict).toString();
                console.out().println("\n], " + rest.substring(1));
                return;
            }
            if (held > 0) {
                console.out().println("... and %d more; --show N shows more".formatted(held));
            }
            for (ServerCheck server : verdict.summary().servers()) {
                console.out().println("%s at %s: %s".formatted(server.server(), server.address(), words(server)));
            }
            for (Found each : verdict.damage()) {
                console.out().println(Table.oneLine(each.toString()));
            }
            for (String server : verdict.unverified()) {
                console.out().println("not verified: " + server);
            }
            CheckSummary summary = verdict.summary();
            console.out().println(Amount.of(summary.examined(), "chunk") + " judged" + classes(summary));
            console.out().println(verdict.words());
        }
    }

    static String words(ServerCheck server) {
        List<String> words = new ArrayList<>();
        if (!server.state().equals("live")) {
            String heard = server.heardMillisAgo() < 0
                    ? "not heard of since the master started"
                    : "heard of " + Times.ago(server.heardMillisAgo());
            words.add(server.state() + ", " + heard
                    + (server.silentCopies() > 0
                            ? "; %s there still, and cannot be read before it is back"
                                    .formatted(Amount.of(server.silentCopies(), "copy counts", "copies count"))
                            : "; no copy there counts"));
        }
        ChunkFaults.add(words, server.orphans(), "orphaned replica", "orphaned replicas");
        ChunkFaults.add(
                words,
                server.damaged(),
                "damaged replica, kept until there is a better one",
                "damaged replicas, kept until there are better ones");
        return String.join("; ", words);
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

    private static JsonObject rest(Verdict verdict) {
        CheckSummary summary = verdict.summary();
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
                .with("damage", verdict.damage().stream().map(Found::object).toList())
                .with(
                        "unverified",
                        verdict.unverified().stream()
                                .map(server -> new JsonObject().with("server", server))
                                .toList())
                .with("healthy", verdict.code() == DONE)
                .with("summary", verdict.words());
    }

    private static JsonObject object(ServerCheck server) {
        return new JsonObject()
                .with("server", server.server().toString())
                .with("address", server.address())
                .with("state", server.state())
                .with("heardMillisAgo", server.heardMillisAgo())
                .with("silentCopies", server.silentCopies())
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
