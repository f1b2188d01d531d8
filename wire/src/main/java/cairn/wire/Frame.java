package cairn.wire;

import cairn.model.ErrorCode;
import cairn.model.Invariant;
import cairn.model.Limits;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One unit of the protocol: a header, a protobuf message, raw payload bytes. All numbers big-endian, unsigned.
 *
 * <pre>
 *  at  bytes
 *   0   2    magic 0xCA1F
 *   2   1    protocol version, 1
 *   3   1    kind: 1 request, 2 reply, 3 error reply
 *   4   2    method ({@link Method}); a reply repeats its request's
 *   6   2    flags, 0
 *   8   8    call id, chosen by the caller, never 0 in a request; a reply repeats it;
 *            0 in an error reply: about the connection itself, which is closed next
 *  16   4    message bytes, at most {@link Limits#MESSAGE_BYTES_MAX}
 *  20   4    payload bytes, at most {@link Limits#PAYLOAD_BYTES_MAX}
 *  24   4    CRC32C of the 24 bytes above and the message
 *  28        message, then payload
 * </pre>
 *
 * The payload stands last and outside the checksum, so that it goes between socket, memory and disk without being
 * touched; its own checksums travel in the message. Stateless; thread-safe.
 */
public final class Frame {
    public static final int HEADER_BYTES = 28;
    public static final int PROTOCOL_VERSION = 1;

    static final int MAGIC = 0xCA1F;
    private static final int CHECKSUM_AT = 24;

    static {
        Invariant.check(CHECKSUM_AT + 4 == HEADER_BYTES, "the checksum ends the header");
    }

    private Frame() {}

    /** Header and message of a frame; {@code payloadBytes} of payload must follow them on the wire. */
    public static byte[] encode(FrameKind kind, int method, long callId, MessageLite message, int payloadBytes) {
        int messageBytes = message.getSerializedSize();
        Invariant.check(messageBytes <= Limits.MESSAGE_BYTES_MAX, "a message of %s bytes", messageBytes);
        Invariant.check(payloadBytes <= Limits.PAYLOAD_BYTES_MAX, "a payload of %s bytes", payloadBytes);
        byte[] bytes = new byte[HEADER_BYTES + messageBytes];
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putShort((short) MAGIC).put((byte) PROTOCOL_VERSION).put((byte) kind.number());
        header.putShort((short) method).putShort((short) 0).putLong(callId);
        header.putInt(messageBytes).putInt(payloadBytes);
        write(message, bytes, messageBytes);
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, CHECKSUM_AT);
        sum.update(bytes, HEADER_BYTES, messageBytes);
        header.putInt((int) sum.getValue());
        return bytes;
    }

    private static void write(MessageLite message, byte[] bytes, int messageBytes) {
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, HEADER_BYTES, messageBytes);
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array of exactly the right size
        }
        out.checkNoSpaceLeft();
    }

    /**
     * Reads a header from the next {@link #HEADER_BYTES} bytes and checks everything but the checksum.
     *
     * @throws FrameException when these bytes do not begin a frame of this protocol
     */
    public static FrameHeader decode(ByteBuffer from) throws FrameException {
        int start = from.position();
        int magic = from.getShort() & 0xFFFF;
        int version = from.get() & 0xFF;
        int kindNumber = from.get() & 0xFF;
        refuseUnless(magic == MAGIC, ErrorCode.BAD_PROTOCOL, "these bytes are no frame of Cairn: magic %04x", magic);
        refuseUnless(
                version == PROTOCOL_VERSION, ErrorCode.BAD_PROTOCOL, "protocol version %d; this is version 1", version);
        FrameKind kind = FrameKind.of(kindNumber);
        if (kind == null) {
            throw new FrameException(ErrorCode.BAD_REQUEST, "a frame of unknown kind " + kindNumber);
        }
        int method = from.getShort() & 0xFFFF;
        int flags = from.getShort() & 0xFFFF;
        refuseUnless(flags == 0, ErrorCode.BAD_REQUEST, "a frame with unknown flags %04x", flags);
        long callId = from.getLong();
        int messageBytes = length(from.getInt(), Limits.MESSAGE_BYTES_MAX, "message");
        int payloadBytes = length(from.getInt(), Limits.PAYLOAD_BYTES_MAX, "payload");
        return new FrameHeader(kind, method, callId, messageBytes, payloadBytes, from.getInt(), sumAt(from, start));
    }

    private static int length(int bytes, int max, String what) throws FrameException {
        if (Integer.compareUnsigned(bytes, max) > 0) {
            String text = "a " + what + " of " + Integer.toUnsignedString(bytes) + " bytes; the limit is " + max;
            throw new FrameException(ErrorCode.BAD_REQUEST, text);
        }
        return bytes;
    }

    private static CRC32C sumAt(ByteBuffer from, int start) {
        CRC32C sum = new CRC32C();
        sum.update(from.duplicate().position(start).limit(start + CHECKSUM_AT));
        return sum;
    }

    private static void refuseUnless(boolean holds, ErrorCode code, String message, int value) throws FrameException {
        if (!holds) {
            throw new FrameException(code, String.format(message, value));
        }
    }
}
