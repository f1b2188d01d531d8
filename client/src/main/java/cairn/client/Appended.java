package cairn.client;

import java.io.IOException;

/** A record that {@link CairnAppender#appendAsync} has taken. Thread-safe. */
public final class Appended {

    Appended() {}

    /** Whether {@link #offset} would return or throw at once. */
    public boolean isDone() {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits for the acknowledgement, at most {@link ClientOptions#operationTimeout}.
     *
     * @return the record's offset in the file
     * @throws AppendTimeoutException not yet acknowledged; calling again is safe
     */
    public long offset() throws IOException {
        throw new UnsupportedOperationException();
    }
}
