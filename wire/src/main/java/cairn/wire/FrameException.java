package cairn.wire;

import cairn.model.CairnException;
import cairn.model.ErrorCode;

/** The peer broke the protocol, or sent bytes that are no frame, behind which no next one can be found: cut it off. */
public final class FrameException extends CairnException {
    private static final long serialVersionUID = 1L;

    public FrameException(ErrorCode code, String message) {
        super(code, message);
    }
}
