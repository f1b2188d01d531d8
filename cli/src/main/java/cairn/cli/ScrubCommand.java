package cairn.cli;

import cairn.cli.text.Sizes;
import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import cairn.client.ChunkInfo;
import cairn.client.FileInfo;
import cairn.client.ScrubProgress;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.world.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Has chunkservers verify replicas against their checksums ahead of the rounds that they do anyway: all of a "
                        + "server's, or those of files and of all files below directories; of every live server when nothing is "
                        + "named. A bad replica is put aside and made anew from a good one.",
        footer = {
            "  cairn scrub --wait                everything",
            "  cairn scrub --wait s2             what server s2 holds (see: cairn report)",
            "  cairn scrub /archive 10.0.0.7:7434"
        })
final class ScrubCommand implements Action {
    private static final long ASK_AGAIN_NANOS = 500_000_000;

    @Option(
            names = {"-w", "--wait"},
            description = "Until all that was asked for is verified; shows how far it is.")
    boolean wait;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..*", paramLabel = "SERVER|PATH", description = "Servers by id or address, and paths.")
    List<String> operands = List.of();

    /** What is asked of each server, beside those of {@link #whole}. */
    private final Map<ServerAddress, List<ChunkHandle>> chunks = new LinkedHashMap<>();

    private final List<ServerAddress> whole = new ArrayList<>();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            if (operands.isEmpty()) {
                live(cairn).forEach(server -> whole.add(server.address()));
            }
            Operands each = new Operands(console, "scrub");
            each.each(operands, operand -> name(cairn, operand));
            Map<String, ServerAddress> asked = new LinkedHashMap<>();
            whole.forEach(server -> asked.put(server.toString(), server));
            chunks.keySet().forEach(server -> asked.put(server.toString(), server));
            List<String> servers = List.copyOf(asked.keySet());
            return each.each(servers, server -> scrub(cairn, Objects.requireNonNull(asked.get(server)), console));
        }
    }

    private static List<ServerHealth> live(Cairn cairn) throws IOException {
        return cairn.report().servers().stream()
                .filter(server -> server.state().equals("live"))
                .toList();
    }

    private void name(Cairn cairn, String operand) throws IOException {
        if (operand.startsWith("/")) {
            Tree.walk(cairn, cairn.stat(CellPaths.parse(operand)), file -> add(cairn, file));
            return;
        }
        whole.add(live(cairn).stream()
                .filter(server -> server.id().toString().equals(operand)
                        || server.address().toString().equals(operand))
                .findFirst()
                .orElseThrow(() -> new CairnException(
                        ErrorCode.NOT_FOUND,
                        operand + ": no live chunkserver has that id or address; see: cairn report"))
                .address());
    }

    private void add(Cairn cairn, FileInfo file) throws IOException {
        if (file.directory()) {
            return;
        }
        for (ChunkInfo chunk : cairn.locate(file.path())) {
            chunk.replicas()
                    .forEach(replica -> chunks.computeIfAbsent(replica.address(), server -> new ArrayList<>())
                            .add(chunk.handle()));
        }
    }

    private void scrub(Cairn cairn, ServerAddress server, Console console) throws IOException {
        List<ChunkHandle> some = chunks.getOrDefault(server, List.of());
        long badBefore = cairn.scrubProgress(server).bad();
        ScrubProgress progress = whole.contains(server) ? cairn.scrubAll(server) : cairn.scrub(server, some);
        long asked = progress.waiting();
        if (!wait) {
            print(console, server + ": " + asked + " replicas to verify");
            return;
        }
        Time time = Worlds.real().time();
        long checkedBefore = progress.checkedBytes();
        long told = asked;
        while (progress.waiting() > 0) {
            time.sleep(ASK_AGAIN_NANOS);
            progress = cairn.scrubProgress(server);
            if (progress.waiting() > 0 && progress.waiting() < told) {
                told = progress.waiting();
                print(console, "%s: %d of %d replicas verified".formatted(server, asked - told, asked));
            }
        }
        print(
                console,
                "%s: %d replicas verified, %s, %d found bad"
                        .formatted(
                                server,
                                asked,
                                Sizes.human(progress.checkedBytes() - checkedBefore),
                                progress.bad() - badBefore));
    }

    private static void print(Console console, String line) throws IOException {
        console.out().println(line);
        console.out().flush();
    }
}
