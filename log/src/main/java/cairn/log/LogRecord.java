package cairn.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record of a segment:
 *
 * <pre>
 *  0  4  bytes of the payload; 0 is an end mark
 *  4  4  CRC32C of all other bytes of the record
 *  8  8  index
 * 16  8  durable: every record up to this index was on the disk before this one was written
 * 24     payload
 * </pre>
 *
 * The length comes first so that a reader knows how far the sum goes. {@code durable} tells a torn tail from damage: what
 * follows a bad record proves that the bad one had been durable, or does not (docs/formats/operation-log.md).
 *
 * @param index of an end mark: of the last record before it
 */
@SuppressWarnings("ArrayRecordComponent") // records of the log are never compared
record LogRecord(long index, long durable, byte[] payload) {
    static final int HEADER_BYTES = 24;

    /** The payload of one record: one turn of the master, never near this. */
    static final int PAYLOAD_BYTES_MAX = 16 << 20;

    int bytes() {
        return HEADER_BYTES + payload.length;
    }

    boolean isEndMark() {
        return payload.length == 0;
    }

    void encode(ByteBuffer into) {
        int start = into.position();
        into.putInt(payload.length).putInt(0).putLong(index).putLong(durable).put(payload);
        into.putInt(start + 4, sum(into, start, payload.length));
    }

    /** The record at {@code offset}, or null when there is no whole one. */
    static @Nullable LogRecord decode(ByteBuffer file, int offset) {
        if (file.limit() - offset < HEADER_BYTES) {
            return null;
        }
        int length = file.getInt(offset);
        if (length < 0 || length > PAYLOAD_BYTES_MAX || length > file.limit() - offset - HEADER_BYTES) {
            return null;
        }
        if (file.getInt(offset + 4) != sum(file, offset, length)) {
            return null;
        }
        byte[] payload = new byte[length];
        file.get(offset + HEADER_BYTES, payload);
        return new LogRecord(file.getLong(offset + 8), file.getLong(offset + 16), payload);
    }

    private static int sum(ByteBuffer file, int offset, int length) {
        return Files.sum(file, offset, 4, offset + 8, HEADER_BYTES - 8 + length);
    }
}
