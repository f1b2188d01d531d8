package cairn.attack.judge;

import cairn.attack.load.JobPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How long clients paused around each harm. One sample is the longest time between two completed calls of one client, of those
 * that lie in the time from the harm to its end and a while after, or for the most part. A client's own end is not a pause. What was done to a
 * cell that had not recovered from the harm before is counted apart: such a pause may be the doing of either.
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

    /**
     * What was done, and the time in which its effects are looked for, in {@link System#nanoTime}.
     *
     * @param alone no other harm was in effect when it began
     */
    public record Harm(String kind, boolean alone, long from, long until) {}

    /** A kind of harm, alone or not, in the order of the table. */
    private record Row(String kind, boolean alone) implements Comparable<Row> {
        private static final Comparator<Row> ORDER =
                Comparator.comparing(Row::kind).thenComparing(Row::alone, Comparator.reverseOrder());

        @Override
        public int compareTo(Row other) {
            return ORDER.compare(this, other);
        }

        String words() {
            return alone ? kind : kind + " +";
        }
    }

    /** One pause, and whose it was and when it began. */
    private record Sample(double seconds, String client, long began) {}

    /** The samples of one row and one kind of client. */
    private record Line(Row row, int times, Who who, List<Sample> samples) {
        double quantile(double share) {
            return Pauses.quantile(samples.stream().map(Sample::seconds).toList(), share);
        }

        Sample longest() {
            return samples.stream()
                    .max(Comparator.comparingDouble(Sample::seconds))
                    .orElseThrow();
        }

        String whose() {
            return who.name().toLowerCase(Locale.ROOT);
        }
    }

    private final NavigableMap<Row, Map<Who, List<Sample>>> rows = new TreeMap<>();
    private final NavigableMap<Row, Integer> times = new TreeMap<>();

    /** Adds the samples of all that was done, in its order: the time of one ends where that of the next begins. */
    public void add(List<Harm> harms, List<HistoryTail> clients) {
        List<Times.Window> windows = new ArrayList<>();
        for (int i = 0; i < harms.size(); i++) {
            long until = harms.get(i).until;
            windows.add(new Times.Window(
                    harms.get(i).from, i + 1 < harms.size() ? Math.min(until, harms.get(i + 1).from) : until));
        }
        for (int i = 0; i < harms.size(); i++) {
            add(harms.get(i), windows, i, clients);
        }
    }

    private void add(Harm harm, List<Times.Window> windows, int which, List<HistoryTail> clients) {
        Row row = new Row(harm.kind, harm.alone);
        times.merge(row, 1, Integer::sum);
        for (HistoryTail client : clients) {
            Times.Gap gap = client.longestGap(windows, which);
            if (gap.nanos() > 0) {
                rows.computeIfAbsent(row, each -> new EnumMap<>(Who.class))
                        .computeIfAbsent(Who.of(client.plan().job()), each -> new ArrayList<>())
                        .add(new Sample(
                                gap.nanos() / NANOS_PER_SECOND, client.plan().name(), gap.begin()));
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

    /** Whether this was done to a cell that was well. */
    public boolean wasAlone(String kind) {
        return times.containsKey(new Row(kind, true));
    }

    /** The 99th percentile in seconds, where nothing else was in effect; 0 without samples. */
    public double p99(String kind, Who who) {
        List<Sample> samples = rows.getOrDefault(new Row(kind, true), Map.of()).getOrDefault(who, List.of());
        return samples.isEmpty()
                ? 0
                : quantile(samples.stream().map(Sample::seconds).toList(), 0.99);
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        rows.forEach((row, byWho) ->
                byWho.forEach((who, samples) -> lines.add(new Line(row, times.getOrDefault(row, 0), who, samples))));
        return lines;
    }

    /** As a table; {@code clock} tells the time of day of a moment. */
    public String table(Function<Long, String> clock) {
        String shape = "%-40s %5s  %-9s %7s %7s %7s %7s  %s%n";
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                shape,
                "PAUSE OF CLIENTS",
                "TIMES",
                "WHO",
                "SAMPLES",
                "p50 s",
                "p99 s",
                "max s",
                "MAX OF"));
        for (Line line : lines()) {
            Sample longest = line.longest();
            table.append(String.format(
                    Locale.ROOT,
                    shape,
                    line.row.words(),
                    line.times,
                    line.whose(),
                    line.samples.size(),
                    seconds(line.quantile(0.5)),
                    seconds(line.quantile(0.99)),
                    seconds(longest.seconds),
                    longest.client + " from " + clock.apply(longest.began)));
        }
        return table + "+ another harm was still in effect when it began";
    }

    private static String seconds(double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }

    /** As a JSON array, an object for each kind of harm and kind of client. */
    public String json() {
        List<String> objects = new ArrayList<>();
        for (Line line : lines()) {
            objects.add(String.format(
                    Locale.ROOT,
                    "  {\"harm\": \"%s\", \"alone\": %s, \"times\": %d, \"who\": \"%s\", \"samples\": %d,"
                            + " \"p50Seconds\": %.4f, \"p99Seconds\": %.4f, \"maxSeconds\": %.4f}",
                    line.row.kind,
                    line.row.alone,
                    line.times,
                    line.whose(),
                    line.samples.size(),
                    line.quantile(0.5),
                    line.quantile(0.99),
                    line.longest().seconds));
        }
        return "[\n" + String.join(",\n", objects) + "\n]\n";
    }

    @Override
    public String toString() {
        return times.toString();
    }
}
