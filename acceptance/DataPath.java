import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds what {@code cairn bench --json FILE} measured against the bars of the data path. {@code acceptance/data-path} runs
 * both; {@code java acceptance/DataPath.java FILE...} judges files that are there. Ends with 1 when a bar is missed, 2 when
 * none could be judged.
 */
public final class DataPath {
    private static final Pattern HEAD = Pattern.compile("\"workload\": \"([^\"]*)\", \"system\": \"([^\"]*)\"");
    private static final Pattern FIGURE = Pattern.compile("\"(rate|cpu|p50Micros|p99Micros)\": ([-0-9.eE]+)");

    /** Of workload and system, then of a figure: all runs. */
    private final Map<String, Map<String, List<Double>>> runs = new LinkedHashMap<>();

    private int judged;
    private int missed;

    private DataPath() {}

    public static void main(String[] files) throws IOException {
        DataPath bars = new DataPath();
        for (String file : files) {
            bars.read(Path.of(file));
        }
        System.out.printf("%-46s %14s %14s %10s %10s%n", "bar", "cairn", "other", "ratio", "bar");
        bars.sequential();
        bars.positioned();
        bars.appends();
        bars.names();
        bars.paper();
        System.out.printf("%d bars judged, %d met, %d missed%n", bars.judged, bars.judged - bars.missed, bars.missed);
        System.exit(bars.judged == 0 ? 2 : bars.missed > 0 ? 1 : 0);
    }

    private void sequential() {
        for (String word : List.of("write-1", "write-4")) {
            atMost(word, "cpu", "hdfs", 0.5);
            atMost(word, "cpu", "raw", 1.5);
            atLeast(word, "rate", "hdfs", 2);
        }
        for (String word : List.of("read-1", "read-4")) {
            atMost(word, "cpu", "hdfs", 0.35);
        }
        for (String word : List.of("read-net-1", "read-net-4")) {
            atMost(word, "cpu", "hdfs", 0.6);
            atMost(word, "cpu", "raw", 1.4);
        }
    }

    private void positioned() {
        atLeast("pread-4k-8", "rate", "hdfs", 5);
        atLeast("pread-64k-8", "rate", "hdfs", 3);
        atMost("pread-4k-1", "p50Micros", "hdfs", 1 / 3.0);
        atMost("pread-64k-1", "p50Micros", "hdfs", 1 / 3.0);
    }

    private void appends() {
        atLeast("append-1k-1", "rate", 5_000);
        atLeast("append-1k-16", "rate", 45_000);
        atLeast("append-pipelined-1", "rate", 180_000);
        atLeast("append-pipelined-4", "rate", 300_000);
        atLeast("append-synced-16", "rate", "hdfs", 10);
        atMost("follow-1", "p99Micros", 5_000);
        atMost("follow-4", "p99Micros", 5_000);
    }

    private void names() {
        atLeast("small-create-16", "rate", "hdfs", 10);
        atLeast("small-read-16", "rate", "hdfs", 5);
        atLeast("small-delete-16", "rate", "hdfs", 5);
        atLeast("stat-16", "rate", "hdfs", 8);
        atLeast("mkdir-16", "rate", "hdfs", 5);
        atLeast("rename-16", "rate", "hdfs", 5);
        atLeast("touch-16", "rate", 20_000);
    }

    private void paper() {
        atLeast("paper-read", "rate", "raw", 0.9);
        atLeast("paper-write", "rate", "raw", 0.7);
        atLeast("paper-append", "rate", "raw", 0.7);
    }

    private void atMost(String workload, String figure, String other, double factor) {
        compare(workload, figure, other, factor, true);
    }

    private void atLeast(String workload, String figure, String other, double factor) {
        compare(workload, figure, other, factor, false);
    }

    private void compare(String workload, String figure, String other, double factor, boolean most) {
        double ours = median(workload, "cairn", figure);
        double theirs = median(workload, other, figure);
        if (Double.isNaN(ours) || Double.isNaN(theirs)) {
            return;
        }
        tell(workload + " " + figure + " to " + other, ours, number(theirs), ours / theirs, factor, most);
    }

    private void atLeast(String workload, String figure, double bar) {
        absolute(workload, figure, bar, false);
    }

    private void atMost(String workload, String figure, double bar) {
        absolute(workload, figure, bar, true);
    }

    private void absolute(String workload, String figure, double bar, boolean most) {
        double ours = median(workload, "cairn", figure);
        if (!Double.isNaN(ours)) {
            tell(workload + " " + figure, ours, "", ours, bar, most);
        }
    }

    private void tell(String what, double ours, String theirs, double seen, double bar, boolean most) {
        boolean met = most ? seen <= bar : seen >= bar;
        judged++;
        missed += met ? 0 : 1;
        System.out.printf(
                "%-46s %14s %14s %10s %10s  %s%n",
                what, number(ours), theirs, number(seen), (most ? "<= " : ">= ") + number(bar), met ? "met" : "MISSED");
    }

    private static String number(double value) {
        return Math.abs(value) >= 1000
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    private double median(String workload, String system, String figure) {
        List<Double> all = runs.getOrDefault(workload + " " + system, Map.of()).getOrDefault(figure, List.of());
        List<Double> sorted = all.stream().sorted().toList();
        int half = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private void read(Path file) throws IOException {
        Map<String, List<Double>> into = Map.of();
        for (String line : Files.readAllLines(file)) {
            Matcher head = HEAD.matcher(line);
            if (head.find()) {
                into = runs.computeIfAbsent(head.group(1) + " " + head.group(2), key -> new LinkedHashMap<>());
                continue;
            }
            Matcher figures = FIGURE.matcher(line);
            while (figures.find()) {
                into.computeIfAbsent(figures.group(1), key -> new ArrayList<>())
                        .add(Double.parseDouble(figures.group(2)));
            }
        }
    }
}
