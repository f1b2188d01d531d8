package cairn.client;

import cairn.wire.proto.ChunkLocation;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which small chunks this client has looked at before. To ask for a permit, to open a file and to close it is more than to have 64 KiB
 * sent once, and pays only where they are read again. Forgets what other chunks push out. Thread-safe.
 */
final class Sights {
    private static final int SLOTS = 1024;
    private static final int COUNT_BITS = 2;

    /** One read looks up to three times: for each way that the bytes could come. */
    private static final int ENOUGH = 3;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /**
     * Whether the chunk is worth a permit now. An open one may be of any length.
     *
     * @param smallBytes of the largest chunk that is better read through the network once
     */
    boolean isWorthPermit(ChunkLocation chunk, int smallBytes) {
        if (!chunk.getSealed() || chunk.getLength() > smallBytes) {
            return true;
        }
        int slot = (int) (chunk.getHandle() & (SLOTS - 1));
        long seen = slots.get(slot);
        long key = chunk.getHandle() << COUNT_BITS;
        long count = seen >>> COUNT_BITS == key >>> COUNT_BITS ? seen & ((1 << COUNT_BITS) - 1) : 0;
        if (count >= ENOUGH) {
            return true;
        }
        slots.set(slot, key | (count + 1));
        return false;
    }
}
