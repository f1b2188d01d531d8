package cairn.model;

import java.io.IOException;

/** A refusal with its code. The message names the thing and the next step; it is shown to users as it is. */
public class CairnException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public CairnException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public CairnException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
