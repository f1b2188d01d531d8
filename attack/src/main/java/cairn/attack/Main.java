package cairn.attack;

import cairn.attack.ground.Build;
import cairn.attack.ground.Need;
import cairn.attack.ground.Say;
import cairn.attack.ground.Undo;
import cairn.attack.power.PowerAttack;
import cairn.attack.scenario.Scenario;
import cairn.attack.scenario.Scenarios;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code ./dev attack}. */
public final class Main {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int SKIPPED = 3;

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> words = List.of(arguments);
        boolean power = !words.isEmpty() && words.getFirst().equals("power");
        System.exit(power ? PowerAttack.run(words.subList(1, words.size()), System.out) : run(words));
    }

    private static int run(List<String> arguments) throws IOException {
        Arguments given;
        try {
            given = Arguments.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("attack: " + e.getMessage() + "; ./dev attack --help says what there is");
            return WRONG_USAGE;
        }
        return switch (given.command()) {
            case "help" -> {
                System.out.print(Usage.of("usage.txt"));
                yield OK;
            }
            case "list" -> {
                Scenarios.all().forEach(Main::describe);
                yield OK;
            }
            default -> attack(given);
        };
    }

    private static void describe(Scenario scenario) {
        System.out.printf(
                "%-12s %s%s%n",
                scenario.name(),
                scenario.sentence(),
                scenario.needs().isEmpty() ? "" : " (needs " + scenario.needs() + ")");
    }

    private static int attack(Arguments given) throws IOException {
        int swept = Undo.sweep(given.directory());
        Say say = new Say();
        if (swept > 0) {
            say.line("took back what %d earlier runs had left behind", swept);
        }
        Runs runs = new Runs(given, Build.ofThisProcess(), say);
        for (Scenario scenario : given.scenarios()) {
            Optional<String> missing = missing(scenario);
            if (missing.isPresent()) {
                runs.skip(scenario, missing.get());
            } else {
                runs.run(scenario);
            }
        }
        System.out.printf("%d passed, %d failed, %d skipped%n", runs.passed(), runs.failed(), runs.skipped());
        if (runs.failed() > 0) {
            return FAILED;
        }
        return runs.skipped() > 0 && !given.options().allowSkips() ? SKIPPED : OK;
    }

    private static Optional<String> missing(Scenario scenario) {
        List<String> missing = new ArrayList<>();
        for (Need need : scenario.needs()) {
            need.missing().ifPresent(missing::add);
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", missing));
    }
}
