package cairn.attack.scenario;

import cairn.attack.ground.Server;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A server that does not start, and says why. */
final class Refusal {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Refusal() {}

    /** Starts a server that is to refuse because of {@code file}, and to say what is to be done. */
    static void of(Server server, Path file, String nextStep) throws IOException {
        int before = server.program().errors().length();
        server.launch();
        server.program().expectEnd();
        if (!server.program().awaitExit(PATIENCE)) {
            boolean started = server.program().output().contains("listening on ");
            server.kill();
            throw new Violation("%s %s although %s is damaged"
                    .formatted(server, started ? "started" : "said nothing for " + PATIENCE, file));
        }
        String said = server.program().errors().substring(before);
        Violation.unless(server.program().exitCode() != 0, "%s ended without an error: %s", server, said);
        Violation.unless(
                said.contains(file.toString()) && said.contains(nextStep),
                "%s refused to start, but did not say '%s' of %s: %s",
                server,
                nextStep,
                file,
                said);
    }
}
