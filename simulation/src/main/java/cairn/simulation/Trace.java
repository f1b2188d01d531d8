package cairn.simulation;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What happened, twice: as one running hash of every event, always, to prove that a seed has one history; and as
 * readable lines, on demand, to follow one seed. The lines never influence the history.
 */
final class Trace {

    /** The kinds of events. */
    enum Event {
        STEP(1),
        TIMER(2),
        START(3),
        LIFE(4),
        NETWORK(5),
        DISK(6),
        FAULT(7);

        private final int code;

        Event(int code) {
            this.code = code;
        }
    }

    private @Nullable PrintStream lines;
    private long hash;

    void printTo(PrintStream out) {
        lines = out;
    }

    /** Guards the building of a line's text. */
    boolean on() {
        return lines != null;
    }

    void line(long nowNanos, String where, String what) {
        if (lines != null) {
            lines.printf("%6d.%09d  %-12s %s%n", nowNanos / 1_000_000_000, nowNanos % 1_000_000_000, where, what);
        }
    }

    void add(Event event, long what, long detail) {
        hash = SimRandom.mix(hash * 31 + event.code);
        hash = SimRandom.mix(hash ^ what) + detail;
    }

    long hash() {
        return SimRandom.mix(hash);
    }
}
