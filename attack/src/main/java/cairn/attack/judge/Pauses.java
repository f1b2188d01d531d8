package cairn.attack.judge;

import cairn.attack.load.JobPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long clients paused around each harm. One sample is the longest time between two completed calls of one client, of those
 * that have a part in the time from the harm to its end and a while after. A client's own end is not a pause.
 */
public final class Pauses {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Whose pause. */
    public enum Who {
        WRITERS,
        READERS,
        FOLLOWERS,
        NAMES;

        static Who of(JobPlan.Kind job) {
            return switch (job) {
                case APPEND, WRITE -> WRITERS;
                case READ, INSPECT, VERIFY -> READERS;
                case FOLLOW -> FOLLOWERS;
                case NAMES -> NAMES;
            };
        }
    }

    private final Map<String, Map<Who, List<Double>>> seconds = new TreeMap<>();
    private final Map<String, Integer> harms = new TreeMap<>();

    /** What was done, and the time in which its effects are looked for, in {@link System#nanoTime}. */
    public record Harm(String kind, long from, long until) {}

    /** Adds the samples of one harm. */
    public void add(Harm harm, List<HistoryTail> clients) {
        harms.merge(harm.kind, 1, Integer::sum);
        for (HistoryTail client : clients) {
            double pause = client.longestGap(harm.from, harm.until) / NANOS_PER_SECOND;
            if (pause > 0) {
                seconds.computeIfAbsent(harm.kind, each -> new EnumMap<>(Who.class))
                        .computeIfAbsent(Who.of(client.plan().job()), each -> new ArrayList<>())
                        .add(pause);
            }
        }
    }

    /** A sample's place in the order: the smallest that at least this share of the samples do not exceed. */
    static double quantile(List<Double> samples, double share) {
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }

    /** The 99th percentile in seconds; 0 without samples. */
    public double p99(String kind, Who who) {
        List<Double> samples = seconds.getOrDefault(kind, Map.of()).getOrDefault(who, List.of());
        return samples.isEmpty() ? 0 : quantile(samples, 0.99);
    }

    public List<String> kinds() {
        return new ArrayList<>(harms.keySet());
    }

    /** As a table. */
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%-36s %6s  %-9s %8s %8s %8s %8s%n",
                "PAUSE OF CLIENTS",
                "TIMES",
                "WHO",
                "SAMPLES",
                "p50 s",
                "p99 s",
                "max s"));
        seconds.forEach((kind, byWho) -> byWho.forEach((who, samples) -> table.append(String.format(
                Locale.ROOT,
                "%-36s %6d  %-9s %8d %8.3f %8.3f %8.3f%n",
                kind,
                harms.get(kind),
                who.name().toLowerCase(Locale.ROOT),
                samples.size(),
                quantile(samples, 0.5),
                quantile(samples, 0.99),
                quantile(samples, 1)))));
        return table.toString().stripTrailing();
    }

    /** As a JSON array, an object for each kind of harm and kind of client. */
    public String json() {
        List<String> objects = new ArrayList<>();
        seconds.forEach((kind, byWho) -> byWho.forEach((who, samples) -> objects.add(String.format(
                Locale.ROOT,
                "  {\"harm\": \"%s\", \"times\": %d, \"who\": \"%s\", \"samples\": %d, \"p50Seconds\": %.4f, \"p99Seconds\": %.4f, \"maxSeconds\": %.4f}",
                kind,
                harms.get(kind),
                who.name().toLowerCase(Locale.ROOT),
                samples.size(),
                quantile(samples, 0.5),
                quantile(samples, 0.99),
                quantile(samples, 1)))));
        return "[\n" + String.join(",\n", objects) + "\n]\n";
    }

    @Override
    public String toString() {
        return Arrays.toString(kinds().toArray());
    }
}
