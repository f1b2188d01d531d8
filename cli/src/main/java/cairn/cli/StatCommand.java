package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Modes;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.cli.text.Times;
import cairn.client.Cairn;
import cairn.client.DirectoryUse;
import cairn.client.FileInfo;
import cairn.model.Amount;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Shows all attributes of files and directories. The length of a file that is being written is exact: "
                        + "its last chunk's primary is asked.",
        footer = {"  cairn stat /logs/web", "  cairn stat --json /logs/web | jq '.[0].length'"})
final class StatCommand implements Action {
    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "stat");
            each.each(operands, operand -> {
                FileInfo file = cairn.stat(CellPaths.parse(operand));
                if (json) {
                    objects.add(Listing.json(file));
                } else {
                    console.out().print(table(file));
                }
            });
            if (json) {
                console.out().println(JsonObject.array(objects));
            }
            return each.outcome();
        }
    }

    private static String table(FileInfo file) {
        Table table = new Table(Align.LEFT, Align.LEFT);
        table.row("path", file.path());
        table.row("type", file.directory() ? "directory" : "file");
        if (file.directory()) {
            table.row("entries", Integer.toString(file.entryCount()));
            file.use().ifPresent(use -> uses(use, table));
        } else {
            String about = file.length() < 1024 ? "" : " (" + Sizes.human(file.length()) + ")";
            table.row("length", file.length() + about);
            table.row("chunks", file.chunkCount() + (file.open() ? ", the last one open for writing" : ""));
        }
        table.row("copies", file.replication() + (file.directory() ? " for new files in it" : ""));
        table.row("mode", Modes.octal(file.mode()) + " " + Modes.letters(file.mode()));
        table.row("owner", file.owner() + ":" + file.group());
        table.row("modified", Times.iso(file.modifiedMillis(), ZoneId.systemDefault()));
        table.row("id", file.id().toString());
        return table.take();
    }

    private static void uses(DirectoryUse use, Table table) {
        table.row("holds", Amount.of(use.files(), "file") + ", " + Amount.of(use.bytes(), "byte"));
        if (use.hasQuota()) {
            table.row("quota", QuotaCommand.words(use, false));
        }
        use.trashTime()
                .ifPresent(time -> table.row("trash", "deleted files are kept for " + Times.duration(time.toMillis())));
    }
}
