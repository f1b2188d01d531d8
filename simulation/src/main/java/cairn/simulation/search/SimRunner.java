package cairn.simulation.search;

import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.FaultModelPage;
import cairn.simulation.cell.SeedRun;
import cairn.simulation.cell.SeedRun.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The command {@code cairn sim}: runs seeds, and prints for each kind of failure what went wrong and the one command that
 * replays it, made as small as time allows.
 */
public final class SimRunner {

    public static final String USAGE = """
            cairn sim --seed N [--workload W] [--trace]    replay one seed
            cairn sim --seeds COUNT [--from N]             run many
            cairn sim --minutes M [--from N]               run as many as there is time for
            cairn sim --mutants [--seeds COUNT]            break each rule of the protocol: how soon is it noticed?
            cairn sim --fault-model                        print what may go wrong, as docs/fault-model.md

              --workload W       namespace, files, appends, mixed, hot, puts, snapshots or moves; otherwise a seed has its own
              --trace            print every event
              --faults F,F...    only these, or none, or all:
                                 %s
              --limit L=N,L=N... at most so many; storm takes a time, as 3s or 300ms:
                                 clients, readers, steps, storm, servers, disks
              --break RULE       break a rule of the protocol, until a seed notices:
                                 %s
              --threads T        seeds at a time; 2 unless told
              --failures K       kinds of failures that end the search; 10 unless told
              --shrink S         seconds for making one failure smaller; 60 unless told, 0 for not at all
              --coverage         print how often each branch that handles a fault was taken
              --json FILE        write the report there, too
            """.formatted(Words.lines(21, Fault.values()), Words.lines(21, Rule.values()));

    private static final int SEEDS_NAMED_MAX = 10;

    private final Arguments arguments;
    private final PrintStream out;

    /** Held while something is printed that belongs together. */
    private final ReentrantLock printing = new ReentrantLock();

    private SimRunner(Arguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
    }

    /** Wrong arguments; the message says which. */
    public static final class WrongArguments extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        /** {@code message} is all that is shown. */
        public WrongArguments(String message) {
            super(message);
        }
    }

    /**
     * Runs what {@code arguments} ask for.
     *
     * @return the exit code: 0 when all went well, 1 when a seed failed; where many run with {@code --break}, 0 when that was
     *     noticed
     * @throws WrongArguments when they are not those of {@link #USAGE}
     */
    public static int run(List<String> arguments, PrintStream out) {
        if (arguments.equals(List.of("--fault-model"))) {
            out.print(FaultModelPage.text());
            return 0;
        }
        if (arguments.contains("--mutants")) {
            List<String> words = new ArrayList<>(List.of("--seeds", Integer.toString(Mutants.SEEDS)));
            arguments.stream().filter(word -> !word.equals("--mutants")).forEach(words::add);
            return new Mutants(Arguments.parse(words), out).breakEach();
        }
        return new SimRunner(Arguments.parse(arguments), out).run();
    }

    private int run() {
        Long seed = arguments.seed();
        if (seed != null) {
            return runOne(seed);
        }
        return arguments.broken().isEmpty() ? runMany() : new Mutants(arguments, out).breakThose();
    }

    private int runOne(long seed) {
        Result result = SeedRun.run(arguments.request(seed), arguments.trace() ? out : null);
        if (result.failed()) {
            out.printf("%nseed %d failed: %s%n", seed, result.failure());
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
        SeedSearch search =
                new SeedSearch(arguments::request, arguments.from(), arguments.threads(), arguments.failures());
        boolean over = Watch.over(
                () -> search.run(arguments.seeds(), TimeUnit.MINUTES.toNanos(arguments.minutes()), this::printFinding),
                search::progress,
                this::print);
        if (!over) {
            return 1;
        }
        Report.print(search.sums(), arguments.coverage(), out);
        search.findings().groups().forEach(this::printGroup);
        writeJson(search);
        print(search.progress());
        return search.findings().kinds() > 0 ? 1 : 0;
    }

    private void printFinding(Result failed) {
        print("%nseed %d failed: %s%n  replay: %s%n"
                .formatted(failed.request().seed(), failed.failure(), Replay.command(failed.request())));
        if (arguments.shrinkSeconds() == 0) {
            return;
        }
        Shrinker.Outcome outcome = Shrinker.shrink(
                failed,
                request -> SeedRun.run(request, null),
                System::nanoTime,
                TimeUnit.SECONDS.toNanos(arguments.shrinkSeconds()));
        if (outcome.removed().isEmpty()) {
            print("  seed %d: none of %d smaller runs fails in the same way; line for the corpus:%n    %s%n"
                    .formatted(failed.request().seed(), outcome.tries(), corpusLine(failed)));
            return;
        }
        Result small = outcome.result();
        print(
                "  seed %d: smaller after %d runs; it fails in the same way without:%n    %s%n  replay: %s%n  line for the corpus:%n    %s%n"
                        .formatted(
                                failed.request().seed(),
                                outcome.tries(),
                                String.join("\n    ", outcome.removed()),
                                Replay.command(small.request()),
                                corpusLine(small)));
    }

    private static String corpusLine(Result failed) {
        return Replay.line(failed.request(), "WHAT IT SHOWED");
    }

    private void printGroup(List<Result> alike) {
        String seeds = String.join(
                ", ",
                alike.stream()
                        .limit(SEEDS_NAMED_MAX)
                        .map(each -> Long.toString(each.request().seed()))
                        .toList());
        print("failed %d times, seeds %s%s: %s"
                .formatted(
                        alike.size(),
                        seeds,
                        alike.size() > SEEDS_NAMED_MAX ? ", ..." : "",
                        Findings.kind(alike.getFirst().failure())));
    }

    private void writeJson(SeedSearch search) {
        String file = arguments.json();
        if (file != null) {
            try {
                Files.writeString(
                        Path.of(file),
                        Report.json(search.sums(), search.findings().groups()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
            }
        }
    }

    private void print(String text) {
        printing.lock();
        try {
            out.println(text);
        } finally {
            printing.unlock();
        }
    }
}
