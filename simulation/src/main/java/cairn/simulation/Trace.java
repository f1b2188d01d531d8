package cairn.simulation;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What happened, twice: as one running hash of every event, always, to prove that a seed has one history; and as
 * readable lines, on demand, to follow one seed. The lines never influence the history.
 */
final class Trace {

    /** The kinds of events; the ordinal goes into the hash. */
    enum Event {
        STEP,
        TIMER,
        START,
        FINISH,
        CRASH,
        PAUSE,
        NETWORK,
        DISK,
        FAULT
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
        hash = SimRandom.mix(hash * 31 + event.ordinal());
        hash = SimRandom.mix(hash ^ what) + detail;
    }

    long hash() {
        return SimRandom.mix(hash);
    }
}
