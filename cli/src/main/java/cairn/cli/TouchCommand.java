package cairn.cli;

import cairn.client.Cairn;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Makes empty files; of what exists, sets the time of the last change to now.",
        footer = {"  cairn touch /jobs/17/_SUCCESS"})
final class TouchCommand implements Action {
    @Option(
            names = {"-c", "--no-create"},
            description = "Make nothing.")
    boolean existingOnly;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "touch").each(operands, operand -> {
                String path = CellPaths.parse(operand);
                if (!existingOnly || cairn.exists(path)) {
                    cairn.touch(path);
                }
            });
        }
    }
}
