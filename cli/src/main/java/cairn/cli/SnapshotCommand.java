package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.client.Cairn;
import cairn.client.SnapshotProgress;
import cairn.model.Amount;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Clones a file or a whole tree, as it is at one instant, writers notwithstanding. However large it is, no data is "
                        + "copied: a chunk is copied within its servers when one side writes to it. Both sides may be written, "
                        + "cloned again and deleted; what both have is freed when both are gone.",
        footer = {"  cairn snapshot /logs /snapshots/logs-monday", "  cairn snapshot --json /table /experiment"})
final class SnapshotCommand implements Action {
    @Mixin
    CellOption cell = new CellOption();

    @Option(
            names = {"--json"},
            description = "One object with what was cloned.")
    boolean json;

    @Parameters(index = "0", paramLabel = "SRC", description = "A file or directory.")
    String source = "";

    @Parameters(
            index = "1",
            paramLabel = "DST",
            description = "The path of the clone. There must be nothing there; its directory must exist.")
    String destination = "";

    @Override
    public int run(Console console) throws IOException {
        String from = CellPaths.parse(source);
        String to = CellPaths.parse(destination);
        try (Cairn cairn = cell.connect(console)) {
            SnapshotProgress done = cairn.snapshot(from, to, progress -> show(console, progress));
            console.out().println(json ? object(from, to, done) : Table.oneLine(line(from, to, done)));
            console.out().flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return 0;
    }

    private static void show(Console console, SnapshotProgress progress) {
        if (!console.terminal()) {
            return;
        }
        try {
            console.err()
                    .println("%d of %s being written, sealed so far; writers have waited %d ms"
                            .formatted(
                                    progress.sealed(),
                                    Amount.of(progress.sealed() + progress.open(), "chunk"),
                                    progress.held().toMillis()));
            console.err().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(String from, String to, SnapshotProgress done) {
        return "%s -> %s: %s cloned; %s being written, writers waited %d ms"
                .formatted(
                        from,
                        to,
                        Amount.of(done.entries(), "file or directory", "files and directories"),
                        Amount.of(done.sealed(), "chunk was", "chunks were"),
                        done.held().toMillis());
    }

    private static String object(String from, String to, SnapshotProgress done) {
        return new JsonObject()
                .with("from", from)
                .with("to", to)
                .with("entries", done.entries())
                .with("chunksSealed", done.sealed())
                .with("writersWaitedMillis", done.held().toMillis())
                .toString();
    }
}
