package cairn.cli;

import cairn.bench.Bench;
import cairn.bench.Measured;
import cairn.bench.Measured.Spread;
import cairn.bench.Run;
import cairn.bench.Workload;
import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Prints each workload when it is done, and keeps all of it for programs. */
final class BenchReport implements Bench.Listener {
    /** Digits that mean something, at the best. */
    private static final MathContext DIGITS = new MathContext(3);

    private static final int SPREAD_WIDTH = 21;

    private final Console console;
    private final ProgressLine progress;
    private final List<Measured> all = new ArrayList<>();
    private final Table table = new Table(
            Align.LEFT,
            Align.LEFT,
            Align.RIGHT,
            Align.LEFT,
            Align.RIGHT,
            Align.LEFT,
            Align.RIGHT,
            Align.RIGHT,
            Align.RIGHT,
            Align.LEFT);

    BenchReport(Console console) {
        this.console = console;
        this.progress = new ProgressLine(console);
        int longest = Workload.named(List.of()).stream()
                .mapToInt(each -> each.word().length())
                .max()
                .orElseThrow();
        table.row( // as wide as it will get: what is printed cannot be moved any more
                wide("workload", -longest),
                "system",
                wide("min/median/max", SPREAD_WIDTH),
                "rate ",
                wide("min/median/max", SPREAD_WIDTH),
                "CPU  ",
                wide("p50/p99/p99.9 us", SPREAD_WIDTH),
                "rate ratio",
                "CPU ratio",
                "");
    }

    @Override
    public void now(String what) {
        progress.show(what);
    }

    @Override
    public void done(List<Measured> measured) throws IOException {
        progress.clear();
        Measured cairn = measured.getFirst();
        for (Measured each : measured) {
            if (each.runs().isEmpty()) {
                table.row(each.workload().word(), each.system(), "", "", "", "", "", "", "", each.note());
            } else {
                table.row(
                        each.workload().word(),
                        each.system(),
                        text(each.spread(Run::rate)),
                        each.rateUnit(),
                        text(each.spread(Run::cpu)),
                        each.cpuUnit(),
                        latencies(each),
                        ratio(each, cairn, Run::rate),
                        ratio(each, cairn, Run::cpu),
                        each.note());
            }
        }
        all.addAll(measured);
        console.out().print(table.take());
        console.out().flush();
    }

    /** All of it, as an array. */
    String json() {
        return JsonObject.array(all.stream().map(BenchReport::object).toList()) + "\n";
    }

    /** All of it, as a picture. */
    String svg() {
        return BenchChart.svg(all);
    }

    private static String wide(String text, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", text);
    }

    private static String latencies(Measured measured) {
        if (!measured.hasLatency()) {
            return "";
        }
        return digits(measured.spread(Run::p50Micros).median()) + "/"
                + digits(measured.spread(Run::p99Micros).median()) + "/"
                + digits(measured.spread(Run::p999Micros).median());
    }

    private static String ratio(Measured measured, Measured cairn, ToDoubleFunction<Run> value) {
        if (measured.system().equals(cairn.system())) {
            return "";
        }
        return "x"
                + digits(measured.spread(value).median() / cairn.spread(value).median());
    }

    private static String text(Spread spread) {
        return digits(spread.min()) + "/" + digits(spread.median()) + "/" + digits(spread.max());
    }

    static String digits(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return value >= 100
                ? Long.toString(Math.round(value))
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    private static JsonObject object(Measured measured) {
        List<JsonObject> runs = new ArrayList<>();
        for (Run run : measured.runs()) {
            JsonObject object = new JsonObject().with("rate", run.rate()).with("cpu", run.cpu());
            if (measured.hasLatency()) {
                object.with("p50Micros", run.p50Micros())
                        .with("p99Micros", run.p99Micros())
                        .with("p999Micros", run.p999Micros());
            }
            runs.add(object);
        }
        return new JsonObject()
                .with("workload", measured.workload().word())
                .with("system", measured.system())
                .with("rateUnit", measured.rateUnit())
                .with("cpuUnit", measured.cpuUnit())
                .with("note", measured.note())
                .with("runs", runs);
    }
}
