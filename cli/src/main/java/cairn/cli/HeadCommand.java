package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Writes the start of a file to standard output: ten lines, unless told otherwise.",
        footer = {"  cairn head -n 3 /logs/web", "  cairn head -c 1K /data/image | xxd"})
final class HeadCommand implements Action {
    private static final int PIECE_BYTES = 64 << 10;

    @Option(
            names = {"-c", "--bytes"},
            paramLabel = "N",
            description = "The first N bytes; N takes K, M, G.")
    @Nullable
    Bytes bytes;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "The first N lines.")
    long lines = 10;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "FILE", description = "A file of the cell.")
    String operand = "";

    @Override
    public int run(Console console) throws IOException {
        if (lines < 0) {
            throw new WrongUsage("-n " + lines + " is negative");
        }
        try (Cairn cairn = cell.connect(console);
                CairnInput from = cairn.open(CellPaths.parse(operand))) {
            if (bytes != null) {
                from.transferTo(console.out(), bytes.count());
            } else {
                copyLines(from, console.out());
            }
            return DONE;
        }
    }

    private void copyLines(CairnInput from, Output out) throws IOException {
        long left = lines;
        byte[] piece = new byte[PIECE_BYTES];
        while (left > 0) {
            int count = from.read(piece, 0, piece.length);
            if (count < 0) {
                return;
            }
            int end = 0;
            while (end < count && left > 0) {
                left -= piece[end++] == '\n' ? 1 : 0;
            }
            out.write(ByteBuffer.wrap(piece, 0, end));
        }
    }
}
