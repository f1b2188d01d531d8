package cairn.bench;

/**
 * How much is done in one run.
 *
 * @param bytes of all sequential clients together; also the length of the file of random reads
 * @param seconds of a run where time decides
 * @param operations that each thread does instead, whatever the time; 0: time decides
 * @param files that each thread has where small files are read or deleted
 * @param runs that count, of each system
 * @param warmups runs before those that do not count
 */
public record Scale(long bytes, double seconds, int operations, int files, int runs, int warmups) {

    /** Some minutes for a handful of workloads. */
    public static final Scale USUAL = new Scale(512L << 20, 3, 0, 200, 5, 2);

    /** Whether it works, and roughly how fast: nothing is warm. */
    public static final Scale QUICK = new Scale(64L << 20, 0.5, 0, 20, 3, 1);
}
