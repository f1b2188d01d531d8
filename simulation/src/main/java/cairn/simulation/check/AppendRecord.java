package cairn.simulation.check;

import java.nio.ByteBuffer;

/**
 * A record that says what it is. One byte is enough for the smallest: the high bit and the producer. Any other has a head of
 * {@value #HEAD_BYTES} bytes (producer, number, length) and bytes that follow from it.
 */
public final class AppendRecord {

    public static final int HEAD_BYTES = 9;
    public static final int PRODUCERS_MAX = 120;

    private static final int TINY = 0x80;

    public final int producer;
    public final int number;
    public final int length;

    /** Where it stands in the file, as the acknowledgement said; negative when there was none. */
    public long offset = -1;

    /** When the client was asked to append it, in a clock that all clients share. */
    public long invokedAt;

    /** When it was known to be acknowledged; {@link Operation#NEVER} until then. */
    public long returnedAt = Operation.NEVER;

    /** Records with the same number here were appended as one; 0 for none. */
    public final int batch;

    public AppendRecord(int producer, int number, int length, int batch) {
        this.producer = producer;
        this.number = number;
        this.length = length > 1 ? Math.max(length, HEAD_BYTES) : 1;
        this.batch = batch;
    }

    public boolean isTiny() {
        return length == 1;
    }

    public boolean isAcknowledged() {
        return offset >= 0;
    }

    public byte[] bytes() {
        if (isTiny()) {
            return new byte[] {(byte) (TINY | producer)};
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.put((byte) producer).putInt(number).putInt(length);
        while (bytes.hasRemaining()) {
            bytes.put(FileOp.byteOf(producer << 20 | number, bytes.position()));
        }
        return bytes.array();
    }

    /** A record found in a file, with what its head says. */
    public record Found(int producer, int number, int length, long offset) {

        public boolean isTiny() {
            return length == 1;
        }

        /** Reads the head at {@code offset}. */
        public static Found at(byte[] file, int offset) {
            int first = file[offset] & 0xff;
            if ((first & TINY) != 0) {
                return new Found(first & ~TINY, -1, 1, offset);
            }
            Violation.unless(
                    offset + HEAD_BYTES <= file.length, "the file ends in the head of a record, at %d", offset);
            ByteBuffer head = ByteBuffer.wrap(file, offset + 1, HEAD_BYTES - 1);
            return new Found(first, head.getInt(), head.getInt(), offset);
        }
    }

    @Override
    public String toString() {
        return "record %d of producer %d, %d bytes%s%s"
                .formatted(
                        number,
                        producer,
                        length,
                        batch == 0 ? "" : ", batch " + batch,
                        isAcknowledged() ? ", acknowledged at " + offset : ", not acknowledged");
    }
}
