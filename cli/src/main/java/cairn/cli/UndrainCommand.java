package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Takes a drain back: what the chunkserver still holds counts again, and it is given new replicas.",
        footer = {"  cairn undrain s2"})
final class UndrainCommand implements Action {
    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "SERVER",
            description = "By id, address or host, as cairn report shows it.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "undrain").each(operands, operand -> {
                ServerHealth server = NamedServer.find(cairn, operand);
                cairn.drain(server.id(), false);
                console.out().println(server.id() + ": not drained, it holds " + server.replicas() + " replicas");
            });
        }
    }
}
