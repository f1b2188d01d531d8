package cairn.bench.gate;

import cairn.bench.Launcher;
import cairn.bench.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code ./dev gate} starts: {@code compare [WORKLOAD...]} or {@code counts FILE [--accept]}. Ends with 0 when nothing got worse,
 * with 1 when something did, with 2 when it could not measure, with 3 when the noise was too loud to say.
 */
public final class GateMain {
    private static final int FINE = 0;
    private static final int WORSE = 1;
    private static final int BROKEN = 2;
    private static final int UNDECIDED = 3;

    private static final String COMPARE_LINE = "%-20s %10s %10s %6s  %6s  %-13s %6s  %s%n";

    private static final String COUNTS_LINE = "%-20s %-8s %-10s %12s %12s  %s%n";

    private final PrintStream out;
    private final Path parent;

    private GateMain(PrintStream out, Path parent) {
        this.out = out;
        this.parent = parent;
    }

    public static void main(String[] arguments) {
        GateMain gate = new GateMain(System.out, Path.of(System.getProperty("java.io.tmpdir")));
        try {
            System.exit(gate.run(List.of(arguments)));
        } catch (IOException | RuntimeException e) { // an exit code of 1 would say that something got worse
            System.err.println("dev: gate: " + (e instanceof IllegalArgumentException ? e.getMessage() : e));
            System.exit(BROKEN);
        }
    }

    private int run(List<String> words) throws IOException {
        return switch (words.get(0)) {
            case "compare" -> compare(words.subList(1, words.size()));
            case "counts" -> counts(Path.of(words.get(1)), words.contains("--accept"));
            default -> throw new IllegalArgumentException("what is " + words + "?");
        };
    }

    private int compare(List<String> words) throws IOException {
        List<Workload> workloads = words.isEmpty() ? Comparison.WORKLOADS : Workload.named(words);
        out.printf(COMPARE_LINE, "workload", "this", "other", "", "ratio", "90 % within", "pairs", "");
        List<Comparison.Result> results = new Comparison(
                        Launcher.ofThisBuild(), Launcher.ofOtherBuild(), parent, new Comparison.Listener() {
                            @Override
                            public void now(String what) {
                                GateMain.this.now(what);
                            }

                            @Override
                            public void judged(Comparison.Result result) {
                                show(result);
                            }
                        })
                .run(workloads);
        String worse = named(results, Judgement.Verdict.WORSE);
        String undecided = named(results, Judgement.Verdict.UNDECIDED);
        if (!undecided.isEmpty()) {
            out.println("not decided, the machine is too noisy: " + undecided);
        }
        if (!worse.isEmpty()) {
            out.println("over 10 % more CPU time than the other: " + worse);
            return WORSE;
        }
        if (undecided.isEmpty()) {
            out.println("no workload costs over 10 % more CPU time than before");
        }
        return undecided.isEmpty() ? FINE : UNDECIDED;
    }

    private void show(Comparison.Result result) {
        Judgement judgement = result.judgement();
        out.printf(
                COMPARE_LINE,
                result.workload().word(),
                digits(result.mine()),
                digits(result.other()),
                result.workload().cpuUnit(),
                digits(judgement.median()),
                digits(judgement.low()) + "-" + digits(judgement.high()),
                result.pairs().size(),
                judgement.verdict().words());
        out.flush();
    }

    private static String named(List<Comparison.Result> results, Judgement.Verdict verdict) {
        return results.stream()
                .filter(result -> result.judgement().verdict() == verdict)
                .map(result -> result.workload().word() + " ("
                        + digits(result.judgement().median()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }

    private int counts(Path file, boolean accept) throws IOException {
        Expectations written = Expectations.parse(Files.exists(file) ? Files.readString(file) : "");
        Map<CountKey, Double> seen = Counting.count(Launcher.ofThisBuild(), parent, this::now);
        List<Expectations.Row> rows = written.compare(seen);
        out.printf(COUNTS_LINE, "workload", "side", "count", "expected", "seen", "");
        for (Expectations.Row row : rows) {
            CountKey key = row.key();
            out.printf(
                    COUNTS_LINE,
                    key.workload(),
                    key.side(),
                    key.what().word(),
                    row.expected(),
                    row.seen(),
                    row.verdict().words());
        }
        if (accept) {
            Files.writeString(file, written.accept(seen).text());
            out.println("written to " + file);
            return FINE;
        }
        return sayCounts(rows);
    }

    private int sayCounts(List<Expectations.Row> rows) {
        List<Expectations.Row> failed =
                rows.stream().filter(row -> row.verdict().fails()).toList();
        for (Expectations.Row row : failed) {
            out.printf("%s: %s, expected %s, seen %s%n", row.verdict().words(), row.key(), row.expected(), row.seen());
        }
        if (rows.stream().anyMatch(row -> row.verdict() == Expectations.Verdict.BETTER)) {
            out.println("some are better: ./dev gate --counts --accept writes them down");
        }
        out.println(failed.isEmpty() ? "no count got worse" : failed.size() + " counts are not as written down");
        return failed.isEmpty() ? FINE : WORSE;
    }

    private void now(String what) {
        System.err.println("gate: " + what);
    }
}
