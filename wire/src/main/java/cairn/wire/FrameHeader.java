package cairn.wire;

import cairn.model.ErrorCode;
import java.util.zip.CRC32C;

/** A decoded header of {@link Frame}. Used by one thread. */
public final class FrameHeader {
    private final FrameKind kind;
    private final int method;
    private final long callId;
    private final int messageBytes;
    private final int payloadBytes;
    private final int checksum;
    private final CRC32C sum;

    FrameHeader(FrameKind kind, int method, long callId, int messageBytes, int payloadBytes, int checksum, CRC32C sum) {
        this.kind = kind;
        this.method = method;
        this.callId = callId;
        this.messageBytes = messageBytes;
        this.payloadBytes = payloadBytes;
        this.checksum = checksum;
        this.sum = sum;
    }

    public FrameKind kind() {
        return kind;
    }

    /** A number that {@link Method} may or may not know. */
    public int method() {
        return method;
    }

    public long callId() {
        return callId;
    }

    public int messageBytes() {
        return messageBytes;
    }

    public int payloadBytes() {
        return payloadBytes;
    }

    /** Checks header and message together; call it once, with the whole message. */
    public void verify(byte[] message) throws FrameException {
        sum.update(message, 0, message.length);
        if ((int) sum.getValue() != checksum) {
            String text = "a frame whose header or message was damaged on the way: checksum %08x instead of %08x";
            throw new FrameException(ErrorCode.BAD_REQUEST, String.format(text, (int) sum.getValue(), checksum));
        }
    }
}
