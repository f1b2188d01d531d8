package cairn.simulation.search;

import cairn.simulation.Fault;
import cairn.simulation.cell.Limit;
import cairn.simulation.cell.SeedRun.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run as people write it: a command that replays it, or a line of the corpus. What is written is read back exactly. */
final class Replay {
    private static final List<String> OPTIONS_OF_A_LINE = List.of("--faults", "--limit");

    private Replay() {}

    /** The one command that replays it. */
    static String command(Request request) {
        return "./cairn sim " + String.join(" ", words(request));
    }

    /** The arguments of that command. */
    static List<String> words(Request request) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("--seed", Long.toString(request.seed()), "--workload", Words.of(request.workload())));
        words.addAll(shape(request));
        request.broken().forEach(rule -> words.addAll(List.of("--break", Words.of(rule))));
        return words;
    }

    /** A line of the corpus: seed, workload, what differs from what they say, and the reason. */
    static String line(Request request, String reason) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(Long.toString(request.seed()), Words.of(request.workload())));
        words.addAll(shape(request));
        words.add(reason);
        return String.join(" ", words);
    }

    /** The run that a line of the corpus names. */
    static Request parse(String line) {
        String[] words = line.split(" ", -1);
        List<String> arguments = new ArrayList<>(List.of("--seed", words[0], "--workload", words[1]));
        for (int i = 2; i + 1 < words.length && OPTIONS_OF_A_LINE.contains(words[i]); i += 2) {
            arguments.addAll(List.of(words[i], words[i + 1]));
        }
        return Arguments.parse(arguments).request(Long.parseLong(words[0]));
    }

    private static List<String> shape(Request request) {
        List<String> words = new ArrayList<>();
        if (!request.faults().equals(Fault.ALL)) {
            List<String> names = Words.of(request.faults().toArray(new Fault[0]));
            words.addAll(List.of("--faults", names.isEmpty() ? "none" : String.join(",", names)));
        }
        if (!request.limits().most().isEmpty()) {
            List<String> limits = new ArrayList<>();
            for (Map.Entry<Limit, Long> limit : request.limits().most().entrySet()) {
                limits.add(limit.getKey() + "=" + limit.getValue() + (limit.getKey() == Limit.STORM ? "ms" : ""));
            }
            words.addAll(List.of("--limit", String.join(",", limits)));
        }
        return words;
    }
}
