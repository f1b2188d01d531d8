package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import cairn.model.Amount;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        description =
                "Takes a drain back: what the chunkserver still holds counts again, and it is given new replicas.",
        footer = {"  cairn undrain s2 s5"})
final class UndrainCommand implements Action {
    @Mixin
    ServerOperands servers = new ServerOperands();

    @Override
    public int run(Console console) throws IOException {
        return servers.each(console, "undrain", (cairn, server) -> undrain(cairn, server, console));
    }

    private static void undrain(Cairn cairn, ServerHealth server, Console console) throws IOException {
        cairn.drain(server.id(), false);
        console.out()
                .println(server.id()
                        + (server.draining()
                                ? ": in use again, with " + Amount.of(server.replicas(), "replica") + " left on it"
                                : ": was not being drained; it holds " + Amount.of(server.replicas(), "replica")));
    }
}
