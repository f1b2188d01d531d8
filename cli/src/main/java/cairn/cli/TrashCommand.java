package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Moments;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.cli.text.Times;
import cairn.client.Cairn;
import cairn.client.DirectoryRules;
import cairn.client.DirectoryUse;
import cairn.client.EmptiedTrash;
import cairn.client.TrashedEntry;
import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = {
            "What was deleted and can still be brought back (see: cairn undelete).",
            "  ls [PATH]        what was deleted of PATH and below it: number, when, until when, files, size, path; sorted by"
                    + " path, of one path the oldest first. The number rises with each deletion in the cell: the highest of a path"
                    + " is the one that undelete takes unless told",
            "  empty [PATH]     gives that up for good, at once",
            "  time DIR [TIME]  shows, or sets, how long what is deleted in DIR is kept: 90s, 30m, 12h, 3d; 0: not at all; "
                    + "inherit: as in the directory above. It holds for what is deleted from then on."
        },
        footer = {
            "  cairn trash ls -h /logs", //
            "  cairn trash empty /tmp",
            "  cairn trash time /scratch 1h"
        })
final class TrashCommand implements Action {
    private static final int ROWS_MAX = 500;

    @Option(
            names = {"-h", "--human"},
            description = "Sizes as 1.5K, 64M.")
    boolean human;

    @Option(names = "--json", description = "ls: a JSON array of objects. empty and time: a JSON object.")
    boolean json;

    @Option(
            names = {"-y", "--yes"},
            description = "empty: without asking. A command that stands at no terminal is never asked.")
    boolean yes;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(index = "0", paramLabel = "ls|empty|time", description = "What to do.")
    String what = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "A path as it was; / when there is none.")
    @Nullable
    String operand;

    @Parameters(index = "2", arity = "0..1", paramLabel = "TIME", description = "time: how long.")
    @Nullable
    String time;

    @Override
    public int run(Console console) throws IOException {
        if (time != null && !what.equals("time")) {
            throw new WrongUsage("only 'trash time' takes a TIME");
        }
        String path = switch (what) {
            case "ls", "empty" -> Deed.place(operand);
            case "time" -> Deed.directory("trash time", operand);
            default -> throw Deed.unknown(what, "ls, empty or time");
        };
        if (time != null) {
            duration(time); // wrong before anything is asked of the cell
        }
        try (Cairn cairn = cell.connect(console)) {
            switch (what) {
                case "ls" -> list(cairn, path, console);
                case "empty" -> empty(cairn, path, console);
                default -> time(cairn, path, console);
            }
            return DONE;
        }
    }

    // ---- ls

    private void list(Cairn cairn, String path, Console console) throws IOException {
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        if (!json) {
            table.row("NUMBER", "DELETED", "KEPT UNTIL", "FILES", "SIZE", "PATH");
        }
        long shown = 0;
        for (TrashedEntry entry : cairn.listTrash(path)) {
            if (json) {
                console.out().print((shown == 0 ? "[\n" : ",\n") + object(entry));
            } else {
                row(entry, table);
            }
            shown++;
            if (table.pending() == ROWS_MAX) {
                console.out().print(table.take());
            }
        }
        if (json) {
            console.out().println(shown == 0 ? "[]" : "\n]");
        } else if (shown > 0) {
            console.out().print(table.take());
        } else {
            console.out().println(Table.oneLine("nothing of " + path + " is in the trash"));
        }
    }

    private void row(TrashedEntry entry, Table table) {
        ZoneId zone = ZoneId.systemDefault();
        table.row(
                Long.toString(entry.number()),
                Moments.second(entry.deletedMillis(), zone),
                Moments.second(entry.goneMillis(), zone),
                Long.toString(entry.files()),
                Sizes.text(entry.bytes(), human),
                entry.path() + (entry.directory() ? "/" : ""));
    }

    private static JsonObject object(TrashedEntry entry) {
        return new JsonObject()
                .with("number", entry.number())
                .with("path", entry.path())
                .with("type", entry.directory() ? "directory" : "file")
                .with("deleted", Times.iso(entry.deletedMillis(), ZoneOffset.UTC))
                .with("keptUntil", Times.iso(entry.goneMillis(), ZoneOffset.UTC))
                .with("files", entry.files())
                .with("bytes", entry.bytes());
    }

    // ---- empty

    private void empty(Cairn cairn, String path, Console console) throws IOException {
        if (console.terminal() && !yes) {
            throw unconfirmed(cairn, path);
        }
        EmptiedTrash all = cairn.emptyTrash(path, soFar -> progress(soFar, console));
        if (all.entries() == 0 && !path.equals("/")) {
            throw nothingOf(path);
        }
        if (console.terminal()) {
            console.err().print("\r\u001b[K");
            console.err().flush();
        }
        console.out().println(json ? object(path, all) : "gave up " + describe(all));
    }

    private static String object(String path, EmptiedTrash emptied) {
        return new JsonObject()
                .with("path", path)
                .with("entries", emptied.entries())
                .with("files", emptied.files())
                .with("bytes", emptied.bytes())
                .toString();
    }

    private static CairnException unconfirmed(Cairn cairn, String path) throws IOException {
        EmptiedTrash there = new EmptiedTrash(0, 0, 0);
        if (!cairn.listTrash(path).iterator().hasNext()) {
            return nothingOf(path);
        }
        for (TrashedEntry entry : cairn.listTrash(path)) {
            there = new EmptiedTrash(there.entries() + 1, there.files() + entry.files(), there.bytes() + entry.bytes());
        }
        return new CairnException(
                ErrorCode.BAD_REQUEST,
                path + ": this would give up " + describe(there) + " for good; add --yes if that is meant");
    }

    private static CairnException nothingOf(String path) {
        return new CairnException(
                ErrorCode.NOT_FOUND, "nothing of " + path + " is in the trash; what is there: cairn trash ls");
    }

    private static void progress(EmptiedTrash soFar, Console console) {
        if (console.terminal()) {
            try {
                console.err().print("\r\u001b[K" + describe(soFar));
                console.err().flush();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static String describe(EmptiedTrash emptied) {
        return Amount.of(emptied.entries(), "entry") + " with " + Amount.of(emptied.files(), "file") + ", "
                + Sizes.human(emptied.bytes());
    }

    // ---- time

    private void time(Cairn cairn, String path, Console console) throws IOException {
        if (time != null) {
            Optional<Duration> wanted = duration(time);
            if (wanted.isPresent()) {
                cairn.setTrashTime(path, wanted.get());
            } else {
                cairn.inheritTrashTime(path);
            }
        }
        DirectoryRules rules = cairn.rules(path);
        if (json) {
            console.out()
                    .println(new JsonObject()
                            .with("path", path)
                            .with("millis", rules.trashTime().toMillis())
                            .with("from", source(rules))
                            .toString());
        } else {
            console.out().println(Table.oneLine(path + ": " + words(rules.trashTime()) + ", " + reason(rules)));
        }
    }

    /** Empty: inherit. */
    private static Optional<Duration> duration(String text) {
        if (text.equals("inherit")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofMillis(Moments.duration(text)));
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private static String words(Duration time) {
        return time.isZero() ? "nothing is kept" : "kept for " + Times.duration(time.toMillis());
    }

    /** The directory that lays it down; empty when none does. */
    private static String source(DirectoryRules rules) {
        if (rules.itself().trashTime().isPresent()) {
            return rules.itself().path();
        }
        return rules.above().stream()
                .filter(above -> above.trashTime().isPresent())
                .map(DirectoryUse::path)
                .findFirst()
                .orElse("");
    }

    private static String reason(DirectoryRules rules) {
        String source = source(rules);
        if (source.isEmpty()) {
            return "as everywhere in the cell";
        }
        return source.equals(rules.itself().path()) ? "set here" : "set for " + source;
    }
}
