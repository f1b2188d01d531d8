package cairn.simulation.cell;

import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.FaultModelPage;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code cairn sim}: runs seeds, and prints for each failure what went wrong and the one command that replays
 * it.
 */
public final class SimRunner {

    public static final String USAGE = """
            cairn sim --seed N [--workload W] [--trace]    replay one seed
            cairn sim --seeds COUNT [--from N]             run many
            cairn sim --minutes M [--from N]               run as many as there is time for
            cairn sim --fault-model                        print what may go wrong, as docs/fault-model.md

              --workload W       namespace, files, appends or mixed; otherwise each seed has its own
              --trace            print every event
              --faults F,F...    only these, or none:
                                 %s
              --break RULE       break a rule of the protocol, to see whether that is noticed:
                                 %s
              --threads T        seeds at a time; 2 unless told
            """.formatted(lines(Fault.values()), lines(Rule.values()));

    private static final int NAMES_PER_LINE = 6;
    private static final int FAILURES_MAX = 10;

    private final Arguments arguments;
    private final PrintStream out;

    private SimRunner(Arguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
    }

    /** Wrong arguments; the message says which. */
    public static final class WrongArguments extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        WrongArguments(String message) {
            super(message);
        }
    }

    /**
     * Runs what {@code arguments} ask for.
     *
     * @return the exit code: 0 when all went well, 1 when a seed failed; with {@code --break}, 0 when that was noticed
     * @throws WrongArguments when they are not those of {@link #USAGE}
     */
    public static int run(List<String> arguments, PrintStream out) {
        if (arguments.equals(List.of("--fault-model"))) {
            out.print(FaultModelPage.text());
            return 0;
        }
        return new SimRunner(Arguments.parse(arguments), out).run();
    }

    private int run() {
        Long seed = arguments.seed();
        return seed == null ? runMany() : runOne(seed);
    }

    private int runOne(long seed) {
        Result result = SeedRun.run(arguments.request(seed), arguments.trace() ? out : null);
        if (result.failed()) {
            printFailure(result);
        }
        out.println(result.summary());
        out.printf(
                "seed %d %s: %s, %.1f s simulated in %d steps, trace %016x%n",
                seed,
                result.request().workload(),
                result.failed() ? "FAILED" : "passed",
                result.simulatedNanos() / 1e9,
                result.steps(),
                result.hash());
        return result.failed() ? 1 : 0;
    }

    private int runMany() {
        boolean breaking = !arguments.broken().isEmpty();
        SeedSearch search =
                new SeedSearch(arguments::request, arguments.from(), arguments.threads(), breaking ? 1 : FAILURES_MAX);
        Thread work = Thread.ofPlatform()
                .start(() -> search.run(
                        arguments.seeds(), TimeUnit.MINUTES.toNanos(arguments.minutes()), this::printFailure));
        try {
            while (!work.join(java.time.Duration.ofSeconds(5))) {
                out.println(search.progress());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
        out.println(search.progress());
        if (breaking) {
            out.println(
                    search.failures().isEmpty() ? "the broken rule was not noticed" : "the broken rule was noticed");
            return search.failures().isEmpty() ? 1 : 0;
        }
        return search.failures().isEmpty() ? 0 : 1;
    }

    private synchronized void printFailure(Result result) {
        out.printf(
                "%nseed %d failed: %s%n  replay: %s%n%n",
                result.request().seed(), result.failure(), replay(result.request()));
    }

    private String replay(Request request) {
        StringBuilder command = new StringBuilder("./cairn sim --seed " + request.seed());
        command.append(" --workload ").append(request.workload());
        if (!request.faults().equals(EnumSet.allOf(Fault.class))) {
            command.append(" --faults ")
                    .append(String.join(",", names(request.faults().toArray(new Fault[0]))));
        }
        request.broken().forEach(rule -> command.append(" --break ").append(name(rule)));
        return command.toString();
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names, a few on each line of the usage. */
    private static String lines(Enum<?>... values) {
        return java.util.stream.Stream.of(values)
                .map(SimRunner::name)
                .gather(java.util.stream.Gatherers.windowFixed(NAMES_PER_LINE))
                .map(some -> String.join(", ", some))
                .collect(java.util.stream.Collectors.joining(",\n" + " ".repeat(21)));
    }

    private static List<String> names(Enum<?>... values) {
        return java.util.Arrays.stream(values).map(SimRunner::name).toList();
    }

    /** The parsed command line. */
    private record Arguments(
            @Nullable Long seed,
            @Nullable WorkloadKind workload,
            boolean trace,
            Set<Fault> faults,
            Set<Rule> broken,
            long seeds,
            long from,
            long minutes,
            int threads) {

        static Arguments parse(List<String> words) {
            return new ArgumentParser(words).parse();
        }

        Request request(long wanted) {
            return new Request(wanted, workload == null ? WorkloadKind.of(wanted) : workload, faults, broken);
        }
    }

    /** Reads words from left to right. */
    private static final class ArgumentParser {
        private final List<String> words;
        private int at;
        private @Nullable Long seed;
        private @Nullable WorkloadKind workload;
        private boolean trace;
        private Set<Fault> faults = EnumSet.allOf(Fault.class);
        private final Set<Rule> broken = EnumSet.noneOf(Rule.class);
        private long seeds = Long.MAX_VALUE;
        private long from = 1;
        private long minutes = Long.MAX_VALUE;
        private int threads = 2;

        ArgumentParser(List<String> words) {
            this.words = words;
        }

        Arguments parse() {
            while (at < words.size()) {
                String option = words.get(at++);
                switch (option) {
                    case "--seed" -> seed = number(option);
                    case "--seeds" -> seeds = number(option);
                    case "--from" -> from = number(option);
                    case "--minutes" -> minutes = number(option);
                    case "--threads" -> threads = Math.clamp(number(option), 1, 64);
                    case "--trace" -> trace = true;
                    case "--workload" -> workload = oneOf(WorkloadKind.class, option, value(option));
                    case "--break" -> broken.add(oneOf(Rule.class, option, value(option)));
                    case "--faults" -> faults = faults(option, value(option));
                    default -> throw new WrongArguments("what is " + option + "?");
                }
            }
            if (seed == null && seeds == Long.MAX_VALUE && minutes == Long.MAX_VALUE) {
                throw new WrongArguments("which seeds? Write --seed N, --seeds COUNT or --minutes M");
            }
            return new Arguments(seed, workload, trace, faults, broken, seeds, from, minutes, threads);
        }

        private String value(String option) {
            if (at == words.size()) {
                throw new WrongArguments(option + " needs a value");
            }
            return words.get(at++);
        }

        private long number(String option) {
            String text = value(option);
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new WrongArguments(option + " " + text + " is not a number");
            }
        }

        private static Set<Fault> faults(String option, String text) {
            Set<Fault> chosen = EnumSet.noneOf(Fault.class);
            for (String word : text.split(",", -1)) {
                if (!word.equals("none")) {
                    chosen.add(oneOf(Fault.class, option, word));
                }
            }
            return chosen;
        }

        private static <E extends Enum<E>> E oneOf(Class<E> type, String option, String word) {
            for (E value : type.getEnumConstants()) {
                if (name(value).equals(word)) {
                    return value;
                }
            }
            throw new WrongArguments(
                    option + " " + word + " is not one of " + String.join(", ", names(type.getEnumConstants())));
        }
    }
}
