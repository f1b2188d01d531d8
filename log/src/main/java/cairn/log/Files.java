package cairn.log;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** The names of our files, and the few things done to whole ones. All numbers in files are little-endian. */
final class Files {
    static final String SEGMENT_PREFIX = "log-";
    static final String CHECKPOINT_PREFIX = "checkpoint-";
    static final String TEMPORARY_SUFFIX = ".tmp";

    /** A file that is read whole: a segment with its last batch, with room to spare. */
    private static final long WHOLE_FILE_BYTES_MAX = 1L << 30;

    private Files() {}

    static String segment(long firstIndex) {
        return SEGMENT_PREFIX + HexFormat.of().toHexDigits(firstIndex);
    }

    static String checkpoint(long index) {
        return CHECKPOINT_PREFIX + HexFormat.of().toHexDigits(index);
    }

    /** The indexes in the names that start with {@code prefix}, rising; names of any other form are not ours. */
    static List<Long> indexes(Disk disk, String prefix) throws IOException {
        List<Long> indexes = new ArrayList<>();
        for (String name : disk.list("")) {
            String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
            if (digits.matches("[0-9a-f]{16}")) {
                indexes.add(HexFormat.fromHexDigitsToLong(digits));
            }
        }
        indexes.sort(Long::compare);
        return indexes;
    }

    static ByteBuffer readWhole(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            long bytes = file.bytes();
            if (bytes > WHOLE_FILE_BYTES_MAX) {
                throw new StartRefused(disk.describe(name) + " has " + bytes + " bytes: it cannot be ours");
            }
            ByteBuffer content = littleEndian((int) bytes);
            file.read(content, 0);
            return content.flip();
        }
    }

    static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** CRC32C of two ranges of a buffer, one after the other; its position is not moved. */
    static int sum(ByteBuffer buffer, int from, int length, int secondFrom, int secondLength) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(from).limit(from + length));
        crc.update(buffer.duplicate().position(secondFrom).limit(secondFrom + secondLength));
        return (int) crc.getValue();
    }
}
