package cairn.cli;

import java.io.IOException;

/** A failure whose message is ready for the user: {@code thing: what and what to do}. Exit code 1. */
final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
