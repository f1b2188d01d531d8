package cairn.attack;

import cairn.attack.scenario.Scenario;
import cairn.attack.scenario.Scenarios;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The command line.
 *
 * @param scenarios to be run
 * @param directory where to work
 */
record Arguments(String command, List<Scenario> scenarios, Path directory, Options options) {

    /** What is simply said or not. */
    record Options(boolean keep, boolean allowSkips, boolean busy) {}

    Arguments {
        scenarios = List.copyOf(scenarios);
    }

    /** What is being read. */
    private static final class Reading {
        private final List<String> words = new ArrayList<>();
        private Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        private boolean keep;
        private boolean allowSkips;
        private boolean busy;
        private double minutes = 30;
        private long seed = System.nanoTime();
    }

    static Arguments parse(List<String> arguments) {
        Reading reading = new Reading();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--help", "-h" -> reading.words.addFirst("help");
                case "--keep" -> reading.keep = true;
                case "--allow-skips" -> reading.allowSkips = true;
                case "--busy" -> reading.busy = true;
                case "--dir" -> reading.directory = Path.of(value(word, rest));
                case "--minutes" -> reading.minutes = Double.parseDouble(value(word, rest));
                case "--seed" -> reading.seed = Long.parseLong(value(word, rest));
                default -> {
                    refuse(word.startsWith("-"), "what is " + word + "?");
                    reading.words.add(word);
                }
            }
        }
        refuse(reading.words.isEmpty(), "no command");
        String command = reading.words.removeFirst();
        Options options = new Options(reading.keep, reading.allowSkips, reading.busy);
        return new Arguments(command, scenarios(command, reading), reading.directory, options);
    }

    private static String value(String option, Iterator<String> rest) {
        refuse(!rest.hasNext(), option + " takes a value");
        return rest.next();
    }

    private static List<Scenario> scenarios(String command, Reading reading) {
        return switch (command) {
            case "help", "list" -> List.of();
            case "run" -> named(reading.words);
            case "short" -> those(Scenario::isShort);
            case "all" -> those(scenario -> true);
            case "random" -> List.of(Scenarios.random(reading.minutes, reading.seed));
            default -> throw new IllegalArgumentException("what is " + command + "?");
        };
    }

    private static List<Scenario> those(Predicate<Scenario> wanted) {
        return Scenarios.all().stream().filter(wanted).toList();
    }

    private static List<Scenario> named(List<String> names) {
        refuse(names.isEmpty(), "run which?");
        List<Scenario> scenarios = new ArrayList<>();
        for (String name : names) {
            scenarios.add(Scenarios.all().stream()
                    .filter(scenario -> scenario.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no scenario is called " + name)));
        }
        return scenarios;
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new IllegalArgumentException(why);
        }
    }
}
