package cairn.cli;

import cairn.cli.text.Glob;
import cairn.cli.text.Sizes;
import cairn.client.Cairn;
import cairn.client.FileInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Finds files and directories, the given ones included, and prints their paths. All conditions must hold.",
        footer = {"  cairn find /logs -name '*.gz' -type f -size +10M", "  cairn find / -iname readme* --json"})
final class FindCommand implements Action {
    @Option(
            names = {"-name", "--name"},
            paramLabel = "GLOB",
            description = "The name matches: * ? [a-z] [!a].")
    @Nullable
    String name;

    @Option(
            names = {"-iname", "--iname"},
            paramLabel = "GLOB",
            description = "The same, letters in any case.")
    @Nullable
    String anyCaseName;

    @Option(
            names = {"-type", "--type"},
            paramLabel = "f|d",
            description = "A file, or a directory.")
    @Nullable
    String type;

    @Option(
            names = {"-size", "--size"},
            paramLabel = "[+-]N",
            description = "A file of N bytes; +N more; -N less. N takes K, M, G.")
    @Nullable
    String size;

    @Option(
            names = {"-l", "--long"},
            description = "As ls -l.")
    boolean detailed;

    @Option(
            names = {"-h", "--human"},
            description = "Lengths of -l as 1.5K, 64M.")
    boolean human;

    @Option(
            names = {"-print", "--print"},
            hidden = true,
            description = "What happens anyway.")
    boolean print;

    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Where to look; / when there is none.")
    List<String> operands = List.of("/");

    @Override
    public int run(Console console) throws IOException {
        Predicate<FileInfo> wanted = wanted();
        Listing listing = new Listing(console.out(), Listing.style(json, detailed), human);
        try (Cairn cairn = cell.connect(console)) {
            try {
                return new Operands(console, "find").each(operands, operand -> {
                    FileInfo top = cairn.stat(CellPaths.parse(operand));
                    Tree.walk(cairn, top, file -> {
                        if (wanted.test(file)) {
                            listing.add(file, file.path());
                        }
                    });
                });
            } finally {
                if (!console.out().isBroken()) {
                    listing.end();
                }
            }
        }
    }

    private Predicate<FileInfo> wanted() {
        Predicate<FileInfo> wanted = file -> true;
        if (name != null) {
            Glob glob = new Glob(name);
            wanted = wanted.and(file -> glob.matches(file.name()));
        }
        if (anyCaseName != null) {
            Glob glob = new Glob(anyCaseName.toLowerCase(Locale.ROOT));
            wanted = wanted.and(file -> glob.matches(file.name().toLowerCase(Locale.ROOT)));
        }
        if (type != null) {
            boolean directories = isDirectories(type);
            wanted = wanted.and(file -> file.directory() == directories);
        }
        return size == null ? wanted : wanted.and(ofSize(size));
    }

    private static boolean isDirectories(String letter) {
        return switch (letter) {
            case "d" -> true;
            case "f" -> false;
            default -> throw new WrongUsage("-type '" + letter + "': write f or d");
        };
    }

    static Predicate<FileInfo> ofSize(String text) {
        boolean signed = text.startsWith("+") || text.startsWith("-");
        long bytes;
        try {
            bytes = Sizes.parse(signed ? text.substring(1) : text);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("-size: " + e.getMessage());
        }
        Predicate<FileInfo> fits = text.startsWith("+")
                ? file -> file.length() > bytes
                : text.startsWith("-") ? file -> file.length() < bytes : file -> file.length() == bytes;
        return fits.and(file -> !file.directory());
    }
}
