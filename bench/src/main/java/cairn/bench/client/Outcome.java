package cairn.bench.client;

/**
 * What one run of a job came to.
 *
 * @param operations of all threads
 * @param bytes moved by all threads
 * @param nanos from the common start to the end of the last thread
 */
public record Outcome(long operations, long bytes, long nanos, Latencies latencies) {

    String encode() {
        return operations + " " + bytes + " " + nanos + " " + latencies.encode();
    }

    /** Reads what a client process answered. */
    public static Outcome decode(String text) {
        String[] words = text.split(" ", -1);
        return new Outcome(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Latencies.decode(words[3]));
    }
}
