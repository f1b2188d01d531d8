package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Modes;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.cli.text.Times;
import cairn.client.DirectoryUse;
import cairn.client.FileInfo;
import java.io.IOException;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Prints files: as names, as a table like {@code hdfs dfs -ls}, or as a JSON array. Never holds more than a page. */
final class Listing {
    private static final int PAGE_ROWS = 1000;

    private final Output out;
    private final Style style;
    private final boolean human;
    private final ZoneId zone = ZoneId.systemDefault();
    private final Table table =
            new Table(Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT);
    private long shown;

    /** How a file is shown. */
    enum Style {
        NAMES,
        LONG,
        JSON
    }

    Listing(Output out, Style style, boolean human) {
        this.out = out;
        this.style = style;
        this.human = human;
    }

    static Style style(boolean json, boolean detailed) {
        return json ? Style.JSON : detailed ? Style.LONG : Style.NAMES;
    }

    /** Shows {@code file} under {@code label}. */
    void add(FileInfo file, String label) throws IOException {
        switch (style) {
            case NAMES -> out.println(Table.oneLine(label));
            case LONG -> {
                row(file);
                if (table.pending() >= PAGE_ROWS) {
                    out.print(table.take());
                }
            }
            case JSON -> out.print((shown == 0 ? "[\n" : ",\n") + json(file));
        }
        shown++;
    }

    /** Prints what is pending; a JSON array ends here, after a failure too, so that it can be read. */
    void end() throws IOException {
        out.print(table.take());
        if (style == Style.JSON) {
            out.println(shown == 0 ? "[]" : "\n]");
        }
    }

    /** All of a file's attributes, for programs; the mode as octal text, the time in UTC. */
    static JsonObject json(FileInfo file) {
        JsonObject object = new JsonObject()
                .with("path", file.path())
                .with("type", file.directory() ? "directory" : "file")
                .with("length", file.length())
                .with("replication", file.replication())
                .with("mode", Modes.octal(file.mode()))
                .with("owner", file.owner())
                .with("group", file.group())
                .with("modified", Times.iso(file.modifiedMillis(), ZoneOffset.UTC))
                .with("id", file.id().toString());
        file.use().ifPresent(use -> use(object, use));
        return file.directory()
                ? object.with("entries", file.entryCount())
                : object.with("chunks", file.chunkCount())
                        .with("open", file.open())
                        .with("lengthExact", file.lengthExact());
    }

    private static void use(JsonObject object, DirectoryUse use) {
        object.with("files", use.files()).with("bytes", use.bytes());
        QuotaCommand.limits(object, use);
        use.trashTime().ifPresent(time -> object.with("trashMillis", time.toMillis()));
    }

    private void row(FileInfo file) {
        // A length that is only known to be at least this much says so.
        String length = (file.lengthExact() ? "" : ">=") + Sizes.text(file.length(), human);
        table.row(
                (file.directory() ? "d" : "-") + Modes.letters(file.mode()),
                file.directory() ? "-" : Integer.toString(file.replication()),
                file.owner(),
                file.group(),
                file.directory() ? "0" : length,
                Times.minute(file.modifiedMillis(), zone),
                file.path());
    }
}
