package cairn.server.chunk;

import cairn.chunk.Crc32cCombine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** CRC32C of the pieces of some bytes, cut where the chunk's checksum blocks begin. */
@SuppressWarnings("ArrayRecordComponent") // one for each mutation on the hot path; nobody compares them
record PieceSums(int[] sums, int total) {

    /** Reads {@code bytes} once; {@code offset} is where they stand in the chunk. */
    static PieceSums of(ByteBuffer bytes, long offset, int blockBytes) {
        int count = count(offset, bytes.remaining(), blockBytes);
        int[] sums = new int[count];
        int total = 0;
        long at = offset;
        for (int i = 0; i < count; i++) {
            int piece = (int) Math.min(blockBytes - at % blockBytes, bytes.remaining());
            CRC32C crc = new CRC32C();
            ByteBuffer part = bytes.slice(bytes.position(), piece);
            crc.update(part);
            sums[i] = (int) crc.getValue();
            total = Crc32cCombine.combine(total, sums[i], piece);
            bytes.position(bytes.position() + piece);
            at += piece;
        }
        return new PieceSums(sums, total);
    }

    /** How many pieces {@code length} bytes at {@code offset} have. */
    static int count(long offset, int length, int blockBytes) {
        return length == 0 ? 0 : (int) ((offset + length - 1) / blockBytes - offset / blockBytes + 1);
    }

    boolean equalTo(List<Integer> claimed) {
        if (claimed.size() != sums.length) {
            return false;
        }
        for (int i = 0; i < sums.length; i++) {
            if (claimed.get(i) != sums[i]) {
                return false;
            }
        }
        return true;
    }

    /** As a list for a message. */
    static List<Integer> boxed(int[] sums) {
        return java.util.Arrays.stream(sums).boxed().toList();
    }
}
