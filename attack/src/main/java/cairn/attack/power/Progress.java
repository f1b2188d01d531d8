package cairn.attack.power;

import java.util.Arrays;

/**
 * What was acknowledged up to a moment: how many operations of each kind, which come one after another. Its text is a mark in
 * the log of writes.
 *
 * @param synced records that each of the producers has appended with {@code synced}
 * @param replicated records appended in the default class
 * @param names changes of names
 * @param slots synced overwrites
 * @param millis of the guest's clock
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Progress(long[] synced, long replicated, long names, long slots, long millis) {

    static final int PRODUCERS = 2;

    static final Progress NONE = new Progress(new long[PRODUCERS], 0, 0, 0, 0);

    /** @throws NumberFormatException when it is not a mark of ours */
    static Progress parse(String mark) {
        if (mark.isEmpty()) {
            return NONE;
        }
        long[] numbers =
                Arrays.stream(mark.split("_", -1)).mapToLong(Long::parseLong).toArray();
        if (numbers.length != PRODUCERS + 4) {
            throw new NumberFormatException("a mark has " + (PRODUCERS + 4) + " numbers: " + mark);
        }
        return new Progress(
                Arrays.copyOf(numbers, PRODUCERS),
                numbers[PRODUCERS],
                numbers[PRODUCERS + 1],
                numbers[PRODUCERS + 2],
                numbers[PRODUCERS + 3]);
    }

    long total() {
        return Arrays.stream(synced).sum() + replicated + names + slots;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (long each : synced) {
            text.append(each).append('_');
        }
        return text.append(replicated)
                .append('_')
                .append(names)
                .append('_')
                .append(slots)
                .append('_')
                .append(millis)
                .toString();
    }
}
