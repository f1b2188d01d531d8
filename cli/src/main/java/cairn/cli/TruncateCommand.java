package cairn.cli;

import cairn.client.Cairn;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        description = "Cuts files, or extends them with zeros, to a length.",
        footer = {"  cairn truncate -s 0 /logs/web", "  cairn truncate -w 1024 /data/image   (as hdfs dfs writes it)"})
final class TruncateCommand implements Action {
    @Option(
            names = {"-s", "--size"},
            paramLabel = "N",
            description = "The length; N takes K, M, G.")
    @Nullable
    Bytes size;

    @Option(
            names = {"-w", "--wait"},
            hidden = true,
            description = "What happens anyway.")
    boolean wait;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files of the cell; without -s the length comes first.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        long length = size == null ? lengthFirst() : size.count();
        List<String> files = size == null ? operands.subList(1, operands.size()) : operands;
        if (files.isEmpty()) {
            throw new WrongUsage("which file is to be truncated to " + length + " bytes?");
        }
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "truncate")
                    .each(files, operand -> cairn.truncate(CellPaths.parse(operand), length));
        }
    }

    private long lengthFirst() {
        try {
            return Bytes.parse(operands.getFirst()).count();
        } catch (TypeConversionException e) {
            throw new WrongUsage("to what length? " + e.getMessage());
        }
    }
}
