package cairn.bench.client;

import java.util.StringJoiner;

/**
 * How often something took how long: buckets of nanoseconds, 32 to each power of two, so a percentile is right within 3 %.
 * One thread at a time.
 */
public final class Latencies {
    private static final int SUB_BITS = 5;
    private static final int SUBS = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUBS];
    private long count;

    public void add(long nanos) {
        counts[bucket(Math.max(nanos, 0))]++;
        count++;
    }

    public void addAll(Latencies others) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += others.counts[i];
        }
        count += others.count;
    }

    public long count() {
        return count;
    }

    /** The time in nanoseconds that {@code share} of them did not exceed; 0 when there are none. */
    public long percentile(double share) {
        long wanted = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && counts[i] > 0) {
                return middle(i);
            }
        }
        return 0;
    }

    /** All buckets that are not empty, as {@code BUCKET:COUNT,...}. */
    String encode() {
        StringJoiner text = new StringJoiner(",");
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                text.add(i + ":" + counts[i]);
            }
        }
        return text.toString();
    }

    static Latencies decode(String text) {
        Latencies latencies = new Latencies();
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                long count = Long.parseLong(pair.substring(colon + 1));
                latencies.counts[Integer.parseInt(pair.substring(0, colon))] += count;
                latencies.count += count;
            }
        }
        return latencies;
    }

    private static int bucket(long nanos) {
        if (nanos < SUBS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
        return (shift + 1) * SUBS + (int) ((nanos >> shift) & (SUBS - 1));
    }

    private static long middle(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = bucket / SUBS - 1;
        return ((long) (SUBS + bucket % SUBS) << shift) + (1L << shift) / 2;
    }
}
