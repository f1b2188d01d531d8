package cairn.world;

/** Randomness: for ids, placement and jitter. Thread-safe. */
public interface Entropy {

    long nextLong();

    /** A number from 0 to {@code bound - 1}. */
    default int below(int bound) {
        return (int) Long.remainderUnsigned(nextLong(), bound);
    }
}
