package cairn.cli;

import cairn.client.Cairn;
import cairn.client.ChunkInfo;
import cairn.client.FileInfo;
import cairn.model.Amount;
import cairn.model.Limits;
import cairn.world.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Changes how many copies of files are kept; of a directory: what new files in it get. Copies are made and "
                        + "dropped in the background.",
        footer = {"  cairn setrep -w 2 /logs/web", "  cairn setrep -R 3 /archive"})
final class SetrepCommand implements Action {
    private static final long ASK_AGAIN_NANOS = 200_000_000;

    @Option(
            names = {"-w", "--wait"},
            description = "Until every chunk has exactly that many copies.")
    boolean wait;

    @Option(
            names = {"-R", "--recursive"},
            description = "All below, too.")
    boolean recursive;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(index = "0", paramLabel = "N", description = "Copies, 1 to " + Limits.REPLICATION_MAX + ".")
    int copies;

    @Parameters(index = "1", arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        if (copies < 1 || copies > Limits.REPLICATION_MAX) {
            throw new WrongUsage(Amount.of(copies, "copy") + ": write a number from 1 to " + Limits.REPLICATION_MAX);
        }
        List<String> files = new ArrayList<>();
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "setrep");
            each.each(operands, operand -> set(cairn, cairn.stat(CellPaths.parse(operand)), files));
            sayIfTooFew(cairn, console);
            return wait ? each.each(files, file -> await(cairn, file, console)) : each.outcome();
        }
    }

    /** Nothing is wrong with that; who does not know would wait for copies that cannot be. */
    private void sayIfTooFew(Cairn cairn, Console console) throws IOException {
        long servers = cairn.report().servers().stream()
                .filter(server -> server.state().equals("live") && !server.draining())
                .count();
        if (servers < copies) {
            console.complain(
                    "setrep",
                    "note: of " + Amount.of(copies, "copy") + " there will be " + servers
                            + " for now, one on each live chunkserver; the others are made when there are more");
        }
    }

    private void set(Cairn cairn, FileInfo top, List<String> files) throws IOException {
        setOne(cairn, top, files);
        if (recursive && top.directory()) {
            Tree.below(cairn, top.path(), file -> setOne(cairn, file, files));
        }
    }

    private void setOne(Cairn cairn, FileInfo file, List<String> files) throws IOException {
        cairn.setReplication(file.path(), copies);
        if (wait && !file.directory()) {
            files.add(file.path());
        }
    }

    private void await(Cairn cairn, String file, Console console) throws IOException {
        Time time = Worlds.real().time();
        while (!settled(cairn.locate(file))) {
            time.sleep(ASK_AGAIN_NANOS);
        }
        console.out().println(file + ": " + Amount.of(copies, "copy"));
        console.out().flush();
    }

    private boolean settled(List<ChunkInfo> chunks) {
        return chunks.stream().allMatch(chunk -> chunk.replicas().size() == copies);
    }
}
