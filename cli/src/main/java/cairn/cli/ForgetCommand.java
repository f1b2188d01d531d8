package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Forgets a chunkserver that is gone for good: it is not shown any more, and nobody waits for what it held. Refused "
                        + "while it may be alive, and while it may hold the last copy of something. Should it come back nevertheless, it "
                        + "is known again, and what is still of use on it is used.",
        footer = {"  cairn forget s2", "  cairn forget --force s2          even if something is lost with it"})
final class ForgetCommand implements Action {
    @Option(names = "--force", description = "Even if it may hold the last copy of something.")
    boolean force;

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
            return new Operands(console, "forget").each(operands, operand -> {
                ServerHealth server = NamedServer.find(cairn, operand);
                cairn.forget(server.id(), force);
                console.out().println(server.id() + ": forgotten");
            });
        }
    }
}
