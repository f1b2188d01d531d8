package cairn.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description =
                "Forgets a chunkserver that is gone for good: it is not shown any more, and nobody waits for what it held. Refused "
                        + "while it may be alive, and while it may hold the last copy of something. Should it come back nevertheless, it "
                        + "is known again, and what is still of use on it is used.",
        footer = {"  cairn forget s2", "  cairn forget --force s2          even if something is lost with it"})
final class ForgetCommand implements Action {
    @Option(
            names = "--force",
            description =
                    "Even if it may hold the last copy of something. One that may be alive is refused all the same: drain it.")
    boolean force;

    @Mixin
    ServerOperands servers = new ServerOperands();

    @Override
    public int run(Console console) throws IOException {
        return servers.each(console, "forget", (cairn, server) -> {
            cairn.forget(server.id(), force);
            console.out().println(server.id() + ": forgotten");
        });
    }
}
