package cairn.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        description = "Prints the version of this program and the Java it runs on.",
        footer = {"  cairn version"})
final class VersionCommand implements Action {
    // The poms say the same.
    static final String VERSION = "0.1.0";

    @Mixin
    CellOption cell = new CellOption();

    @Override
    public int run(Console console) throws IOException {
        console.out().println("cairn " + VERSION + ", Java " + Runtime.version());
        return DONE;
    }
}
