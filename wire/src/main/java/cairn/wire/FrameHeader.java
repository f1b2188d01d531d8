package cairn.wire;

import cairn.model.ErrorCode;
import java.util.zip.CRC32C;

/**
 * A decoded header of {@link Frame}. Used by one thread.
 *
 * @param method a number that {@link Method} may or may not know
 * @param checksum of header and message, as the sender says
 * @param sum of the header, to be gone on with over the message
 */
public record FrameHeader(
        FrameKind kind, int method, long callId, int messageBytes, int payloadBytes, int checksum, CRC32C sum) {

    /** Checks header and message together; call it once, with the whole message. */
    public void verify(byte[] message) throws FrameException {
        sum.update(message, 0, message.length);
        if ((int) sum.getValue() != checksum) {
            String text = "a frame whose header or message was damaged on the way: checksum %08x instead of %08x";
            throw new FrameException(ErrorCode.BAD_REQUEST, String.format(text, (int) sum.getValue(), checksum));
        }
    }
}
