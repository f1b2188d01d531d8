package cairn.cli;

import cairn.client.Cairn;
import cairn.client.FileInfo;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Changes owner and group.",
        footer = {"  cairn chown alice /home/alice", "  cairn chown -R :staff /shared"})
final class ChownCommand implements Action {
    @Option(
            names = {"-R", "--recursive"},
            description = "All below, too.")
    boolean recursive;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(index = "0", paramLabel = "OWNER[:GROUP]", description = "Or :GROUP alone.")
    String who = "";

    @Parameters(index = "1", arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        int colon = who.indexOf(':');
        String owner = colon < 0 ? who : who.substring(0, colon);
        String group = colon < 0 ? "" : who.substring(colon + 1);
        if (group.indexOf(':') >= 0 || (owner.isEmpty() && group.isEmpty())) {
            throw new WrongUsage("'" + who + "' is not an owner and a group: write OWNER, OWNER:GROUP or :GROUP");
        }
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "chown").each(operands, operand -> {
                String path = CellPaths.parse(operand);
                cairn.chown(path, owner, group);
                if (recursive) {
                    below(cairn, path, owner, group);
                }
            });
        }
    }

    private static void below(Cairn cairn, String path, String owner, String group) throws IOException {
        FileInfo top = cairn.stat(path);
        if (top.directory()) {
            Tree.below(cairn, path, file -> cairn.chown(file.path(), owner, group));
        }
    }
}
