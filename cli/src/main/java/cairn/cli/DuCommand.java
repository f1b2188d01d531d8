package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.client.Cairn;
import cairn.client.DirectoryUse;
import cairn.client.FileInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Sums up lengths, for each entry of a directory with all below it. Columns: bytes in files, bytes in all "
                        + "copies at the goal, files, path; and its quota if it has one.",
        footer = {"  cairn du -h /logs", "  cairn du -s -h /"})
final class DuCommand implements Action {
    @Option(
            names = {"-s", "--summarize"},
            description = "One line for each PATH.")
    boolean summarize;

    @Option(
            names = {"-h", "--human"},
            description = "Sizes as 1.5K, 64M.")
    boolean human;

    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and directories; / when there are none.")
    List<String> operands = List.of("/");

    /** A running sum. */
    private static final class Sum {
        private long bytes;
        private long copiedBytes;
        private long files;

        void add(FileInfo file) {
            if (!file.directory()) {
                bytes += file.length();
                copiedBytes += file.length() * file.replication();
                files++;
            }
        }
    }

    @Override
    public int run(Console console) throws IOException {
        Table table = new Table(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT);
        List<JsonObject> objects = new ArrayList<>();
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "du");
            each.each(operands, operand -> {
                FileInfo top = cairn.stat(CellPaths.parse(operand));
                if (summarize || !top.directory()) {
                    sum(cairn, top, table, objects);
                } else {
                    for (FileInfo entry : cairn.list(top.path())) {
                        sum(cairn, entry, table, objects);
                    }
                }
            });
            console.out().print(json ? JsonObject.array(objects) + "\n" : table.take());
            return each.outcome();
        }
    }

    private void sum(Cairn cairn, FileInfo top, Table table, List<JsonObject> objects) throws IOException {
        Sum sum = new Sum();
        Tree.walk(cairn, top, sum::add);
        if (json) {
            JsonObject object = new JsonObject()
                    .with("path", top.path())
                    .with("bytes", sum.bytes)
                    .with("copiedBytes", sum.copiedBytes)
                    .with("files", sum.files);
            top.use().ifPresent(use -> QuotaCommand.limits(object, use));
            objects.add(object);
        } else {
            table.row(
                    Sizes.text(sum.bytes, human),
                    Sizes.text(sum.copiedBytes, human),
                    Long.toString(sum.files),
                    top.path(),
                    top.use()
                            .filter(DirectoryUse::hasQuota)
                            .map(use -> "quota " + QuotaCommand.words(use, human))
                            .orElse(""));
        }
    }
}
