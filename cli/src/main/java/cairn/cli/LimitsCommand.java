package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.client.Cairn;
import cairn.client.CellLimit;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = {
            "Shows or sets the limits of the cell: how much is copied at a time, and how fast. The master remembers what is set; "
                    + "it holds at once, for copies that begin from now on.",
            "  show                          all of them, with what they mean",
            "  set NAME VALUE [NAME VALUE]   all at once; a VALUE is a number, a size for a rate, or default"
        },
        footer = {
            "  cairn limits", //
            "  cairn limits set copies-per-server 4 rate-per-copy 6.25M",
            "  cairn limits set rate-per-copy default"
        })
final class LimitsCommand implements Action {
    private static final long AS_BUILT_IN = 0;

    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..*", paramLabel = "show|set NAME VALUE...", description = "What to do; show unless told.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        boolean set = !operands.isEmpty() && operands.getFirst().equals("set");
        if (set ? operands.size() < 2 : !(operands.isEmpty() || isShow())) {
            throw new WrongUsage("write: limits, limits show, or limits set NAME VALUE [NAME VALUE ...]");
        }
        try (Cairn cairn = cell.connect(console)) {
            List<CellLimit> limits = cairn.limits();
            if (set) {
                limits = cairn.setLimits(changes(limits));
            }
            console.out().print(json ? array(limits) + "\n" : text(limits));
            return DONE;
        }
    }

    private boolean isShow() {
        return operands.equals(List.of("show"));
    }

    private SortedMap<String, Long> changes(List<CellLimit> limits) {
        SortedMap<String, Long> changes = new TreeMap<>();
        for (int at = 1; at < operands.size(); at += 2) {
            CellLimit limit = named(limits, operands.get(at));
            if (at + 1 == operands.size()) {
                throw new WrongUsage(limit.name() + " needs a value behind it: " + range(limit) + ", or default");
            }
            if (changes.put(limit.name(), value(limit, operands.get(at + 1))) != null) {
                throw new WrongUsage(limit.name() + " is written twice");
            }
        }
        return changes;
    }

    private static CellLimit named(List<CellLimit> limits, String name) {
        return limits.stream()
                .filter(limit -> limit.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new WrongUsage("'" + name + "' is no limit; there are: "
                        + String.join(", ", limits.stream().map(CellLimit::name).toList())));
    }

    private static long value(CellLimit limit, String text) {
        if (text.toLowerCase(Locale.ROOT).equals("default")) {
            return AS_BUILT_IN;
        }
        long value = limit.unit().equals("bytes per second") ? size(limit, text) : number(limit, text);
        if (value < limit.least() || value > limit.most()) {
            throw new WrongUsage(limit.name() + " " + text + ": it is " + range(limit));
        }
        return value;
    }

    private static String range(CellLimit limit) {
        return "from " + words(limit, limit.least()) + " to " + words(limit, limit.most());
    }

    private static long size(CellLimit limit, String text) {
        try {
            return Sizes.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(limit.name() + " " + e.getMessage());
        }
    }

    private static long number(CellLimit limit, String text) {
        String digits = isPercent(limit) ? text.replaceFirst("%$", "") : text;
        if (!digits.matches("[0-9]{1,18}")) {
            throw new WrongUsage(limit.name() + " '" + text + "': it is a whole number " + range(limit));
        }
        return Long.parseLong(digits);
    }

    private static boolean isPercent(CellLimit limit) {
        return limit.unit().equals("percent");
    }

    private static String words(CellLimit limit, long value) {
        return switch (limit.unit()) {
            case "percent" -> value + "%";
            case "bytes per second" -> value == 0 ? "none" : Sizes.exact(value) + "/s";
            default -> Long.toString(value);
        };
    }

    private static String text(List<CellLimit> limits) {
        Table table = new Table(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        table.row("LIMIT", "VALUE", "BUILT IN", "MEANING");
        limits.forEach(limit ->
                table.row(limit.name(), words(limit, limit.value()), words(limit, limit.builtIn()), limit.meaning()));
        return table.take();
    }

    /** {@code copies-in-cell 10, copies-per-server 4 (set)}. */
    static String summary(List<CellLimit> limits) {
        return String.join(
                ", ",
                limits.stream()
                        .map(limit -> limit.name() + " " + words(limit, limit.value()) + (limit.set() ? " (set)" : ""))
                        .toList());
    }

    static JsonObject values(List<CellLimit> limits) {
        JsonObject object = new JsonObject();
        limits.forEach(limit -> object.with(limit.name(), limit.value()));
        return object;
    }

    private static String array(List<CellLimit> limits) {
        return JsonObject.array(limits.stream()
                .map(limit -> new JsonObject()
                        .with("name", limit.name())
                        .with("value", limit.value())
                        .with("builtIn", limit.builtIn())
                        .with("set", limit.set())
                        .with("unit", limit.unit())
                        .with("meaning", limit.meaning()))
                .toList());
    }
}
