package cairn.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/paper-map.md names only what there is: classes in the column of code, tests in the column of tests. */
final class PaperMapTest {
    private static final Path MAP = House.ROOT.resolve("docs/paper-map.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| (\\d(?:\\.\\d)*) \\| ([^|]+)\\|([^|]*)\\|([^|]*)\\|([^|]+)\\|$");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9]+)(?:\\.([a-z0-9_]+))?`");

    private final Map<String, String> sources = new HashMap<>();

    PaperMapTest() {
        for (Path module : House.modules()) {
            for (Path file : House.files(module.resolve("src"), ".java")) {
                String name = String.valueOf(file.getFileName());
                sources.merge(name.substring(0, name.length() - ".java".length()), House.text(file), String::concat);
            }
        }
    }

    /** A sentence without code and test must say why in its last column. */
    @Test
    void every_class_and_test_in_the_map_exists_and_every_sentence_has_both_or_a_reason() {
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String line : House.text(MAP).lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows++;
                check(row, wrong);
            } else if (line.matches("^\\| \\d.*")) {
                wrong.add("not a row of five columns: " + line);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).as("sentences of the paper in the map").isGreaterThan(40);
    }

    private void check(Matcher row, List<String> wrong) {
        String sentence = row.group(1) + " " + row.group(2).strip();
        int classes = checkNames(row.group(3), sentence, wrong);
        int tests = checkNames(row.group(4), sentence, wrong);
        boolean reason = row.group(5).contains("later")
                || row.group(5).contains("not yet")
                || row.group(5).contains("(");
        if ((classes == 0 || tests == 0) && !reason) {
            wrong.add("neither code and test nor a reason: " + sentence);
        }
    }

    private int checkNames(String cell, String sentence, List<String> wrong) {
        Matcher name = NAME.matcher(cell);
        int found = 0;
        while (name.find()) {
            found++;
            String source = sources.get(name.group(1));
            String test = name.group(2);
            if (source == null || (test != null && !source.contains("void " + test + "("))) {
                wrong.add("no " + name.group() + " (" + sentence + ")");
            }
        }
        return found;
    }
}
