package cairn.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
        description = "Runs a whole cell, clients and faults in simulation, one seed after the other.",
        footer = {"  cairn sim --seed 7", "  cairn sim --seeds 200 --from 1000"})
final class SimCommand implements Action {
    @Unmatched
    List<String> arguments = List.of();

    @Override
    public int run(Console console) throws IOException {
        throw new Failure("sim: this build has no simulator yet");
    }
}
