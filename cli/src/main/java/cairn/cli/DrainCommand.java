package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.client.CellReport.ServerHealth;
import cairn.model.Amount;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Moves all replicas of chunkservers to others while they go on serving: each is copied and verified before it is "
                        + "dropped, so no chunk ever has fewer live copies than before. Nothing new is placed there. Outlives "
                        + "restarts of the master; cairn undrain takes it back.",
        footer = {
            "  cairn drain s2 --wait             until it is empty; then stop it, and: cairn forget s2",
            "  cairn drain s2 s5 10.0.0.7:7434   in the background, all at once; see: cairn report"
        })
final class DrainCommand implements Action {
    private static final long ASK_AGAIN_NANOS = 500_000_000;

    @Option(
            names = {"-w", "--wait"},
            description = "Until it holds nothing any more; shows how far it is, and what is in the way.")
    boolean wait;

    @Option(names = "--json", description = "A JSON array with the state of each drain at the end.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "SERVER",
            description = "By id, address or host, as cairn report shows it.")
    List<String> operands = List.of();

    /** Those that are waited for, in the order in which they were named. */
    private final SequencedSet<String> left = new LinkedHashSet<>();

    private final SequencedMap<String, ServerHealth> seen = new LinkedHashMap<>();
    private final Map<String, String> told = new TreeMap<>();

    /** All drains begin before the first is waited for: so nothing moves from one of these servers to another. */
    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "drain");
            each.each(operands, operand -> {
                ServerHealth server = NamedServer.find(cairn, operand);
                cairn.drain(server.id(), true);
                left.add(server.id().toString());
            });
            look(cairn, each);
            while (wait && !left.isEmpty()) {
                Worlds.real().time().sleep(ASK_AGAIN_NANOS);
                look(cairn, each);
            }
            if (json) {
                console.out()
                        .println(JsonObject.array(
                                seen.values().stream().map(DrainCommand::object).toList()));
            }
            return each.outcome();
        }
    }

    /** Whoever is done, or not to be waited for any more, is not left. */
    private void look(Cairn cairn, Operands each) throws IOException {
        CellReport report = cairn.report();
        each.each(List.copyOf(left), id -> {
            left.remove(id);
            ServerHealth server = NamedServer.find(report, id);
            if (!server.draining()) {
                throw new Failure(id + ": the drain was taken back by somebody else, "
                        + Amount.of(server.replicas(), "replica") + " left");
            }
            seen.put(id, server);
            if (!Draining.isDone(server)) {
                left.add(id);
            }
            tell(each.console(), server);
        });
    }

    private void tell(Console console, ServerHealth server) throws IOException {
        String id = server.id().toString();
        boolean later = !wait && !Draining.isDone(server) && !Draining.isBlocked(server);
        String line = Draining.words(server) + (later ? "; see: cairn report, or: cairn drain --wait " + id : "");
        if (!json && !line.equals(told.put(id, line))) {
            console.out().println(line);
            console.out().flush();
        }
    }

    private static JsonObject object(ServerHealth server) {
        return new JsonObject()
                .with("server", server.id().toString())
                .with("address", server.address().toString())
                .with("state", server.state())
                .with("draining", server.draining())
                .with("drained", Draining.isDone(server))
                .with("replicas", server.replicas())
                .with("leftBytes", server.leftBytes())
                .with("blocked", server.blocked());
    }
}
