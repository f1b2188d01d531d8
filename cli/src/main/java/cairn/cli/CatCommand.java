package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Writes files to standard output, one after the other.",
        footer = {"  cairn cat /logs/web | sort | uniq -c"})
final class CatCommand implements Action {
    @Option(
            names = {"-ignoreCrc"},
            hidden = true,
            description = "Accepted for hdfs users: all is always checked.")
    boolean ignoreCrc;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of the cell.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "cat").each(operands, operand -> {
                try (CairnInput from = cairn.open(CellPaths.parse(operand))) {
                    from.transferTo(console.out());
                }
            });
        }
    }
}
