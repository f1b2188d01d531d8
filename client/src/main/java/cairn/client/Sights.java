package cairn.client;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often this client has looked at a small chunk before. To ask for a permit, to open a file and to close it is more than to have
 * 64 KiB sent once, and pays only where they are read again. Forgets what other chunks push out. Thread-safe.
 */
final class Sights {
    private static final int SLOTS = 8192;
    private static final int COUNT_BITS = 2;

    /** One read looks up to three times: for each way that the bytes could come. */
    private static final int ENOUGH = 3;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /** Whether the chunk was seen often enough to be read from its file. This is a look, too. */
    boolean areEnough(long handle) {
        int slot = (int) (handle & (SLOTS - 1));
        long seen = slots.get(slot);
        long key = handle << COUNT_BITS;
        long count = seen >>> COUNT_BITS == key >>> COUNT_BITS ? seen & ((1 << COUNT_BITS) - 1) : 0;
        if (count >= ENOUGH) {
            return true;
        }
        slots.set(slot, key | (count + 1));
        return false;
    }
}
