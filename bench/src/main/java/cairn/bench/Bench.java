package cairn.bench;

import cairn.bench.client.Order;
import cairn.bench.client.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures workloads on Cairn and on systems beside it, run by run in turn, so that what else the machine does meets all of
 * them alike. All systems are up the whole time; those whose turn it is not do nothing. One thread.
 */
public final class Bench {
    /** What Cairn can be measured against. */
    public static final List<String> SYSTEMS = List.of("raw", "hdfs");

    /** The least that sequential clients can share: all of them move something, and a random read fits into the file. */
    public static final long BYTES_MIN = 4L << 20;

    private static final Duration START = Duration.ofSeconds(60);

    /** One run of the slowest system, its preparation included. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What deletes in the background is waited for so long: HDFS tells its data nodes every three seconds. */
    private static final Duration FREED = Duration.ofSeconds(20);

    private static final long LEFT_BYTES_MAX = 16 << 20;
    private static final long PAUSE_MILLIS = 50;

    private final Launcher launcher;
    private final Scale scale;

    public Bench(Launcher launcher, Scale scale) {
        this.launcher = launcher;
        this.scale = scale;
    }

    /** Told while it goes on. */
    public interface Listener {
        /** What is being done now; for a person to see. */
        void now(String what) throws IOException;

        /** One workload is done, on all systems: Cairn first. */
        void done(List<Measured> measured) throws IOException;
    }

    /** A system and its client process. */
    private record Pair(Target target, Child client) {
        String ask(String question) throws IOException {
            return client.ask(question, PATIENCE);
        }

        double cpuSeconds() throws IOException {
            double sum = client.cpu().toNanos();
            for (Child server : target.servers()) {
                sum += server.cpu().toNanos();
            }
            return sum / Duration.ofSeconds(1).toNanos();
        }
    }

    /**
     * Starts the systems, runs the workloads, ends the systems.
     *
     * @param against systems beside Cairn, by name
     * @param parent where a directory is made for all data, and removed at the end
     */
    public void run(List<Workload> workloads, List<String> against, Path parent, Listener listener) throws IOException {
        try (Ground ground = Ground.make(parent)) {
            List<Pair> pairs = new ArrayList<>();
            pairs.add(start("cairn", ground, listener));
            for (String name : against) {
                pairs.add(start(name, ground, listener));
            }
            for (Workload workload : workloads) {
                listener.done(measure(workload, pairs, ground, listener));
            }
        }
    }

    private Pair start(String name, Ground ground, Listener listener) throws IOException {
        listener.now("starting " + name);
        Target target = Target.start(name, ground, launcher);
        Child client = ground.start(name + "-client", target.clientCommand());
        client.await("ready", START);
        return new Pair(target, client);
    }

    /** A workload on a system. */
    private record Trial(Pair pair, Fit fit, List<Run> runs) {
        String name() {
            return pair.target.name();
        }
    }

    private List<Measured> measure(Workload workload, List<Pair> pairs, Ground ground, Listener listener)
            throws IOException {
        Order order = workload.order(scale);
        List<Trial> all = pairs.stream()
                .map(pair -> new Trial(pair, pair.target.fit(workload), new ArrayList<>()))
                .toList();
        List<Trial> able = all.stream().filter(trial -> trial.fit.able()).toList();
        for (Trial trial : able) {
            listener.now("%s on %s: preparing".formatted(workload.word(), trial.name()));
            trial.pair.ask("open " + order.encode());
        }
        Map<String, Long> kept = new LinkedHashMap<>();
        for (Trial trial : able) {
            kept.put(trial.name(), ground.bytesBelow(trial.name() + "-"));
        }
        for (int number = 0; number < scale.warmups() + scale.runs(); number++) {
            boolean counts = number >= scale.warmups();
            String what = counts ? "run " + (number - scale.warmups() + 1) + " of " + scale.runs() : "warming up";
            for (Trial trial : able) {
                listener.now("%s on %s: %s".formatted(workload.word(), trial.name(), what));
                Run run = once(workload, trial.pair, ground, number);
                if (counts) {
                    trial.runs.add(run);
                }
                awaitFreed(ground, trial.name(), Objects.requireNonNull(kept.get(trial.name())));
            }
        }
        for (Trial trial : able) {
            trial.pair.ask("close");
        }
        return all.stream()
                .map(trial -> new Measured(workload, trial.name(), trial.runs, trial.fit.note()))
                .toList();
    }

    /**
     * Waits until a system has given back what the run wrote and deleted: pages of dead files are pages that the next system
     * must do without, and a run on memory that was just freed costs less than one on memory that was not.
     */
    private static void awaitFreed(Ground ground, String name, long kept) throws IOException {
        long deadline = System.nanoTime() + FREED.toNanos();
        try {
            while (ground.bytesBelow(name + "-") > kept + LEFT_BYTES_MAX && System.nanoTime() < deadline) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private Run once(Workload workload, Pair pair, Ground ground, int number) throws IOException {
        pair.ask("ready " + number);
        ground.haveMemoryAtHand(workload.written(scale));
        double before = pair.cpuSeconds();
        Outcome outcome = Outcome.decode(pair.ask("run " + number));
        double used = pair.cpuSeconds() - before;
        pair.ask("tidy " + number);
        if (outcome.operations() == 0) {
            throw new IOException(
                    workload.word() + " on " + pair.target.name() + ": no operation ended within the run");
        }
        return Run.of(workload, outcome, used);
    }
}
