package cairn.bench.client;

import java.util.Map;
import java.util.TreeMap;

/**
 * One workload, as a client process is told it.
 *
 * @param job which
 * @param threads clients, each a thread
 * @param unit bytes of a record, of a positioned read or of a small file
 * @param bytes that each thread moves; of read workloads, the length of its file; 0 where time decides
 * @param replicas of the files
 * @param synced on disk before it is acknowledged
 * @param seconds how long each thread goes on, where time decides; 0 otherwise
 * @param files how many small files each thread has
 * @param operations of each thread, where their number decides; 0 otherwise
 */
public record Order(
        JobKind job,
        int threads,
        int unit,
        long bytes,
        int replicas,
        boolean synced,
        double seconds,
        int files,
        int operations) {

    /** As one line. */
    public String encode() {
        return "job=%s threads=%d unit=%d bytes=%d replicas=%d synced=%b seconds=%s files=%d operations=%d"
                .formatted(job, threads, unit, bytes, replicas, synced, seconds, files, operations);
    }

    static Order decode(String text) {
        Map<String, String> values = new TreeMap<>();
        for (String word : text.strip().split(" ", -1)) {
            int equals = word.indexOf('=');
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Order(
                JobKind.valueOf(value(values, "job")),
                Integer.parseInt(value(values, "threads")),
                Integer.parseInt(value(values, "unit")),
                Long.parseLong(value(values, "bytes")),
                Integer.parseInt(value(values, "replicas")),
                Boolean.parseBoolean(value(values, "synced")),
                Double.parseDouble(value(values, "seconds")),
                Integer.parseInt(value(values, "files")),
                Integer.parseInt(value(values, "operations")));
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("an order without " + key);
        }
        return value;
    }
}
