package cairn.cli.text;

/**
 * One line of progress for a terminal: name, share done, bytes, rate, time left. Calculates only; who calls decides when
 * and where it is shown.
 */
public final class ProgressBar {
    private static final int NAME_WIDTH = 24;
    private static final int BAR_WIDTH = 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private final String name;
    private final long totalBytes;

    /**
     * @param name of what moves
     * @param totalBytes to move; negative when nobody knows
     */
    public ProgressBar(String name, long totalBytes) {
        this.name = name;
        this.totalBytes = totalBytes;
    }

    /** The line, at most 79 columns, after {@code doneBytes} in {@code elapsedNanos}. */
    public String line(long doneBytes, long elapsedNanos) {
        double seconds = Math.max(elapsedNanos, 1) / NANOS_PER_SECOND;
        long rate = (long) (doneBytes / seconds);
        String moved = fitted(name) + "  ";
        String speed = pad(Sizes.human(doneBytes), 5) + "  " + pad(Sizes.human(rate), 5) + "/s";
        if (totalBytes < 0) {
            return moved + speed + "  " + Times.clock((long) seconds);
        }
        long shown = Math.max(doneBytes, 0);
        int percent = totalBytes == 0 ? 100 : (int) Math.min(100, shown * 100.0 / totalBytes);
        String bar =
                "[" + "#".repeat(BAR_WIDTH * percent / 100) + " ".repeat(BAR_WIDTH - BAR_WIDTH * percent / 100) + "]";
        return moved + bar + pad(percent + "%", 5) + "  " + speed + "  " + remaining(doneBytes, rate, (long) seconds);
    }

    /** Time left while it runs, time taken when it is done. */
    private String remaining(long doneBytes, long rate, long seconds) {
        if (doneBytes >= totalBytes) {
            return Times.clock(seconds);
        }
        return rate == 0 ? "-:--" : "ETA " + Times.clock((totalBytes - doneBytes + rate - 1) / rate);
    }

    private static String fitted(String name) {
        String clean = Table.oneLine(name);
        int count = clean.codePointCount(0, clean.length());
        if (count <= NAME_WIDTH) {
            return clean + " ".repeat(NAME_WIDTH - count);
        }
        // The end of a name tells files apart more often than its start.
        return "..." + clean.substring(clean.offsetByCodePoints(0, count - NAME_WIDTH + 3));
    }

    private static String pad(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
