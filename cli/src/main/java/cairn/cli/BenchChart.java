package cairn.cli;

import cairn.bench.Measured;
import cairn.bench.Measured.Spread;
import cairn.bench.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Draws what was measured: for each workload and system a bar as long as the median rate, one as long as the median CPU time, and
 * on each a whisker from the least to the most. Workloads have units of their own, so each has its own scale: its longest
 * whisker ends where a full bar would.
 *
 * <pre>
 *      workload  what it is
 *        cairn  #######-|--  1230 MiB/s      ####|-  2.1 s/GiB
 *        raw    ########-|-  1410 MiB/s      ###|-   1.8 s/GiB
 * </pre>
 */
final class BenchChart {
    // Pixels. The width of a page; bars between their labels.
    private static final int WIDTH = 1000;
    private static final int MARGIN = 20;
    private static final int SYSTEM_END = 90;
    private static final int RATE_START = 100;
    private static final int CPU_START = 560;
    private static final int BAR_LENGTH = 290;
    private static final int GAP = 8;
    private static final int HEAD = 64;
    private static final int TITLE = 28;
    private static final int ROW = 22;
    private static final int BAR = 14;
    private static final int CAP = 4;
    private static final int BASELINE = 4;

    /** Colours that are told apart without red and green (Okabe and Ito), by the order in which systems appear. */
    private static final List<String> COLOURS = List.of("#0072b2", "#999999", "#e69f00", "#009e73", "#cc79a7");

    private final StringBuilder body = new StringBuilder();
    private final Map<String, String> colours = new LinkedHashMap<>();
    private int y = HEAD;

    private BenchChart() {}

    static String svg(List<Measured> all) {
        BenchChart chart = new BenchChart();
        Map<String, List<Measured>> workloads = new LinkedHashMap<>();
        for (Measured each : all) {
            workloads
                    .computeIfAbsent(each.workload().word(), word -> new ArrayList<>())
                    .add(each);
        }
        workloads.values().forEach(chart::workload);
        return chart.page();
    }

    private String page() {
        String head = """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
                font-family="sans-serif" font-size="12" fill="#222222">
                <title>cairn bench</title>
                <rect width="%1$d" height="%2$d" fill="#ffffff"/>
                <text x="%3$d" y="26">Bars are medians, whiskers the least and the most of all runs; each workload has \
                its own scale.</text>
                <text x="%4$d" y="50" font-weight="bold">rate (more is better)</text>
                <text x="%5$d" y="50" font-weight="bold">CPU time of all processes (less is better)</text>
                """;
        return head.formatted(WIDTH, y + MARGIN, MARGIN, RATE_START, CPU_START) + body + "</svg>\n";
    }

    private void workload(List<Measured> systems) {
        Measured first = systems.get(0);
        y += TITLE;
        body.append(
                "<text x=\"%d\" y=\"%d\"><tspan font-weight=\"bold\">%s</tspan> <tspan fill=\"#666666\">%s</tspan></text>\n"
                        .formatted(
                                MARGIN,
                                y - GAP,
                                escape(first.workload().word()),
                                escape(first.workload().sentence())));
        double mostRate = most(systems, Run::rate);
        double mostCpu = most(systems, Run::cpu);
        for (Measured each : systems) {
            int middle = y + ROW / 2;
            text(SYSTEM_END, middle, "end", each.system());
            if (each.runs().isEmpty()) {
                text(RATE_START, middle, "start", each.note());
            } else {
                String colour =
                        colours.computeIfAbsent(each.system(), system -> COLOURS.get(colours.size() % COLOURS.size()));
                bar(RATE_START, each.spread(Run::rate), mostRate, each.rateUnit(), colour);
                bar(CPU_START, each.spread(Run::cpu), mostCpu, each.cpuUnit(), colour);
            }
            y += ROW;
        }
        for (Measured each : systems) {
            if (!each.runs().isEmpty() && !each.note().isEmpty()) {
                text(RATE_START, y + ROW / 2, "start", each.system() + ": " + each.note());
                y += ROW;
            }
        }
    }

    private static double most(List<Measured> systems, ToDoubleFunction<Run> value) {
        return systems.stream()
                .flatMap(each -> each.runs().stream())
                .mapToDouble(value)
                .max()
                .orElse(0);
    }

    private void bar(int start, Spread spread, double most, String unit, String colour) {
        int middle = y + ROW / 2;
        double least = at(start, spread.min(), most);
        double end = at(start, spread.max(), most);
        body.append(number(
                "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                start, middle - BAR / 2, at(start, spread.median(), most) - start, BAR, colour));
        body.append(number(
                "<path class=\"whisker\" d=\"M%1$.1f %3$dv%4$dM%2$.1f %3$dv%4$dM%1$.1f %5$dH%2$.1f\" stroke=\"#222222\" fill=\"none\"/>\n",
                least, end, middle - CAP, 2 * CAP, middle));
        text((int) Math.ceil(end) + GAP, middle, "start", BenchReport.digits(spread.median()) + " " + unit);
    }

    private static double at(int start, double value, double most) {
        return most > 0 ? start + BAR_LENGTH * value / most : start;
    }

    private void text(int x, int middle, String anchor, String words) {
        body.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
                .formatted(x, middle + BASELINE, anchor, escape(words)));
    }

    /** With a point for decimals, wherever we are. */
    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
