package cairn.chunk;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Variable-length integers as in protobuf: seven bits for each byte, lowest first. */
public final class Varint {

    /** Most bytes that one takes. */
    public static final int BYTES_MAX = 10;

    private Varint() {}

    public static void put(ByteBuffer into, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            into.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        into.put((byte) rest);
    }

    /**
     * Reads what {@link #put} wrote.
     *
     * @throws BufferUnderflowException when the buffer ends too early
     * @throws MalformedRecord when it runs over 64 bits
     */
    public static long get(ByteBuffer from) throws MalformedRecord {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedRecord("a number of more than 64 bits");
    }

    /** A number from {@code least} to {@code most}, or a refusal naming {@code what}. */
    public static long get(ByteBuffer from, long least, long most, String what) throws MalformedRecord {
        long value = get(from);
        if (value < least || value > most) {
            throw new MalformedRecord("%s %d is not within %d and %d".formatted(what, value, least, most));
        }
        return value;
    }
}
