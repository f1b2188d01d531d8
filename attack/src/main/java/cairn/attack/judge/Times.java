package cairn.attack.judge;

import java.util.Arrays;

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

    /** Between one moment and the next, or the end of what was looked at. */
    record Gap(long begin, long nanos) {}

    int count() {
        return count;
    }

    /**
     * The longest time between one and the next, of those that have a part in {@code from} to {@code until}; what is behind
     * {@code until} does not count, as it may be the doing of the next harm. Nothing is known of the time after the last: the
     * client was stopped or killed then, or is found to be stuck.
     */
    Gap longestGap(long from, long until) {
        int first = Arrays.binarySearch(at, 0, count, from);
        int index = Math.max(1, first >= 0 ? first : -first - 1);
        Gap longest = new Gap(from, 0);
        while (index < count && at[index - 1] < until) {
            long nanos = Math.min(at[index], until) - at[index - 1];
            if (nanos > longest.nanos) {
                longest = new Gap(at[index - 1], nanos);
            }
            index++;
        }
        return longest;
    }
}
