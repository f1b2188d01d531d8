package cairn.simulation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.model.proof.Probe;
import cairn.simulation.Fault;
import cairn.simulation.cell.SeedRun;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.SeedRun.Result;
import cairn.simulation.cell.WorkloadKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every seed that failed once, and a thousand others: the run that decides whether a commit is good. It prints the simulated
 * hours, how often each fault took effect, and how often each branch that handles one was taken.
 */
class CorpusTest {
    private static final int SEEDS = 1000;

    private static final int THREADS = 2;
    private static final int KINDS_MAX = 5;
    private static final long SHRINK_SECONDS = 20;

    /** Shown by {@code .ci/run}. */
    private static final Path REPORT = Path.of("target", "corpus.txt");

    private static SeedSearch search;
    private static final ConcurrentSkipListMap<Long, String> FAILURES = new ConcurrentSkipListMap<>();

    @BeforeAll
    static void run() throws IOException {
        Files.createDirectories(REPORT.toAbsolutePath().getParent());
        List<Request> corpus = corpus();
        search = new SeedSearch(
                index -> index < corpus.size() ? corpus.get((int) index) : seed(index - corpus.size() + 1),
                0,
                THREADS,
                KINDS_MAX);
        search.run(corpus.size() + SEEDS, TimeUnit.HOURS.toNanos(1), CorpusTest::describe);
        try (PrintStream report = new PrintStream(REPORT.toFile(), StandardCharsets.UTF_8)) {
            Report.print(search.sums(), true, report);
            report.println(search.progress());
        }
        System.out.println(search.progress());
    }

    private static Request seed(long seed) {
        return new Request(seed, WorkloadKind.of(seed), Fault.ALL, Set.of());
    }

    private static List<Request> corpus() throws IOException {
        try (InputStream file = Objects.requireNonNull(SeedRun.class.getResourceAsStream("seeds.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Replay::parse)
                    .toList();
        }
    }

    private static void describe(Result failed) {
        Result small = Shrinker.shrink(
                        failed,
                        request -> SeedRun.run(request, null),
                        System::nanoTime,
                        TimeUnit.SECONDS.toNanos(SHRINK_SECONDS))
                .result();
        FAILURES.put(
                failed.request().seed(),
                "%s%n  replay: %s%n  smaller: %s%n  line for the corpus: %s"
                        .formatted(
                                failed.failure(),
                                Replay.command(failed.request()),
                                Replay.command(small.request()),
                                Replay.line(small.request(), "WHAT IT SHOWED")));
    }

    @Test
    void no_seed_breaks_a_promise() {
        assertEquals("", String.join(System.lineSeparator(), FAILURES.values()));
    }

    /** What the simulator cannot reach by its nature says in {@link Probe} which test reaches it; house checks that. */
    @Test
    void every_branch_that_handles_a_fault_is_taken() {
        List<Probe> never = new ArrayList<>(search.sums().neverMet());
        never.removeIf(probe -> probe.provenBy().isPresent());
        assertEquals(List.of(), never, "probes that no seed has met: find a seed that does, for the corpus");
    }
}
