package cairn.attack.judge;

import java.util.Arrays;
import java.util.List;

/** Moments in order, in nanoseconds of {@link System#nanoTime}. Compact: a long run has millions. One thread. */
final class Times {

    private long[] at = new long[1024];
    private int count;

    void add(long nanos) {
        if (count == at.length) {
            at = Arrays.copyOf(at, 2 * count);
        }
        int place = count;
        while (place > 0 && at[place - 1] > nanos) { // answers of calls under way together may change places
            at[place] = at[place - 1];
            place--;
        }
        at[place] = nanos;
        count++;
    }

    /** Between one moment and the next. */
    record Gap(long begin, long nanos) {
        /** How much of it lies in the window; none when not positive. */
        private long in(Window window) {
            return Math.min(begin + nanos, window.until) - Math.max(begin, window.from);
        }
    }

    /** A time in which something is looked for. */
    record Window(long from, long until) {}

    int count() {
        return count;
    }

    /**
     * The longest gap of one of several windows, which are in order and have no part in common. A gap is of the window in which
     * the most of it lies, the whole of it, and of no other: so none is told twice. Nothing is known of the time after the last
     * moment: the client was stopped or killed then, or is found to be stuck.
     */
    Gap longestGap(List<Window> windows, int which) {
        Window window = windows.get(which);
        int first = Arrays.binarySearch(at, 0, count, window.from);
        int index = Math.max(1, first >= 0 ? first : -first - 1);
        Gap longest = new Gap(window.from, 0);
        while (index < count && at[index - 1] < window.until) {
            Gap gap = new Gap(at[index - 1], at[index] - at[index - 1]);
            if (gap.nanos > longest.nanos && isOf(windows, which, gap)) {
                longest = gap;
            }
            index++;
        }
        return longest;
    }

    /** Of two windows that have as much of it, the earlier has it. */
    private static boolean isOf(List<Window> windows, int which, Gap gap) {
        long own = gap.in(windows.get(which));
        boolean mine = own > 0;
        for (int i = which - 1; i >= 0 && windows.get(i).until > gap.begin; i--) {
            mine &= gap.in(windows.get(i)) < own;
        }
        for (int i = which + 1; i < windows.size() && windows.get(i).from < gap.begin + gap.nanos; i++) {
            mine &= gap.in(windows.get(i)) <= own;
        }
        return mine;
    }
}
