package cairn.cli;

import cairn.client.Cairn;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Renames a file or directory, or moves several into a directory. Atomic, and as quick for a large tree "
                        + "as for a file.",
        footer = {"  cairn mv /in/part-0 /out/part-0", "  cairn mv /a /b /archive"})
final class MvCommand implements Action {
    @Option(
            names = {"-f", "--force"},
            description = "Replace an existing file.")
    boolean force;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "2..*",
            paramLabel = "PATH... DEST",
            hideParamSyntax = true,
            description = "One or more sources, then the destination.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            List<String> sources = operands.subList(0, operands.size() - 1);
            Destination destination = Destination.in(cairn, CellPaths.parse(operands.getLast()));
            destination.requireDirectoryFor(sources.size());
            return new Operands(console, "mv").each(sources, operand -> {
                String from = CellPaths.parse(operand);
                cairn.rename(from, destination.pathFor(CellPaths.name(from)), force);
            });
        }
    }
}
