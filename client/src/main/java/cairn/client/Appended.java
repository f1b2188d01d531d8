package cairn.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A record that {@link CairnAppender#appendAsync} has taken. Thread-safe. */
public final class Appended {
    private final CairnAppender appender;
    private final int offsetInUnit;

    /** Null while the record is collected with others; set once, under the lock of the stream. */
    private volatile @Nullable Unit unit;

    Appended(CairnAppender appender, int offsetInUnit) {
        this.appender = appender;
        this.offsetInUnit = offsetInUnit;
    }

    void sentAs(Unit made) {
        unit = made;
    }

    @Nullable
    Unit unit() {
        return unit;
    }

    int offsetInUnit() {
        return offsetInUnit;
    }

    /** Whether {@link #offset} would return or throw at once. */
    public boolean isDone() {
        return appender.isDone(this);
    }

    /**
     * Waits for the acknowledgement, at most {@link ClientOptions#operationTimeout}.
     *
     * @return the record's offset in the file
     * @throws AppendTimeoutException not yet acknowledged; calling again is safe
     */
    public long offset() throws IOException {
        return appender.offsetOf(this);
    }
}
