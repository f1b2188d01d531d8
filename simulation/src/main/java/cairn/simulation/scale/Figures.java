package cairn.simulation.scale;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, in the order of measuring: each with its name, value and unit. */
final class Figures {
    private record Figure(double value, String unit) {}

    private final Map<String, Figure> figures = new LinkedHashMap<>();

    void put(String name, double value, String unit) {
        figures.put(name, new Figure(value, unit));
    }

    void put(String name, long value, String unit) {
        put(name, (double) value, unit);
    }

    /** Of a figure that was put. */
    double of(String name) {
        Figure figure = figures.get(name);
        if (figure == null) {
            throw new IllegalArgumentException("nothing is known of: " + name);
        }
        return figure.value;
    }

    boolean has(String name) {
        return figures.containsKey(name);
    }

    /** A line for each. */
    String lines() {
        StringBuilder lines = new StringBuilder();
        figures.forEach(
                (name, figure) -> lines.append("  %-52s %14s %s%n".formatted(name, number(figure.value), figure.unit)));
        return lines.toString();
    }

    String json(Scenario scenario) {
        List<String> members = new ArrayList<>();
        members.add("\"scenario\": \"%s\"".formatted(scenario.name().toLowerCase(Locale.ROOT)));
        figures.forEach((name, figure) -> members.add(
                "\"%s\": {\"value\": %s, \"unit\": \"%s\"}".formatted(name, number(figure.value), figure.unit)));
        return "{%n  %s%n}%n".formatted(String.join(",%n  ".formatted(), members));
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }
}
