package cairn.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/limits.md says of every limit what the code says. */
final class LimitsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| [^|]+ \\| (\\d+) \\| `(\\w+)\\.(\\w+)` \\|");
    private static final Pattern OPTION = Pattern.compile("(?m)^    private (?:int|long) (\\w+) = ([^;]+);");
    private static final Pattern FACTOR = Pattern.compile("(\\d+)|([A-Z][A-Z_]*)|(<<|[*/+])");

    @Test
    void every_limit_on_the_page_has_the_value_that_the_code_gives_it() throws Exception {
        List<String> wrong = new ArrayList<>();
        rows().forEach((name, value) -> {
            long inCode = valueInCode(name);
            if (inCode != value) {
                wrong.add(name + " is " + inCode + " in the code and " + value + " in docs/limits.md");
            }
        });
        assertThat(rows()).hasSizeGreaterThan(30);
        assertThat(wrong).isEmpty();
    }

    @Test
    void every_limit_of_connections_and_of_the_protocol_is_on_the_page() throws Exception {
        List<String> missing = new ArrayList<>();
        Matcher option = OPTION.matcher(sources("RpcOptions").getFirst());
        while (option.find()) {
            boolean elsewhere = option.group(2).startsWith("Patience.");
            missing.add(elsewhere ? option.group(2) : "RpcOptions." + option.group(1));
        }
        assertThat(missing).hasSizeGreaterThan(10);
        missing.removeAll(rows().keySet());
        assertThat(missing).as("limits that docs/limits.md does not list").isEmpty();
    }

    private static Map<String, Long> rows() throws Exception {
        Map<String, Long> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(House.ROOT.resolve("docs/limits.md")));
        while (row.find()) {
            rows.put(row.group(2) + "." + row.group(3), Long.parseLong(row.group(1)));
        }
        return rows;
    }

    private static long valueInCode(String name) {
        int dot = name.indexOf('.');
        String type = name.substring(0, dot);
        Pattern constant = Pattern.compile("\\b(?:int|long) " + name.substring(dot + 1) + "\\s*=\\s*([^;]+);");
        for (String source : sources(type)) {
            Matcher found = constant.matcher(source);
            if (found.find()) {
                return evaluate(type, found.group(1));
            }
        }
        throw new AssertionError("there is no " + name);
    }

    /** Numbers, names of the same class, shifts, sums and products, from left to right: what our constants are made of. */
    private static long evaluate(String type, String expression) {
        String text = expression.replaceAll("(?<=\\d)_(?=\\d)", "").replaceAll("(?<=\\d)L", "");
        Matcher part = FACTOR.matcher(text);
        long value = 0;
        String operator = "+";
        while (part.find()) {
            if (part.group(3) != null) {
                operator = part.group(3);
            } else {
                long operand =
                        part.group(1) != null ? Long.parseLong(part.group(1)) : valueInCode(type + "." + part.group(2));
                value = switch (operator) {
                    case "+" -> value + operand;
                    case "*" -> value * operand;
                    case "/" -> value / operand;
                    default -> value << operand;
                };
            }
        }
        return value;
    }

    /** The sources of all classes with this name. */
    private static List<String> sources(String type) {
        List<String> sources = new ArrayList<>();
        for (Path module : House.modules()) {
            for (Path file : House.files(module.resolve("src/main/java"), ".java")) {
                if (file.getFileName().toString().equals(type + ".java")) {
                    sources.add(House.text(file));
                }
            }
        }
        return sources;
    }
}
