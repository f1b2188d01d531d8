package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.client.Account;
import cairn.client.Account.ChunkAccount;
import cairn.client.Account.ServerAccount;
import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private static final Pattern SERVER = Pattern.compile("s[0-9]+|.*:.*");
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
            List<String> sentences = sentences(cairn, account);
            if (json) {
                console.out().println(object(account, sentences).toString());
                return DONE;
            }
            for (String sentence : sentences) {
                console.out().println(Table.oneLine(sentence));
            }
            return DONE;
        }
    }

    private Account ask(Cairn cairn) throws IOException {
        if (thing.startsWith("/")) {
            return cairn.explain(thing);
        }
        Optional<ServerHealth> server = NamedServer.look(cairn.report(), thing);
        if (server.isPresent()) { // a host may have a name that reads as a handle
            return cairn.explain(server.get().id());
        }
        if (CHUNK.matcher(thing).matches()) {
            return cairn.explain(new ChunkHandle(Long.parseUnsignedLong(thing, 16)));
        }
        if (SERVER.matcher(thing).matches()) {
            throw new CairnException(
                    ErrorCode.NOT_FOUND,
                    "'" + thing + "': no chunkserver has that id, address or host; see: cairn report");
        }
        throw new WrongUsage("'" + thing + "' is no path (/a/b), no chunk (000000000000002a) and no chunkserver (s3)");
    }

    /** All that there is to say, for people and for programs. */
    private List<String> sentences(Cairn cairn, Account account) throws IOException {
        List<String> sentences = new ArrayList<>(account.sentences());
        if (account.server() != null) {
            sentences.addAll(consequences(account.server()));
        }
        if (account.more()) {
            sentences.add("There are more; see: cairn fsck " + thing);
        } else if (thing.startsWith("/")
                && account.chunks().isEmpty()
                && account.sentences().size() == 1
                && !cairn.stat(thing).directory()) {
            sentences.add("Nothing is wrong with it.");
        }
        return sentences;
    }

    /** What the sums over a server's replicas mean. */
    static List<String> consequences(ServerAccount server) {
        boolean live = server.state().equals("live");
        String when = live ? "If it died now, " : "While it is away, ";
        List<String> sentences = new ArrayList<>();
        sentences.add((live ? "It holds " : "It held ")
                + Amount.of(server.replicas(), "replica")
                + (live ? "." : " when it was last heard of."));
        if (server.lastCopies() > 0) {
            sentences.add("%s%s of which only it has a good copy could not be read by anybody, such as %s."
                    .formatted(
                            when,
                            Amount.of(server.lastCopies(), "chunk"),
                            server.lastCopyHandles().getFirst()));
        } else {
            sentences.add(when + "every chunk could still be read.");
        }
        long lacking = server.thenUnder() - server.lastCopies();
        if (lacking > 0) {
            sentences.add("%s %s fewer copies than wanted%s; %s."
                    .formatted(
                            Amount.of(lacking, "chunk"),
                            live ? "would have" : lacking == 1 ? "has" : "have",
                            server.thenSingle() == 0 ? "" : ", " + server.thenSingle() + " of them only one",
                            makeup(lacking, server.thenUntaken())));
        }
        return sentences;
    }

    /** What becomes of chunks that would lack copies. */
    private static String makeup(long lacking, long untaken) {
        if (untaken == 0) {
            return "what is lacking is copied to other servers";
        }
        return untaken == lacking
                ? "no other server can take what is lacking now: another chunkserver or more room is needed"
                : "of %s no other server can take what is lacking now, the others are copied"
                        .formatted(Amount.of(untaken, "chunk"));
    }

    static JsonObject object(Account account, List<String> sentences) {
        JsonObject object = new JsonObject()
                .with(
                        "sentences",
                        sentences.stream()
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
                            .with("thenUntaken", server.thenUntaken())
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
