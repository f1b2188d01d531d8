package cairn.bench.gate;

import cairn.bench.Contender;
import cairn.bench.Ground;
import cairn.bench.Launcher;
import cairn.bench.Scale;
import cairn.bench.client.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what workloads cost in a cell of this build: per MiB moved or per operation, of the client and of all servers.
 *
 * <p>All JVMs compile with the quick compiler alone: the optimizing one removes allocations, some sooner, some later, some never.
 */
final class Counting {
    private static final double MIB = 1L << 20;

    /** Some heartbeats of each server. */
    private static final Duration REST = Duration.ofSeconds(4);

    private static final Duration SETTLING = Duration.ofSeconds(2);

    private Counting() {}

    /** Told while it goes on. */
    interface Listener {
        void now(String what);
    }

    static Map<CountKey, Double> count(Launcher launcher, Path parent, Listener listener) throws IOException {
        Map<CountKey, Double> all = new TreeMap<>();
        try (Ground ground = Ground.make(parent)) {
            listener.now("starting a cell");
            Contender cell = Contender.cell("cairn", ground, launcher.with("-XX:TieredStopAtLevel=1"));
            try (ProcessCounts client = ProcessCounts.of(List.of(cell.clientId()));
                    ProcessCounts servers = ProcessCounts.of(cell.serverIds())) {
                Sides sides = new Sides(client, servers);
                sides.rest();
                for (CountedWorkload workload : CountedWorkload.ALL) {
                    listener.now(workload.workload().word());
                    all.putAll(sides.of(cell, workload));
                }
            }
        }
        return all;
    }

    /** The two sides that are counted apart. */
    private record Sides(ProcessCounts client, ProcessCounts servers) implements Contender.Gauge {
        @Override
        public void before() throws IOException {
            client.begin();
            servers.begin();
        }

        @Override
        public void after() throws IOException {
            servers.end();
            client.end();
        }

        /** Learns what the cell does for itself; the first time is for what asking costs the first time. */
        void rest() throws IOException {
            for (int time = 0; time < 2; time++) {
                before();
                pause(REST);
                after();
            }
            client.wasIdle();
            servers.wasIdle();
        }

        private static void pause(Duration time) throws IOException {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }

        /** The middle of all runs but the first, of each count. */
        Map<CountKey, Double> of(Contender cell, CountedWorkload workload) throws IOException {
            Map<CountKey, List<Double>> seen = new TreeMap<>();
            Scale scale = workload.scale();
            cell.open(workload.workload(), scale);
            for (int number = 0; number < scale.warmups() + scale.runs(); number++) {
                Outcome outcome = cell.run(number, this);
                if (number >= scale.warmups()) {
                    note(workload, outcome, seen);
                }
            }
            cell.close();
            pause(SETTLING); // servers delete the files of deleted chunks a second later
            Map<CountKey, Double> middles = new TreeMap<>();
            seen.forEach((key, values) ->
                    middles.put(key, values.stream().sorted().toList().get(values.size() / 2)));
            return middles;
        }

        private void note(CountedWorkload workload, Outcome outcome, Map<CountKey, List<Double>> seen) {
            double units = workload.workload().movesBytes() ? outcome.bytes() / MIB : outcome.operations();
            for (Counted what : Counted.values()) {
                String word = workload.workload().word();
                add(seen, new CountKey(word, "client", what), client.count(what) / units);
                add(seen, new CountKey(word, "servers", what), servers.count(what) / units);
            }
        }

        private static void add(Map<CountKey, List<Double>> seen, CountKey key, double value) {
            seen.computeIfAbsent(key, none -> new ArrayList<>()).add(value);
        }
    }
}
