package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CairnWriter;
import cairn.model.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Writes standard input into an existing file, from an offset on, over what is there and beyond the end. A "
                        + "gap behind the end becomes zeros.",
        footer = {"  printf fixed | cairn write --offset 4096 /data/image"})
final class WriteCommand implements Action {
    private static final int PIECE_BYTES = 4 << 20;

    @Option(
            names = "--offset",
            required = true,
            paramLabel = "N",
            description = "Where the first byte goes; N takes K, M, G.")
    Bytes offset = new Bytes(0);

    @Option(names = "--synced", description = "On the disk of every replica before the command ends.")
    boolean synced;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "FILE", description = "A file of the cell.")
    String operand = "";

    @Override
    public int run(Console console) throws IOException {
        String path = CellPaths.parse(operand);
        if (offset.count() > Limits.FILE_BYTES_MAX) {
            throw new Failure(path + ": offset " + offset.count() + " is beyond " + Limits.FILE_BYTES_MAX
                    + ", the longest a file can be");
        }
        try (Cairn cairn = cell.connect(console);
                CairnWriter writer = cairn.openForWrite(path)) {
            copy(console, path, writer);
            if (synced) {
                writer.sync();
            }
            return DONE;
        }
    }

    private void copy(Console console, String path, CairnWriter writer) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long at = offset.count();
        int count = console.in().readNBytes(piece, 0, piece.length);
        while (count > 0) {
            try {
                writer.write(at, ByteBuffer.wrap(piece, 0, count));
            } catch (IOException e) {
                throw at == offset.count()
                        ? e
                        : new Failure(path + ": " + Explanation.of(e) + "; written for certain up to offset " + at, e);
            }
            at += count;
            count = console.in().readNBytes(piece, 0, piece.length);
        }
    }
}
