package cairn.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/style.md, as far as a machine can see it. */
final class TidyTest {
    private static final int FILE_LINES_MAX = 800;
    private static final int METHOD_LINES_MAX = 60;
    private static final int PARAMETERS_MAX = 5;

    /** Names that say nothing about what the type is. */
    private static final List<String> VAGUE = List.of("Util", "Utils", "Manager", "Helper", "Helpers");

    private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)>\\s#]+)(#[^)\\s]*)?>?(\\s+\"[^\"]*\")?\\)");
    private static final Pattern NULL_MARKED = Pattern.compile("^@NullMarked$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("^```.*?^```|`[^`\\n]*`", Pattern.MULTILINE | Pattern.DOTALL);

    private static final String EXCEPTIONS = "house/src/test/resources/tidy-exceptions.txt";

    @Test
    void files_and_methods_are_short_and_parameters_few() {
        Map<String, Integer> excess = new TreeMap<>();
        for (SourceFile file : SourceFile.parse(javaFiles())) {
            note(excess, "file-lines " + file.name(), file.lines(), FILE_LINES_MAX);
            for (SourceFile.Method method : file.methods()) {
                String where = file.name() + "#" + method.name();
                note(excess, "method-lines " + where, method.lines(), METHOD_LINES_MAX);
                note(excess, "parameters " + where, method.parameters(), PARAMETERS_MAX);
            }
        }
        assertThat(compare(excess, exceptions()))
                .as(
                        "sizes against the limits (%d lines a file, %d a method, %d parameters) and %s; that list only shrinks",
                        FILE_LINES_MAX, METHOD_LINES_MAX, PARAMETERS_MAX, EXCEPTIONS)
                .isEmpty();
    }

    @Test
    void every_package_has_a_sign_at_its_door() {
        List<String> missing = new ArrayList<>();
        for (Path module : House.modules()) {
            for (Path directory : packages(module.resolve("src/main/java"))) {
                Path sign = directory.resolve("package-info.java");
                if (!Files.exists(sign)
                        || !NULL_MARKED.matcher(House.text(sign)).find()) {
                    missing.add(House.name(sign));
                }
            }
        }
        assertThat(missing).as("package-info.java with @NullMarked").isEmpty();
    }

    @Test
    void type_names_say_what_the_type_is() {
        List<String> vague = new ArrayList<>();
        for (SourceFile file : SourceFile.parse(javaFiles())) {
            for (String type : file.types()) {
                if (VAGUE.stream().anyMatch(type::endsWith)) {
                    vague.add(file.name() + ": " + type);
                }
            }
        }
        assertThat(vague).as("type names ending in one of %s", VAGUE).isEmpty();
    }

    @Test
    void nothing_is_left_for_later_in_a_comment() {
        List<String> leftovers = new ArrayList<>();
        for (Path module : House.modules()) {
            for (Path file : House.files(module.resolve("src"), "")) {
                if (file.toString().matches(".*\\.(java|proto|txt|xml|properties)")) {
                    collect(LEFTOVER, House.text(file), House.name(file), leftovers);
                }
            }
        }
        assertThat(leftovers).as("do it or drop it").isEmpty();
    }

    @Test
    void links_in_the_documents_lead_somewhere() {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(CODE.matcher(House.text(document)).replaceAll(""));
            while (link.find()) {
                String target = link.group(1);
                boolean outside = target.matches("[a-z]+:.*");
                if (!outside && !Files.exists(document.resolveSibling(target))) {
                    broken.add(House.name(document) + " -> " + target);
                }
            }
        }
        assertThat(broken).as("links to missing files").isEmpty();
    }

    private static List<Path> javaFiles() {
        List<Path> files = new ArrayList<>();
        House.modules().forEach(module -> files.addAll(House.files(module.resolve("src"), ".java")));
        return files;
    }

    /** Directories that hold sources. */
    private static SortedSet<Path> packages(Path sources) {
        SortedSet<Path> directories = new TreeSet<>();
        House.files(sources, ".java").forEach(file -> directories.add(file.getParent()));
        return directories;
    }

    private static List<Path> documents() {
        List<Path> documents = new ArrayList<>(House.files(House.ROOT.resolve("docs"), ".md"));
        for (String name : List.of("README.md", "CONTRIBUTING.md", "AGENTS.md")) {
            if (Files.exists(House.ROOT.resolve(name))) {
                documents.add(House.ROOT.resolve(name));
            }
        }
        return documents;
    }

    private static void collect(Pattern wanted, String text, String name, List<String> found) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (wanted.matcher(line).find()) {
                found.add(name + ":" + number + ": " + line.strip());
            }
        }
    }

    private static void note(Map<String, Integer> excess, String what, int size, int limit) {
        if (size > limit) {
            excess.merge(what, size, Math::max);
        }
    }

    private static Map<String, Integer> exceptions() {
        Map<String, Integer> exceptions = new TreeMap<>();
        for (String line : House.text(House.ROOT.resolve(EXCEPTIONS)).lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int last = line.lastIndexOf(' ');
                exceptions.put(line.substring(0, last).strip(), Integer.valueOf(line.substring(last + 1)));
            }
        }
        return exceptions;
    }

    private static List<String> compare(Map<String, Integer> excess, Map<String, Integer> allowed) {
        List<String> complaints = new ArrayList<>();
        excess.forEach((what, size) -> {
            if (size > allowed.getOrDefault(what, 0)) {
                complaints.add("too big: " + what + " " + size);
            }
        });
        allowed.forEach((what, size) -> {
            if (excess.getOrDefault(what, 0) < size) {
                complaints.add("smaller now, so lower or delete its entry: " + what + " " + size);
            }
        });
        return complaints;
    }
}
