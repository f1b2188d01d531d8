package cairn.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Bytes of a chunk are checksummed in pieces cut at the chunk's block boundaries. Pure. */
final class Pieces {

    private Pieces() {}

    /** The CRC32C of each piece of {@code bytes}, which begin at {@code offset} in the chunk. */
    static List<Integer> sums(long offset, ByteBuffer bytes, int blockBytes) {
        List<Integer> sums = new ArrayList<>(bytes.remaining() / blockBytes + 2);
        ByteBuffer rest = bytes.duplicate();
        CRC32C crc = new CRC32C();
        long at = offset;
        while (rest.hasRemaining()) {
            int length = (int) Math.min(rest.remaining(), blockBytes - at % blockBytes);
            sums.add(sum(crc, rest, length));
            at += length;
        }
        return sums;
    }

    /** Whether {@code sums} are those of {@code bytes}, which begin at {@code offset} in the chunk. */
    static boolean match(long offset, ByteBuffer bytes, int blockBytes, List<Integer> sums) {
        ByteBuffer rest = bytes.duplicate();
        CRC32C crc = new CRC32C();
        long at = offset;
        int piece = 0;
        while (rest.hasRemaining()) {
            int length = (int) Math.min(rest.remaining(), blockBytes - at % blockBytes);
            if (piece >= sums.size() || sum(crc, rest, length) != sums.get(piece)) {
                return false;
            }
            piece++;
            at += length;
        }
        return piece == sums.size();
    }

    /** The CRC32C of {@code length} bytes at {@code offset} in the chunk, from those of their pieces. */
    static int whole(long offset, int length, int blockBytes, List<Integer> sums) {
        int whole = 0;
        long at = offset;
        for (int sum : sums) {
            long piece = Math.min(offset + length - at, blockBytes - at % blockBytes);
            whole = Crc32cCombine.combine(whole, sum, piece);
            at += piece;
        }
        return whole;
    }

    static int sum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    private static int sum(CRC32C crc, ByteBuffer rest, int length) {
        crc.reset();
        ByteBuffer piece = rest.slice(rest.position(), length);
        crc.update(piece);
        rest.position(rest.position() + length);
        return (int) crc.getValue();
    }
}
