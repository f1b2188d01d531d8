package cairn.cli;

import cairn.client.Cairn;
import cairn.client.FileInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Lists directories, in the order of names. Columns of -l: permissions, copies, owner, group, length, "
                        + "time of the last change, path.",
        footer = {"  cairn ls -l /logs", "  cairn ls -R --json / | jq -r '.[].path'"})
final class LsCommand implements Action {
    @Option(
            names = {"-R", "--recursive"},
            description = "All below, too; whole paths.")
    boolean recursive;

    @Option(
            names = {"-l", "--long"},
            description = "All attributes, whole paths.")
    boolean detailed;

    @Option(
            names = {"-h", "--human"},
            description = "Lengths as 1.5K, 64M.")
    boolean human;

    @Option(
            names = {"-d", "--directory"},
            description = "A directory itself, not its entries.")
    boolean itself;

    @Option(names = "-C", description = "Whole paths, nothing else.")
    boolean paths;

    @Option(names = "-t", description = "Newest first.")
    boolean byTime;

    @Option(names = "-S", description = "Longest first.")
    boolean byLength;

    @Option(
            names = {"-r", "--reverse"},
            description = "The other way round.")
    boolean reverse;

    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and directories; / when there are none.")
    List<String> operands = List.of("/");

    @Override
    public int run(Console console) throws IOException {
        Listing listing = new Listing(console.out(), Listing.style(json, detailed), human);
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "ls");
            try {
                return each.each(operands, operand -> list(cairn, CellPaths.parse(operand), listing));
            } finally {
                if (!console.out().isBroken()) {
                    listing.end();
                }
            }
        }
    }

    private void list(Cairn cairn, String path, Listing listing) throws IOException {
        FileInfo top = cairn.stat(path);
        if (itself || !top.directory()) {
            listing.add(top, path);
        } else {
            entries(cairn, path, listing);
        }
    }

    private void entries(Cairn cairn, String directory, Listing listing) throws IOException {
        for (FileInfo entry : sorted(cairn.list(directory))) {
            listing.add(entry, recursive || paths ? entry.path() : entry.name());
            if (recursive && entry.directory()) {
                entries(cairn, entry.path(), listing);
            }
        }
    }

    /** Another order than that of names needs the whole directory at once. */
    private Iterable<FileInfo> sorted(Iterable<FileInfo> entries) {
        @Nullable Comparator<FileInfo> order = null;
        if (byTime) {
            order = Comparator.comparingLong(FileInfo::modifiedMillis).reversed();
        } else if (byLength) {
            order = Comparator.comparingLong(FileInfo::length).reversed();
        }
        if (order == null && !reverse) {
            return entries;
        }
        List<FileInfo> all = new ArrayList<>();
        entries.forEach(all::add);
        if (order != null) {
            all.sort(order);
        }
        return reverse ? all.reversed() : all;
    }
}
