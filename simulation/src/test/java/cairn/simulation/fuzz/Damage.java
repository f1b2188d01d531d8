package cairn.simulation.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Changes a file as a {@link Source} says, and makes its checksums right again, so that what is behind them is reached. */
final class Damage {
    private static final int JOURNAL_HEADER_BYTES = 32;
    private static final int JOURNAL_FRAME_BYTES = 9;
    private static final int LOG_HEADER_BYTES = 32;
    private static final int RECORD_HEADER_BYTES = 24;
    private static final int BLOCK_HEADER_BYTES = 16;

    private Damage() {}

    static byte[] of(byte[] whole, Source source) {
        byte[] bytes = whole.clone();
        int changes = 1 + source.below(6);
        for (int i = 0; i < changes; i++) {
            int at = bytes.length == 0 ? 0 : source.below(bytes.length);
            switch (source.below(6)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = spliced(bytes, at, source.bytes(source.below(40)));
                case 2, 3 -> put(bytes, at, source.number(), source.coin() ? 8 : 4);
                default -> put(bytes, at, source.octet(), 1);
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] more) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
        System.arraycopy(more, 0, longer, at, more.length);
        return longer;
    }

    private static void put(byte[] bytes, int at, long value, int width) {
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >> (8 * i));
        }
    }

    /** docs/formats/chunk-store.md. */
    static void mendJournal(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        if (bytes.length < JOURNAL_HEADER_BYTES) {
            return;
        }
        file.putInt(JOURNAL_HEADER_BYTES - 4, sum(bytes, 0, JOURNAL_HEADER_BYTES - 4));
        int at = JOURNAL_HEADER_BYTES;
        while (at + JOURNAL_FRAME_BYTES <= bytes.length) {
            int length = file.getInt(at + 1);
            if (file.get(at) != (byte) 0xCA || length <= 0 || length > bytes.length - at - JOURNAL_FRAME_BYTES) {
                at++;
                continue;
            }
            CRC32C sum = new CRC32C();
            sum.update(ByteBuffer.allocate(8).putLong(0, at));
            sum.update(bytes, at + JOURNAL_FRAME_BYTES, length);
            file.putInt(at + 5, (int) sum.getValue());
            at += JOURNAL_FRAME_BYTES + length;
        }
    }

    /** docs/formats/operation-log.md. */
    static void mendLog(byte[] bytes) {
        ByteBuffer file = mendHeader(bytes);
        int at = LOG_HEADER_BYTES;
        while (at + RECORD_HEADER_BYTES <= bytes.length) {
            int length = file.getInt(at);
            if (length < 0 || length > bytes.length - at - RECORD_HEADER_BYTES) {
                return;
            }
            mend(file, bytes, at, RECORD_HEADER_BYTES + length);
            at += RECORD_HEADER_BYTES + length;
        }
    }

    static void mendCheckpoint(byte[] bytes) {
        ByteBuffer file = mendHeader(bytes);
        int at = LOG_HEADER_BYTES;
        while (at + BLOCK_HEADER_BYTES <= bytes.length) {
            int length = file.getInt(at) == 0 ? 8 : file.getInt(at);
            if (length < 0 || length > bytes.length - at - BLOCK_HEADER_BYTES) {
                return;
            }
            mend(file, bytes, at, BLOCK_HEADER_BYTES + length);
            at += BLOCK_HEADER_BYTES + length;
        }
    }

    private static ByteBuffer mendHeader(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length >= LOG_HEADER_BYTES) {
            CRC32C sum = new CRC32C();
            sum.update(bytes, 0, 12);
            sum.update(bytes, 16, 16);
            file.putInt(12, (int) sum.getValue());
        }
        return file;
    }

    private static void mend(ByteBuffer file, byte[] bytes, int at, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, at, 4);
        sum.update(bytes, at + 8, length - 8);
        file.putInt(at + 4, (int) sum.getValue());
    }

    private static int sum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    /** A text file whose last line is the sum of those before. */
    static byte[] mendIdentity(byte[] bytes) {
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        int last = text.lastIndexOf("crc32c = ");
        if (last < 0) {
            return bytes;
        }
        byte[] before = text.substring(0, last).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String line = "crc32c = %08x\n".formatted(sum(before, 0, before.length));
        return (text.substring(0, last) + line).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
