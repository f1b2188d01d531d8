package cairn.attack.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a client process is told to do; handed over as words on its command line.
 *
 * @param job which
 * @param name of the client, for people
 * @param master where the cell is
 * @param number its own among all clients of a run: names what it writes
 * @param history where it writes down what it does
 * @param epochs when it goes on to the next file
 * @param rate calls in a second
 * @param style in which way it calls
 */
public record JobPlan(
        Kind job, String name, String master, int number, Path history, Epochs epochs, double rate, Style style) {

    /** The jobs. */
    public enum Kind {
        /** Appends records to the file of the epoch. */
        APPEND,
        /** Follows what is appended. */
        FOLLOW,
        /** Reads at random places of what is appended. */
        READ,
        /** Overwrites at random places of a file of its own kind. */
        WRITE,
        /** Reads at random places of what is overwritten. */
        INSPECT,
        /** Makes, moves, deletes and looks at names. */
        NAMES,
        /** Reads all of a file that nobody changes, again and again, and checks every byte. */
        VERIFY
    }

    /** How a producer appends. */
    public enum Style {
        /** One record at a time. */
        SINGLE,
        /** Several under way. */
        PIPELINED,
        /** Several as one. */
        BATCH,
        /** On every disk before it is acknowledged. */
        SYNCED
    }

    /** As words of a command line. */
    public List<String> words() {
        return List.of(
                "job=" + job,
                "name=" + name,
                "master=" + master,
                "number=" + number,
                "history=" + history,
                "begin=" + epochs.beginNanos(),
                "epoch=" + epochs.lengthNanos(),
                "rate=" + rate,
                "style=" + style);
    }

    static JobPlan parse(String[] words) {
        TreeMap<String, String> given = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            given.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new JobPlan(
                Kind.valueOf(of(given, "job")),
                of(given, "name"),
                of(given, "master"),
                Integer.parseInt(of(given, "number")),
                Path.of(of(given, "history")),
                new Epochs(Long.parseLong(of(given, "begin")), Long.parseLong(of(given, "epoch"))),
                Double.parseDouble(of(given, "rate")),
                Style.valueOf(of(given, "style")));
    }

    private static String of(TreeMap<String, String> given, String key) {
        String value = given.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key + " in " + new ArrayList<>(given.keySet()));
        }
        return value;
    }
}
