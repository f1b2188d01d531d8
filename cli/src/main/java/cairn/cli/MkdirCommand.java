package cairn.cli;

import cairn.client.Cairn;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Makes directories.",
        footer = {"  cairn mkdir -p /logs/web/2026"})
final class MkdirCommand implements Action {
    @Option(
            names = {"-p", "--parents"},
            description = "Missing parents too; an existing directory is no error.")
    boolean parents;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "The directories to make.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "mkdir")
                    .each(operands, operand -> cairn.mkdir(CellPaths.parse(operand), parents));
        }
    }
}
