package cairn.log;

import java.io.IOException;

/**
 * The data directory cannot be used as it is, and nothing in it was changed. The message is one line for an operator: the
 * file, the offset where there is one, and what to do.
 */
public final class StartRefused extends IOException {
    private static final long serialVersionUID = 1L;

    public StartRefused(String message) {
        super(message);
    }

    public StartRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
