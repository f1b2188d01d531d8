package cairn.bench.gate;

import java.util.List;

/**
 * What pairs of runs say of a cost: this build's over the other's, pair by pair.
 *
 * @param median of the ratios of all pairs
 * @param low and {@code high}: between two of the ratios that the true middle lies between with at least 90 % certainty,
 *     whatever the ratios are spread like; nothing and infinity while there are too few pairs to say
 */
record Judgement(double median, double low, double high, Verdict verdict) {
    /** A cost that is this much higher is a regression. */
    static final double LIMIT = 1.10;

    private static final double CERTAINTY = 0.9;

    /** How the optimizing compiler happened to see things lasts as long as a process does: one start proves nothing. */
    private static final int STARTS_TO_CONVICT = 2;

    /** What the pairs allow to say. */
    enum Verdict {
        /** A regression beyond the limit is excluded. */
        FINE("fine"),
        /** The middle is beyond the limit, and that it costs more is certain. */
        WORSE("WORSE"),
        /** Neither. */
        UNDECIDED("not decided");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** @param starts how often the processes of both were started anew for these pairs */
    static Judgement of(List<Double> ratios, int starts) {
        List<Double> sorted = ratios.stream().sorted().toList();
        int count = sorted.size();
        double median = (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
        int outside = outside(count);
        double low = outside < 0 ? 0 : sorted.get(outside);
        double high = outside < 0 ? Double.POSITIVE_INFINITY : sorted.get(count - 1 - outside);
        return new Judgement(median, low, high, verdict(median, low, high, starts));
    }

    private static Verdict verdict(double median, double low, double high, int starts) {
        if (high <= LIMIT) {
            return Verdict.FINE;
        }
        return median > LIMIT && low > 1 && starts >= STARTS_TO_CONVICT ? Verdict.WORSE : Verdict.UNDECIDED;
    }

    /**
     * How many of the least, and of the greatest, of so many values can be left out: each value is as likely above the true middle
     * as below it, so the middle is among the {@code k} outermost of a side as often as {@code count} coins show less than {@code k} heads.
     *
     * @return -1 when even the least and the greatest do not enclose it with enough certainty
     */
    private static int outside(int count) {
        double oneSided = 0;
        double exactly = Math.pow(0.5, count); // so many heads
        for (int heads = 0; ; heads++) {
            oneSided += exactly;
            if (1 - 2 * oneSided < CERTAINTY) {
                return heads - 1;
            }
            exactly = exactly * (count - heads) / (heads + 1);
        }
    }
}
