package cairn.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first 32 bytes of a segment or checkpoint:
 *
 * <pre>
 *  0  8  magic: CAIRNLOG or CAIRNCKP
 *  8  4  format version
 * 12  4  CRC32C of the other 28 bytes
 * 16  8  cell
 * 24  8  segment: index of its first record; checkpoint: index of the last record it holds
 * </pre>
 *
 * Magic and version come first and mean the same for ever, so that any version can name the file of any other.
 */
record FileHeader(int version, long cellId, long index) {
    static final int BYTES = 32;
    static final int VERSION = 1;
    static final String LOG_MAGIC = "CAIRNLOG";
    static final String CHECKPOINT_MAGIC = "CAIRNCKP";

    private static final int SUM_AT = 12;

    static ByteBuffer encode(String magic, long cellId, long index) {
        ByteBuffer header = Files.littleEndian(BYTES);
        header.put(magic.getBytes(StandardCharsets.US_ASCII)).putInt(VERSION).putInt(0);
        header.putLong(cellId).putLong(index).flip();
        return header.putInt(SUM_AT, sum(header));
    }

    /** Whether these bytes start with a whole, undamaged header. */
    static boolean isWhole(ByteBuffer file, String magic) {
        if (file.limit() < BYTES) {
            return false;
        }
        byte[] first = new byte[8];
        file.get(0, first);
        return new String(first, StandardCharsets.ISO_8859_1).equals(magic) && file.getInt(SUM_AT) == sum(file);
    }

    /** Decodes a whole header and checks that the file can be read by us, for this cell. */
    static FileHeader check(ByteBuffer file, String magic, String path, long cellId) throws StartRefused {
        if (!isWhole(file, magic)) {
            throw new StartRefused(path + ": damaged at offset 0 (its header); restore this file from a copy");
        }
        FileHeader header = new FileHeader(file.getInt(8), file.getLong(16), file.getLong(24));
        if (header.version > VERSION) {
            throw new StartRefused(path + ": format " + header.version + " is newer than this version of Cairn reads ("
                    + VERSION + "); start the version that wrote it");
        }
        if (header.cellId != cellId) {
            throw new StartRefused("%s: belongs to cell %016x, not to this cell %016x; put back the right file"
                    .formatted(path, header.cellId, cellId));
        }
        return header;
    }

    private static int sum(ByteBuffer header) {
        return Files.sum(header, 0, SUM_AT, SUM_AT + 4, BYTES - SUM_AT - 4);
    }
}
