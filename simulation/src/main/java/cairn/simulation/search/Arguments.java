package cairn.simulation.search;

import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.cell.Limit;
import cairn.simulation.cell.Limits;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.WorkloadKind;
import cairn.simulation.search.SimRunner.WrongArguments;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parsed command line.
 *
 * @param seed the only one to run; null for many
 * @param workload of all seeds; null for each seed's own
 * @param coverage whether a line is printed for each probe
 * @param json where the report is written; null for nowhere
 * @param failures kinds of failures that end a search
 * @param shrinkSeconds for making one failure smaller; 0 for not at all
 */
record Arguments(
        @Nullable Long seed,
        @Nullable WorkloadKind workload,
        boolean trace,
        boolean coverage,
        @Nullable String json,
        Set<Fault> faults,
        Set<Rule> broken,
        Limits limits,
        long seeds,
        long from,
        long minutes,
        int threads,
        int failures,
        int shrinkSeconds) {

    static Arguments parse(List<String> words) {
        return new Parser(words).parse();
    }

    Request request(long wanted) {
        return new Request(wanted, workload == null ? WorkloadKind.of(wanted) : workload, faults, broken, limits);
    }

    /** Reads words from left to right. */
    private static final class Parser {
        private static final int FAILURES = 10;
        private static final int SHRINK_SECONDS = 60;

        private final List<String> words;
        private int at;
        private @Nullable Long seed;
        private @Nullable WorkloadKind workload;
        private boolean trace;
        private boolean coverage;
        private @Nullable String json;
        private Set<Fault> faults = Fault.ALL;
        private final Set<Rule> broken = EnumSet.noneOf(Rule.class);
        private Limits limits = Limits.NONE;
        private long seeds = Long.MAX_VALUE;
        private long from = 1;
        private long minutes = Long.MAX_VALUE;
        private int threads = 2;
        private int failures = FAILURES;
        private int shrinkSeconds = SHRINK_SECONDS;

        Parser(List<String> words) {
            this.words = words;
        }

        Arguments parse() {
            while (at < words.size()) {
                take(words.get(at++));
            }
            if (seed == null && seeds == Long.MAX_VALUE && minutes == Long.MAX_VALUE) {
                throw new WrongArguments("which seeds? Write --seed N, --seeds COUNT or --minutes M");
            }
            return new Arguments(
                    seed,
                    workload,
                    trace,
                    coverage,
                    json,
                    faults,
                    broken,
                    limits,
                    seeds,
                    from,
                    minutes,
                    threads,
                    failures,
                    shrinkSeconds);
        }

        private void take(String option) {
            switch (option) {
                case "--seed" -> seed = number(option);
                case "--seeds" -> seeds = count(option);
                case "--from" -> from = number(option);
                case "--minutes" -> minutes = count(option);
                case "--threads" -> threads = Math.clamp(number(option), 1, 64);
                case "--failures" -> failures = Math.clamp(number(option), 1, 1000);
                case "--shrink" -> shrinkSeconds = Math.clamp(number(option), 0, 3600);
                case "--trace" -> trace = true;
                case "--coverage" -> coverage = true;
                case "--json" -> json = value(option);
                case "--workload" -> workload = Words.constant(WorkloadKind.class, option, value(option));
                case "--break" -> broken.add(Words.constant(Rule.class, option, value(option)));
                case "--faults" -> faults = faults(option, value(option));
                case "--limit" -> limit(option, value(option));
                default -> throw new WrongArguments("what is " + option + "?");
            }
        }

        private String value(String option) {
            if (at == words.size()) {
                throw new WrongArguments(option + " needs a value");
            }
            return words.get(at++);
        }

        private long number(String option) {
            return number(option, value(option));
        }

        /** Nothing at all, or less, is a slip, and must not look like a search that found nothing. */
        private long count(String option) {
            long count = number(option);
            if (count < 1) {
                throw new WrongArguments(option + " " + count + ": 1 at least");
            }
            return count;
        }

        private static long number(String option, String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new WrongArguments(option + " " + text + " is not a number");
            }
        }

        private static Set<Fault> faults(String option, String text) {
            Set<Fault> chosen = EnumSet.noneOf(Fault.class);
            for (String word : text.split(",", -1)) {
                if (word.equals("all")) {
                    chosen.addAll(EnumSet.allOf(Fault.class));
                } else if (!word.equals("none")) {
                    chosen.add(Words.constant(Fault.class, option, word));
                }
            }
            return chosen;
        }

        /** {@code clients=1,steps=20,storm=3s}. */
        private void limit(String option, String text) {
            for (String word : text.split(",", -1)) {
                int equals = word.indexOf('=');
                if (equals < 0) {
                    throw new WrongArguments(option + " " + word + " is not THING=NUMBER");
                }
                Limit thing = Words.constant(Limit.class, option, word.substring(0, equals));
                String count = word.substring(equals + 1);
                limits = limits.with(thing, thing == Limit.STORM ? millis(option, count) : number(option, count));
            }
        }

        private static long millis(String option, String text) {
            if (text.endsWith("ms")) {
                return number(option, text.substring(0, text.length() - 2));
            }
            if (!text.endsWith("s")) {
                throw new WrongArguments(option + " storm=" + text + " is not a time, such as 3s or 300ms");
            }
            return 1000 * number(option, text.substring(0, text.length() - 1));
        }
    }
}
