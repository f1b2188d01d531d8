package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CairnFollower;
import cairn.client.CairnInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Writes the end of a file to standard output: ten lines, unless told otherwise. With -f goes on with what is "
                        + "appended, as soon as every replica holds it, until ctrl-C.",
        footer = {
            "  cairn tail -f /logs/web",
            "  cairn tail -c 1K /data/image | xxd",
            "  cairn tail -f -n +1 /logs/web   (all, then what comes)"
        })
final class TailCommand implements Action {
    private static final int PIECE_BYTES = 64 << 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is appended.")
    boolean follow;

    @Option(
            names = {"-c", "--bytes"},
            paramLabel = "N",
            description = "The last N bytes; N takes K, M, G.")
    @Nullable
    Bytes bytes;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "[+]N",
            description = "The last N lines; +N: from line N on.")
    String lines = "10";

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "FILE", description = "A file of the cell.")
    String operand = "";

    @Override
    public int run(Console console) throws IOException {
        if (!lines.matches("\\+?[0-9]{1,18}")) {
            throw new WrongUsage("-n '" + lines + "': write a number, or + and a number");
        }
        String path = CellPaths.parse(operand);
        try (Cairn cairn = cell.connect(console)) {
            long end;
            try (CairnInput from = cairn.open(path)) {
                from.seek(start(from));
                from.transferTo(console.out());
                end = from.position();
            }
            if (follow) {
                console.out().flush();
                follow(cairn, path, end, console);
            }
            return DONE;
        }
    }

    private static void follow(Cairn cairn, String path, long from, Console console) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (CairnFollower follower = cairn.follow(path, from)) {
            while (true) {
                follower.read(piece.clear());
                console.out().write(piece.flip());
            }
        }
    }

    private long start(CairnInput from) throws IOException {
        long length = from.length();
        if (bytes != null) {
            return Math.max(0, length - bytes.count());
        }
        return lines.startsWith("+")
                ? lineStart(from, Long.parseLong(lines.substring(1)))
                : lastLines(from, length, Long.parseLong(lines));
    }

    /** The offset of the line with this number, counted from 1; the end of the file when it has fewer. */
    private static long lineStart(CairnInput from, long number) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long missing = number - 1;
        long offset = 0;
        while (missing > 0) {
            int count = from.read(piece, 0, piece.length);
            if (count < 0) {
                return offset;
            }
            for (int i = 0; i < count && missing > 0; i++) {
                missing -= piece[i] == '\n' ? 1 : 0;
                offset++;
            }
        }
        return offset;
    }

    /** The offset where the last {@code wanted} lines begin, looking from the end backwards. */
    private static long lastLines(CairnInput from, long length, long wanted) throws IOException {
        if (wanted == 0) {
            return length;
        }
        byte[] piece = new byte[PIECE_BYTES];
        long missing = wanted;
        long end = length;
        while (end > 0) {
            int count = (int) Math.min(end, PIECE_BYTES);
            ByteBuffer into = ByteBuffer.wrap(piece, 0, count);
            int got = from.read(end - count, into);
            if (got < count) {
                throw new Failure("the file was cut while it was read; try again");
            }
            for (int i = count - 1; i >= 0; i--) {
                long offset = end - count + i;
                // The newline at the very end closes the last line; it does not begin another.
                if (piece[i] == '\n' && offset != length - 1 && --missing == 0) {
                    return offset + 1;
                }
            }
            end -= count;
        }
        return 0;
    }
}
