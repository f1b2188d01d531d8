package cairn.cli;

import cairn.cli.text.Table;
import cairn.client.Cairn;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Deletes files and directories. They go to the trash, from where cairn undelete brings them back until they "
                        + "expire: after three days unless cairn trash time says otherwise.",
        footer = {"  cairn rm /tmp/x", "  cairn rm -r --skip-trash /tmp/job-17"})
final class RmCommand implements Action {
    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Directories with all they hold.")
    boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "What does not exist is no error.")
    boolean force;

    @Option(
            names = {"--skip-trash", "-skipTrash"},
            description = "Gone at once, for good.")
    boolean skipTrash;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "What to delete.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new Operands(console, "rm")
                    .each(operands, operand -> delete(cairn, CellPaths.parse(operand), console));
        }
    }

    private void delete(Cairn cairn, String path, Console console) throws IOException {
        try {
            OptionalLong number = cairn.delete(path, recursive, skipTrash);
            if (number.isPresent()) {
                console.out()
                        .println(Table.oneLine("moved " + path + " to the trash, number " + number.getAsLong()
                                + "; back with: cairn undelete --number " + number.getAsLong() + " "
                                + CellPaths.forShell(path)));
            }
        } catch (CairnException e) {
            if (!(force && e.code() == ErrorCode.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
