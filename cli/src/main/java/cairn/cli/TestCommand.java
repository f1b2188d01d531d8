package cairn.cli;

import cairn.client.Cairn;
import cairn.client.FileInfo;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Asks one thing about a path. Prints nothing; the exit code is the answer.",
        footer = {"  cairn test -e /jobs/17/_SUCCESS && echo ready"})
final class TestCommand implements Action {
    @ArgGroup(exclusive = true, multiplicity = "1")
    Question question = new Question();

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "PATH", description = "What it is about.")
    String operand = "";

    /** Exactly one of these. */
    static final class Question {
        @Option(names = "-e", description = "Does it exist?")
        boolean exists;

        @Option(names = "-d", description = "Is it a directory?")
        boolean directory;

        @Option(names = "-f", description = "Is it a file?")
        boolean file;

        @Option(names = "-s", description = "Is it a file that is not empty?")
        boolean filled;

        @Option(names = "-z", description = "Is it an empty file?")
        boolean empty;

        boolean holds(FileInfo info) {
            return exists
                    || (directory && info.directory())
                    || (file && !info.directory())
                    || (filled && !info.directory() && info.length() > 0)
                    || (empty && !info.directory() && info.length() == 0);
        }
    }

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return question.holds(cairn.stat(CellPaths.parse(operand))) ? DONE : FAILED;
        } catch (CairnException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.NOT_DIRECTORY) {
                return FAILED;
            }
            throw e;
        }
    }
}
