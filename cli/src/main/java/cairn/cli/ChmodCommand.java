package cairn.cli;

import cairn.cli.text.Modes;
import cairn.client.Cairn;
import cairn.client.FileInfo;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Changes permissions: octal, or letters that change some.",
        footer = {"  cairn chmod 640 /logs/web", "  cairn chmod -R g+w,o-rwx /jobs"})
final class ChmodCommand implements Action {
    @Option(
            names = {"-R", "--recursive"},
            description = "All below, too.")
    boolean recursive;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(index = "0", paramLabel = "MODE", description = "755, or [ugoa][+-=][rwxXt], several with commas.")
    String mode = "";

    @Parameters(index = "1", arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try {
            Modes.changed(0, mode, false);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(String.valueOf(e.getMessage()));
        }
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "chmod").each(operands, operand -> {
                FileInfo top = cairn.stat(CellPaths.parse(operand));
                change(cairn, top);
                if (recursive && top.directory()) {
                    Tree.below(cairn, top.path(), file -> change(cairn, file));
                }
            });
        }
    }

    private void change(Cairn cairn, FileInfo file) throws IOException {
        int changed = Modes.changed(file.mode(), mode, file.directory());
        if (changed != file.mode()) {
            cairn.chmod(file.path(), changed);
        }
    }
}
