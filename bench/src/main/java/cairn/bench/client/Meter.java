package cairn.bench.client;

/** What one thread did in one run. */
final class Meter {
    final Latencies latencies = new Latencies();
    long operations;
    long bytes;

    /** One operation that began at {@code startNanos} is over. */
    void done(long startNanos, long moved) {
        latencies.add(System.nanoTime() - startNanos);
        operations++;
        bytes += moved;
    }
}
