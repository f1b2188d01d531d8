package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The chunkservers that a verb is for, and their cell. */
final class ServerOperands {
    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "SERVER",
            description = "By id, address or host, as cairn report shows it.")
    List<String> operands = List.of();

    /** What is done with one of them. */
    interface Step {
        void accept(Cairn cairn, ServerHealth server) throws IOException;
    }

    int each(Console console, String verb, Step step) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, verb)
                    .each(operands, operand -> step.accept(cairn, NamedServer.find(cairn, operand)));
        }
    }
}
