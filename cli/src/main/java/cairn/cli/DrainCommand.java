package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import cairn.world.Time;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Moves all replicas of a chunkserver to others while it goes on serving: each is copied and verified before it is "
                        + "dropped, so no chunk ever has fewer live copies than before. Nothing new is placed there. Outlives "
                        + "restarts of the master; cairn undrain takes it back.",
        footer = {
            "  cairn drain s2 --wait             until it is empty; then stop it, and: cairn forget s2",
            "  cairn drain 10.0.0.7:7434         in the background; see: cairn report"
        })
final class DrainCommand implements Action {
    private static final long ASK_AGAIN_NANOS = 500_000_000;

    @Option(
            names = {"-w", "--wait"},
            description = "Until it holds nothing any more; shows how far it is, and what is in the way.")
    boolean wait;

    @Option(names = "--json", description = "A JSON object with the state of the drain at the end.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "SERVER", description = "By id, address or host, as cairn report shows it.")
    String operand = "";

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            ServerHealth server = NamedServer.find(cairn, operand);
            cairn.drain(server.id(), true);
            String id = server.id().toString();
            server = NamedServer.find(cairn, id);
            if (wait) {
                server = follow(cairn, id, server, console);
            }
            if (json) {
                console.out().print(object(server) + "\n");
            } else if (Draining.isDone(server) || Draining.isBlocked(server)) {
                print(console, Draining.words(server));
            } else {
                print(console, Draining.words(server) + "; see: cairn report, or: cairn drain --wait " + id);
            }
            return DONE;
        }
    }

    private ServerHealth follow(Cairn cairn, String id, ServerHealth first, Console console) throws IOException {
        Time time = Worlds.real().time();
        ServerHealth server = first;
        String told = "";
        while (!Draining.isDone(server)) {
            if (!server.draining()) {
                throw new Failure(id + ": the drain was taken back by somebody else, " + Draining.left(server));
            }
            String line = Draining.words(server);
            if (!json && !line.equals(told)) {
                print(console, line);
                told = line;
            }
            time.sleep(ASK_AGAIN_NANOS);
            server = NamedServer.find(cairn, id);
        }
        return server;
    }

    private static JsonObject object(ServerHealth server) {
        return new JsonObject()
                .with("server", server.id().toString())
                .with("address", server.address().toString())
                .with("state", server.state())
                .with("draining", server.draining())
                .with("drained", Draining.isDone(server))
                .with("replicas", server.replicas())
                .with("blocked", server.blocked());
    }

    private static void print(Console console, String line) throws IOException {
        console.out().println(line);
        console.out().flush();
    }
}
