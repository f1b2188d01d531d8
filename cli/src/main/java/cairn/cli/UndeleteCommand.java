package cairn.cli;

import cairn.cli.text.Moments;
import cairn.cli.text.Table;
import cairn.client.Cairn;
import cairn.client.UndeleteOptions;
import cairn.model.CairnException;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Brings back what was deleted, to where it was: a directory with all that it held. Of several that were "
                        + "deleted there the newest, unless --number or --at says which; cairn trash ls shows them.",
        footer = {
            "  cairn undelete /logs/web", //
            "  cairn undelete --at '2026-11-22 10:00' /logs/web",
            "  cairn undelete --number 17 --to /logs/web.old /logs/web"
        })
final class UndeleteCommand implements Action {
    @Option(
            names = {"-n", "--number"},
            paramLabel = "N",
            description = "The one with this number, as cairn trash ls shows it.")
    @Nullable
    Long number;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "The newest of those that were deleted then or before: a day, a minute or a second, local time.")
    @Nullable
    String at;

    @Option(names = "--to", paramLabel = "PATH", description = "The full new path; otherwise the old one.")
    @Nullable
    String to;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "The path as it was.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        UndeleteOptions options = options();
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "undelete").each(operands, operand -> {
                String path = CellPaths.parse(operand);
                String back = cairn.undelete(path, options);
                console.out().println(Table.oneLine("brought back " + path + (back.equals(path) ? "" : " as " + back)));
            });
        }
    }

    private UndeleteOptions options() throws CairnException {
        if (number != null && number < 1) {
            throw new WrongUsage("--number " + number + ": write one that cairn trash ls shows");
        }
        if (number != null && at != null) {
            throw new WrongUsage("--number names one entry, and --at is not needed then");
        }
        if (operands.size() > 1 && (to != null || number != null)) {
            throw new WrongUsage("--to and --number are for one PATH");
        }
        UndeleteOptions options = UndeleteOptions.DEFAULTS.withNumber(number == null ? 0 : number);
        if (to != null) {
            options = options.withTo(CellPaths.parse(to));
        }
        try {
            return at == null ? options : options.withAtMillis(Moments.endOf(at, ZoneId.systemDefault()));
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--at " + e.getMessage());
        }
    }
}
