package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.client.Account;
import cairn.client.Account.ChunkAccount;
import cairn.client.Account.ServerAccount;
import cairn.client.Cairn;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Says in sentences why something is as it is: which copies a chunk has and what each is worth, what is"
                        + " being done about those that lack and what blocks that, what depends on a chunkserver and what"
                        + " would be lost without it.",
        footer = {
            "  cairn explain /logs/web",
            "  cairn explain 000000000000002a    a chunk, as locate and fsck name it",
            "  cairn explain s3                  a chunkserver, as report names it; its HOST:PORT too"
        })
final class ExplainCommand implements Action {
    private static final Pattern SERVER = Pattern.compile("s([0-9]{1,18})");
    private static final Pattern CHUNK = Pattern.compile("[0-9a-fA-F]{1,16}");

    @Option(names = "--json", description = "A JSON object.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1", paramLabel = "PATH|CHUNK|SERVER")
    String thing = "";

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            Account account = ask(cairn);
            if (json) {
                console.out().println(object(account).toString());
                return DONE;
            }
            for (String sentence : account.sentences()) {
                console.out().println(Table.oneLine(sentence));
            }
            if (account.server() != null) {
                for (String sentence : consequences(account.server())) {
                    console.out().println(sentence);
                }
            }
            if (account.more()) {
                console.out().println("There are more; see: cairn fsck " + thing);
            } else if (thing.startsWith("/")
                    && account.chunks().isEmpty()
                    && account.sentences().size() == 1) {
                console.out().println("Nothing is wrong with it.");
            }
            return DONE;
        }
    }

    private Account ask(Cairn cairn) throws IOException {
        if (thing.startsWith("/")) {
            return cairn.explain(thing);
        }
        var server = SERVER.matcher(thing);
        if (server.matches()) {
            return cairn.explain(new ServerId(Long.parseLong(server.group(1))));
        }
        if (thing.contains(":")) {
            return cairn.explain(cairn.report().servers().stream()
                    .filter(each -> each.address().toString().equals(thing))
                    .findFirst()
                    .orElseThrow(() -> new CairnException(
                            ErrorCode.NOT_FOUND, thing + ": no chunkserver has that address; see: cairn report"))
                    .id());
        }
        if (CHUNK.matcher(thing).matches()) {
            return cairn.explain(new ChunkHandle(Long.parseUnsignedLong(thing, 16)));
        }
        throw new WrongUsage("'" + thing + "' is no path (/a/b), no chunk (000000000000002a) and no chunkserver (s3)");
    }

    /** What the sums over a server's replicas mean. */
    static List<String> consequences(ServerAccount server) {
        String when = server.state().equals("live") ? "If it died now, " : "While it is away, ";
        List<String> sentences = new ArrayList<>();
        sentences.add("It holds %d replicas.".formatted(server.replicas()));
        if (server.lastCopies() > 0) {
            sentences.add("%s%d chunks of which only it has a good copy could not be read by anybody, such as %s."
                    .formatted(
                            when, server.lastCopies(), server.lastCopyHandles().getFirst()));
        } else {
            sentences.add(when + "every chunk could still be read.");
        }
        if (server.thenUnder() > 0) {
            sentences.add(
                    "%d chunks would have fewer copies than wanted, %d of them only one; they would be copied elsewhere."
                            .formatted(server.thenUnder(), server.thenSingle()));
        }
        return sentences;
    }

    static JsonObject object(Account account) {
        JsonObject object = new JsonObject()
                .with(
                        "sentences",
                        account.sentences().stream()
                                .map(sentence -> new JsonObject().with("text", sentence))
                                .toList())
                .with(
                        "chunks",
                        account.chunks().stream().map(ExplainCommand::object).toList())
                .with("more", account.more());
        ServerAccount server = account.server();
        if (server != null) {
            object.with(
                    "server",
                    new JsonObject()
                            .with("server", server.server().toString())
                            .with("address", server.address())
                            .with("rack", server.rack())
                            .with("state", server.state())
                            .with("heardMillisAgo", server.heardMillisAgo())
                            .with("replicas", server.replicas())
                            .with("lastCopies", server.lastCopies())
                            .with("thenSingle", server.thenSingle())
                            .with("thenUnder", server.thenUnder())
                            .with("lastCopyChunks", String.join(" ", server.lastCopyHandles())));
        }
        return object;
    }

    private static JsonObject object(ChunkAccount account) {
        return FsckCommand.object(account.chunk())
                .with("repair", account.repair())
                .with("reason", account.reason())
                .with("nextTryMillis", account.nextTryMillis())
                .with(
                        "fates",
                        account.fates().stream()
                                .map(fate -> new JsonObject()
                                        .with("server", fate.server().toString())
                                        .with("whyHere", fate.whyHere())
                                        .with("goodLeft", fate.goodLeft()))
                                .toList());
    }
}
