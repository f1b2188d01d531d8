package cairn.bench.gate;

import cairn.bench.Contender;
import cairn.bench.Ground;
import cairn.bench.Launcher;
import cairn.bench.Scale;
import cairn.bench.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of this build and of another one, in pairs of runs on two cells that are up beside each other. What the first pairs do not
 * decide is measured on, each time with all processes started anew.
 */
final class Comparison {
    /** A bit of each thing that costs: bytes in and out, records, small files, names. */
    static final List<Workload> WORKLOADS = List.of(
            Workload.WRITE_1,
            Workload.WRITE_4,
            Workload.READ_1,
            Workload.PREAD_4K_8,
            Workload.PREAD_64K_8,
            Workload.APPEND_1K_1,
            Workload.APPEND_1K_16,
            Workload.APPEND_64K_16,
            Workload.APPEND_PIPELINED_1,
            Workload.SMALL_CREATE_16,
            Workload.SMALL_READ_16,
            Workload.STAT_16,
            Workload.RENAME_16,
            Workload.TOUCH_16);

    private static final int PAIRS = 5;
    private static final int WARMUPS = 2;
    private static final int STARTS_MAX = 4;
    private static final Scale SCALE = new Scale(256L << 20, 1, 0, 200, PAIRS, WARMUPS);

    private final Launcher mine;
    private final Launcher other;
    private final Path parent;
    private final Listener listener;
    private final Map<Workload, List<Pair>> pairs = new TreeMap<>();

    Comparison(Launcher mine, Launcher other, Path parent, Listener listener) {
        this.mine = mine;
        this.other = other;
        this.parent = parent;
        this.listener = listener;
    }

    /** Told while it goes on. */
    interface Listener {
        void now(String what);

        void judged(Result result);
    }

    /** CPU time of two runs that followed each other. */
    record Pair(double mine, double other) {}

    /** What all pairs of a workload came to. */
    record Result(Workload workload, List<Pair> pairs, Judgement judgement) {
        double mine() {
            return middle(pairs.stream().map(Pair::mine).sorted().toList());
        }

        double other() {
            return middle(pairs.stream().map(Pair::other).sorted().toList());
        }

        private static double middle(List<Double> sorted) {
            return sorted.get(sorted.size() / 2);
        }
    }

    /** The last result of each workload; the listener has seen all. */
    List<Result> run(List<Workload> workloads) throws IOException {
        Map<Workload, Result> last = new TreeMap<>();
        List<Workload> open = List.copyOf(workloads);
        for (int start = 1; start <= STARTS_MAX && !open.isEmpty(); start++) {
            List<Workload> next = new ArrayList<>();
            try (Ground ground = Ground.make(parent)) {
                listener.now("starting both cells, " + start + " of at most " + STARTS_MAX + " times");
                Contender here = Contender.cell("this", ground, mine);
                Contender there = Contender.cell("other", ground, other);
                for (Workload workload : open) {
                    Result result = measure(workload, here, there, start);
                    last.put(workload, result);
                    if (result.judgement.verdict() == Judgement.Verdict.UNDECIDED) {
                        next.add(workload);
                    }
                    listener.judged(result);
                }
            }
            open = next;
        }
        return List.copyOf(last.values());
    }

    private Result measure(Workload workload, Contender here, Contender there, int start) throws IOException {
        List<Pair> all = pairs.computeIfAbsent(workload, none -> new ArrayList<>());
        here.open(workload, SCALE);
        there.open(workload, SCALE);
        for (int number = 0; number < WARMUPS + PAIRS; number++) {
            listener.now(workload.word() + ", pair " + (number + 1) + " of " + (WARMUPS + PAIRS));
            Pair pair = pair(here, there, number);
            if (number >= WARMUPS) {
                all.add(pair);
            }
        }
        here.close();
        there.close();
        List<Double> ratios = all.stream().map(pair -> pair.mine / pair.other).toList();
        return new Result(workload, List.copyOf(all), Judgement.of(ratios, start));
    }

    /** Who is first has what the other left in the caches; so they take turns. */
    private static Pair pair(Contender here, Contender there, int number) throws IOException {
        if (number % 2 == 0) {
            double mine = here.run(number).cpu();
            return new Pair(mine, there.run(number).cpu());
        }
        double other = there.run(number).cpu();
        return new Pair(here.run(number).cpu(), other);
    }
}
