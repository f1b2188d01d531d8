package cairn.wire;

import cairn.model.CairnException;
import cairn.model.ErrorCode;

/** The peer sent bytes that are not a frame. There is no way to find the next frame: the connection must be cut. */
public final class FrameException extends CairnException {
    private static final long serialVersionUID = 1L;

    public FrameException(ErrorCode code, String message) {
        super(code, message);
    }
}
