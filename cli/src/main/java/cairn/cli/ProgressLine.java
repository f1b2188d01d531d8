package cairn.cli;

import java.io.IOException;

/** A line on the terminal that says how far something is, drawn over itself a few times a second; nowhere else. One thread. */
final class ProgressLine {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final long REDRAW_NANOS = 200_000_000L;

    private final Console console;
    private long drawnNanos = System.nanoTime();
    private boolean drawn;

    ProgressLine(Console console) {
        this.console = console;
    }

    void show(String words) {
        if (!console.terminal() || System.nanoTime() - drawnNanos < REDRAW_NANOS) {
            return;
        }
        drawnNanos = System.nanoTime();
        print(CLEAR_LINE + words);
        drawn = true;
    }

    /** Before something else is printed, and at the end. */
    void clear() {
        if (drawn) {
            print(CLEAR_LINE);
            drawn = false;
        }
    }

    private void print(String words) {
        try {
            console.err().print(words);
            console.err().flush();
        } catch (IOException e) {
            // Nobody sees the terminal any more; the work goes on.
            drawn = false;
        }
    }
}
