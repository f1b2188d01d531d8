package cairn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures workloads on Cairn and on systems beside it, run by run in turn, so that what else the machine does meets all of
 * them alike. All systems are up the whole time; those whose turn it is not do nothing. One thread.
 */
public final class Bench {
    /** What Cairn can be measured against. */
    public static final List<String> SYSTEMS = List.of("raw", "hdfs", "moosefs");

    /** The least that sequential clients can share: all of them move something, and a random read fits into the file. */
    public static final long BYTES_MIN = 4L << 20;

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

    /**
     * Starts the systems, runs the workloads, ends the systems.
     *
     * @param against systems beside Cairn, by name
     * @param parent where a directory is made for all data, and removed at the end
     */
    public void run(List<Workload> workloads, List<String> against, Path parent, Listener listener) throws IOException {
        try (Ground ground = Ground.make(parent)) {
            List<Contender> contenders = new ArrayList<>();
            contenders.add(start("cairn", ground, listener));
            for (String name : against) {
                contenders.add(start(name, ground, listener));
            }
            for (Workload workload : workloads) {
                listener.done(measure(workload, contenders, listener));
            }
        }
    }

    private Contender start(String name, Ground ground, Listener listener) throws IOException {
        listener.now("starting " + name);
        return Contender.start(Target.start(name, ground, launcher), ground);
    }

    /** A workload on a system. */
    private record Trial(Contender contender, Fit fit, List<Run> runs) {
        String name() {
            return contender.name();
        }
    }

    private List<Measured> measure(Workload workload, List<Contender> contenders, Listener listener)
            throws IOException {
        List<Trial> all = contenders.stream()
                .map(each -> new Trial(each, each.fit(workload), new ArrayList<>()))
                .toList();
        List<Trial> able = all.stream().filter(trial -> trial.fit.able()).toList();
        for (Trial trial : able) {
            listener.now("%s on %s: preparing".formatted(workload.word(), trial.name()));
            trial.contender.open(workload, scale);
        }
        for (int number = 0; number < scale.warmups() + scale.runs(); number++) {
            boolean counts = number >= scale.warmups();
            String what = counts ? "run " + (number - scale.warmups() + 1) + " of " + scale.runs() : "warming up";
            for (Trial trial : able) {
                listener.now("%s on %s: %s".formatted(workload.word(), trial.name(), what));
                Run run = trial.contender.run(number);
                if (counts) {
                    trial.runs.add(run);
                }
            }
        }
        for (Trial trial : able) {
            trial.contender.close();
        }
        return all.stream()
                .map(trial -> new Measured(workload, trial.name(), trial.runs, trial.fit.note()))
                .toList();
    }
}
