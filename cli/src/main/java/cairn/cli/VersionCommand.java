package cairn.cli;

import cairn.model.Software;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        description = "Prints the version of this program and the Java it runs on.",
        footer = {"  cairn version"})
final class VersionCommand implements Action {
    @Mixin
    CellOption cell = new CellOption();

    @Override
    public int run(Console console) throws IOException {
        console.out().println(Software.NAME + ", Java " + Runtime.version());
        return DONE;
    }
}
