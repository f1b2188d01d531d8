package cairn.cli;

import cairn.cli.text.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a doctor found.
 *
 * @param about the thing: a server, a directory, a process
 * @param next what to do now; empty when there is nothing to do
 */
record Finding(Level level, String about, String words, String next) {

    /** How much it matters, the worst last. */
    enum Level {
        /** Looked at, and as it should be. */
        OK,
        /** Works, and will not for ever, or not as safely as it could. */
        WARNING,
        /** Does not work. */
        BROKEN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String about, String words) {
        return new Finding(Level.OK, about, words, "");
    }

    static Finding warning(String about, String words, String next) {
        return new Finding(Level.WARNING, about, words, next);
    }

    static Finding broken(String about, String words, String next) {
        return new Finding(Level.BROKEN, about, words, next);
    }

    /** The same of several things is said once, of all of them. */
    static List<Finding> merged(List<Finding> findings) {
        Map<Finding, List<String>> about = new LinkedHashMap<>();
        for (Finding each : findings) {
            about.computeIfAbsent(new Finding(each.level(), "", each.words(), each.next()), said -> new ArrayList<>())
                    .add(each.about());
        }
        return about.entrySet().stream()
                .map(said -> new Finding(
                        said.getKey().level(),
                        said.getValue().stream().distinct().collect(Collectors.joining(", ")),
                        said.getKey().words(),
                        said.getKey().next()))
                .toList();
    }

    JsonObject object() {
        return new JsonObject()
                .with("level", level.word())
                .with("about", about)
                .with("words", words)
                .with("next", next);
    }

    /** One line for what was found, one for what to do. */
    String text() {
        String line = level.word() + ": " + about + ": " + words;
        return next.isEmpty() ? line : line + "\n    next: " + next;
    }
}
