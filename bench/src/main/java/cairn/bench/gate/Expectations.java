package cairn.bench.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counts that are written down, each with how much more of it is no regression. */
final class Expectations {
    private static final int TOLERANCE_PERCENT = 10;
    private static final String LINE = "%-20s %-8s %-10s %12s %9s%n";

    private final SortedMap<CountKey, Expected> all = new TreeMap<>();

    /** What is written down of one count. */
    record Expected(double value, int tolerancePercent) {
        double most(CountKey key) {
            return Math.max(
                    value * (100 + tolerancePercent) / 100, value + key.what().slack());
        }

        double least(CountKey key) {
            return Math.min(
                    value * (100 - tolerancePercent) / 100, value - key.what().slack());
        }
    }

    /** How a count stands to what is written down. */
    enum Verdict {
        AS_WRITTEN("", false),
        BETTER("better than written down", false),
        WORSE("WORSE", true),
        NEW("NOT WRITTEN DOWN", true),
        GONE("NO LONGER COUNTED", true);

        private final String words;
        private final boolean fails;

        Verdict(String words, boolean fails) {
            this.words = words;
            this.fails = fails;
        }

        String words() {
            return words;
        }

        boolean fails() {
            return fails;
        }
    }

    static Expectations parse(String text) {
        Expectations expectations = new Expectations();
        for (String line : text.lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                expectations.add(line.strip().split("\\s+"));
            }
        }
        return expectations;
    }

    private void add(String[] words) {
        if (words.length != 5 || !words[4].endsWith("%")) {
            throw new IllegalArgumentException(
                    "not WORKLOAD SIDE COUNT EXPECTED TOLERANCE%: " + String.join(" ", words));
        }
        CountKey key = new CountKey(words[0], words[1], Counted.of(words[2]));
        int percent = Integer.parseInt(words[4].substring(0, words[4].length() - 1));
        all.put(key, new Expected(Double.parseDouble(words[3]), percent));
    }

    /** One count, expected or seen or both. */
    record Row(CountKey key, String expected, String seen, Verdict verdict) {}

    /** All that is expected and all that was seen. */
    List<Row> compare(Map<CountKey, Double> seen) {
        SortedMap<CountKey, Double> keys = new TreeMap<>(seen);
        all.keySet().forEach(key -> keys.putIfAbsent(key, 0.0));
        List<Row> rows = new ArrayList<>();
        for (CountKey key : keys.keySet()) {
            Expected expected = all.get(key);
            Double value = seen.get(key);
            rows.add(new Row(
                    key,
                    expected == null ? "-" : digits(expected.value),
                    value == null ? "-" : digits(value),
                    judge(key, expected, value)));
        }
        return rows;
    }

    private static Verdict judge(CountKey key, @Nullable Expected expected, @Nullable Double seen) {
        if (expected == null) {
            return Verdict.NEW;
        }
        if (seen == null) {
            return Verdict.GONE;
        }
        if (seen > expected.most(key)) {
            return Verdict.WORSE;
        }
        return seen < expected.least(key) ? Verdict.BETTER : Verdict.AS_WRITTEN;
    }

    /** What was seen becomes what is expected; but what is still as written stays, so that many small steps add up to a large one. */
    Expectations accept(Map<CountKey, Double> seen) {
        Expectations next = new Expectations();
        seen.forEach((key, value) -> {
            Expected before = all.get(key);
            if (before != null && judge(key, before, value) == Verdict.AS_WRITTEN) {
                next.all.put(key, before);
            } else {
                next.all.put(key, new Expected(value, before == null ? TOLERANCE_PERCENT : before.tolerancePercent));
            }
        });
        return next;
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # What workloads cost, for each MiB of write-* and read-*, for each operation of the others. Compared by ./dev gate --counts,
                # which fails on more than the tolerance, and written by ./dev gate --counts --accept, which leaves tolerances as they are.
                # docs/bench.md says what is counted.
                """);
        text.append(LINE.formatted("# workload", "side", "count", "expected", "tolerance"));
        all.forEach((key, expected) -> text.append(LINE.formatted(
                key.workload(),
                key.side(),
                key.what().word(),
                digits(expected.value),
                expected.tolerancePercent + "%")));
        return text.toString();
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.3f" : "%.0f", value);
    }
}
