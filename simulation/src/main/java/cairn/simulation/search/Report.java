package cairn.simulation.search;

import cairn.model.proof.Probe;
import cairn.simulation.Fault;
import cairn.simulation.cell.SeedRun.Result;
import cairn.simulation.search.Tally.Sums;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a search came to, for people and for programs. Stateless. */
final class Report {

    private Report() {}

    /** Hours, faults by kind, and the branches that were never taken; with {@code everyProbe}, a line for each. */
    static void print(Sums sums, boolean everyProbe, PrintStream out) {
        out.printf(
                Locale.ROOT, "%d seeds, %.2f simulated hours; faults that took effect:%n", sums.seeds(), sums.hours());
        out.printf(
                "  (%d seeds were not judged to the end: damage was more than is promised to be survived)%n",
                sums.beyond());
        for (Fault fault : Fault.values()) {
            out.printf(
                    Locale.ROOT,
                    "  %-14s %,12d%n",
                    Words.of(fault),
                    sums.faults().getOrDefault(fault, 0L));
        }
        if (everyProbe) {
            out.printf("%nprobes: times for each thousand seeds, seeds%n");
            for (Probe probe : Probe.values()) {
                out.printf(
                        Locale.ROOT,
                        "  %-36s %,14.1f %8d%n",
                        Words.of(probe),
                        sums.perThousandSeeds(probe),
                        sums.seedsOf().getOrDefault(probe, 0L));
            }
        }
        List<Probe> never = sums.neverMet();
        int met = Probe.values().length - never.size();
        out.printf("%d of %d probes were met; never:%n", met, Probe.values().length);
        out.println("  " + (never.isEmpty() ? "none" : Words.lines(2, never.toArray(new Probe[0]))));
    }

    /** The same as one JSON document. */
    static String json(Sums sums, List<List<Result>> findings) {
        List<String> faults = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            faults.add(quoted(Words.of(fault)) + ": " + sums.faults().getOrDefault(fault, 0L));
        }
        List<String> probes = new ArrayList<>();
        for (Probe probe : Probe.values()) {
            probes.add("%s: {\"times\": %d, \"seeds\": %d}"
                    .formatted(quoted(Words.of(probe)), of(sums.times(), probe), of(sums.seedsOf(), probe)));
        }
        List<String> failures = new ArrayList<>();
        for (List<Result> alike : findings) {
            List<String> seeds = alike.stream()
                    .map(each -> Long.toString(each.request().seed()))
                    .toList();
            failures.add("{\"kind\": %s, \"replay\": %s, \"seeds\": [%s]}"
                    .formatted(
                            quoted(Findings.kind(alike.getFirst().failure())),
                            quoted(Replay.command(alike.getFirst().request())),
                            String.join(", ", seeds)));
        }
        return """
                {
                  "seeds": %d,
                  "beyondPromise": %d,
                  "simulatedSeconds": %d,
                  "steps": %d,
                  "faults": {%s},
                  "probes": {%s},
                  "failures": [%s]
                }
                """.formatted(
                        sums.seeds(),
                        sums.beyond(),
                        sums.nanos() / 1_000_000_000,
                        sums.steps(),
                        String.join(", ", faults),
                        String.join(", ", probes),
                        String.join(", ", failures));
    }

    private static long of(Map<Probe, Long> counts, Probe probe) {
        return counts.getOrDefault(probe, 0L);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ') {
                quoted.append("\\u%04x".formatted((int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }
}
