package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.client.Cairn;
import cairn.client.DirectoryRules;
import cairn.client.DirectoryUse;
import cairn.client.QuotaChange;
import cairn.model.Amount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = {
            "Limits what directories may hold, at any depth: bytes in files (copies do not count) and files. What is in the "
                    + "trash does not count.",
            "  set DIR      with --bytes, --files or both",
            "  clear DIR    takes back both",
            "  show [DIR]   the quotas of DIR, above it and below it, and what is used of each"
        },
        footer = {
            "  cairn quota set --bytes 10G --files 1000 /home/ada", //
            "  cairn quota show -h /home",
            "  cairn quota clear /home/ada"
        })
final class QuotaCommand implements Action {
    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            description = "The limit of bytes: 4096, 64K, 1.5G; none: no limit.")
    @Nullable
    String bytes;

    @Option(names = "--files", paramLabel = "N", description = "The limit of files; none: no limit.")
    @Nullable
    String files;

    @Option(
            names = {"-h", "--human"},
            description = "Sizes as 1.5K, 64M.")
    boolean human;

    @Option(names = "--json", description = "show: a JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(index = "0", paramLabel = "set|clear|show", description = "What to do.")
    String what = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The directory; show takes / when there is none.")
    @Nullable
    String operand;

    @Override
    public int run(Console console) throws IOException {
        boolean show = what.equals("show");
        if (show && (bytes != null || files != null)) {
            throw new WrongUsage("quota show takes no limits; to set them write: quota set");
        }
        QuotaChange change = switch (what) {
            case "set" -> limits();
            case "clear" -> cleared();
            case "show" -> QuotaChange.NOTHING;
            default -> throw Deed.unknown(what, "set, clear or show");
        };
        String path = show ? Deed.place(operand) : Deed.directory("quota " + what, operand);
        try (Cairn cairn = cell.connect(console)) {
            if (!show) {
                cairn.setQuota(path, change);
            }
            print(cairn.rules(path), show, console);
            return DONE;
        }
    }

    private QuotaChange limits() {
        QuotaChange change = QuotaChange.NOTHING;
        if (bytes != null) {
            change = change.withBytesMax(size(bytes));
        }
        if (files != null) {
            change = change.withFilesMax(count(files));
        }
        if (change.equals(QuotaChange.NOTHING)) {
            throw new WrongUsage("quota set needs --bytes SIZE or --files N");
        }
        return change;
    }

    private QuotaChange cleared() {
        if (bytes != null || files != null) {
            throw new WrongUsage("quota clear takes back both limits; for one of them write: quota set --bytes none");
        }
        return QuotaChange.CLEAR;
    }

    private static long size(String text) {
        try {
            return text.equals("none") ? QuotaChange.NONE : Sizes.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--bytes " + e.getMessage() + ", or none");
        }
    }

    private static long count(String text) {
        if (text.equals("none")) {
            return QuotaChange.NONE;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new WrongUsage("--files '" + text
                    + (text.matches("[0-9]+") ? "' is too large" : "' is not a number of files")
                    + "; write 1000 for instance, or none");
        }
        return Long.parseLong(text);
    }

    private void print(DirectoryRules rules, boolean all, Console console) throws IOException {
        List<DirectoryUse> shown = new ArrayList<>();
        if (all) {
            rules.above().stream().filter(DirectoryUse::hasQuota).forEach(shown::addFirst);
        }
        shown.add(rules.itself());
        if (all) {
            rules.below().stream().filter(DirectoryUse::hasQuota).forEach(shown::add);
        }
        if (json) {
            console.out()
                    .println(JsonObject.array(
                            shown.stream().map(QuotaCommand::object).toList()));
            return;
        }
        Table table = new Table(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        table.row("BYTES", "OF", "FILES", "OF", "DIRECTORY");
        shown.forEach(use -> table.row(
                Sizes.text(use.bytes(), human),
                limit(use.bytesMax(), human),
                Long.toString(use.files()),
                limit(use.filesMax(), false),
                use.path() + (use.isFull() ? "  (full)" : "")));
        console.out().print(table.take());
    }

    private static String limit(OptionalLong limit, boolean human) {
        return limit.isEmpty() ? "-" : Sizes.text(limit.getAsLong(), human);
    }

    static JsonObject object(DirectoryUse use) {
        return limits(
                new JsonObject()
                        .with("path", use.path())
                        .with("bytes", use.bytes())
                        .with("files", use.files())
                        .with("full", use.isFull()),
                use);
    }

    /** Adds the limits that there are. */
    static JsonObject limits(JsonObject object, DirectoryUse use) {
        use.bytesMax().ifPresent(limit -> object.with("bytesMax", limit));
        use.filesMax().ifPresent(limit -> object.with("filesMax", limit));
        return object;
    }

    /** {@code quota 10G, 1000 files}; empty when there is none. */
    static String words(DirectoryUse use, boolean human) {
        List<String> parts = new ArrayList<>();
        use.bytesMax()
                .ifPresent(
                        limit -> parts.add(Sizes.text(limit, human) + (human ? "" : limit == 1 ? " byte" : " bytes")));
        use.filesMax().ifPresent(limit -> parts.add(Amount.of(limit, "file")));
        return String.join(", ", parts);
    }
}
