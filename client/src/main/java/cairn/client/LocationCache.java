package cairn.client;

import cairn.world.Time;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where chunks are, for a few seconds (GFS 2.7.1). Never the last word: a replica refuses a version that is not its own,
 * and the end of a file is always asked for. Bounded: the file used longest ago goes first. Thread-safe.
 */
final class LocationCache {

    /** Bounds for how long a reader may still see a chunk that a truncate took out of the file. */
    static final long FRESH_NANOS = 5_000_000_000L;

    static final int CHUNKS_MAX = 100_000;

    private final Time time;
    private final int chunksMax;
    private final ReentrantLock lock = new ReentrantLock();

    /** File id to chunks by their offset, in the order of use. */
    private final LinkedHashMap<Long, TreeMap<Long, Located>> files = new LinkedHashMap<>(16, 0.75f, true);

    private int size;

    LocationCache(Time time) {
        this(time, CHUNKS_MAX);
    }

    LocationCache(Time time, int chunksMax) {
        this.time = time;
        this.chunksMax = chunksMax;
    }

    /** The chunk that holds {@code offset}, if known and fresh. */
    @Nullable
    Located find(long file, long offset) {
        lock.lock();
        try {
            Located floor = floor(file, offset);
            return floor != null && floor.holds(offset) ? floor : null;
        } finally {
            lock.unlock();
        }
    }

    /** The last known chunk that ends at or before {@code offset}: a place to start looking. */
    @Nullable
    Located before(long file, long offset) {
        lock.lock();
        try {
            Located floor = floor(file, offset);
            return floor != null && floor.end() <= offset ? floor : null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Located floor(long file, long offset) {
        TreeMap<Long, Located> chunks = files.get(file);
        Map.Entry<Long, Located> entry = chunks == null ? null : chunks.floorEntry(offset);
        boolean fresh = entry != null && time.nanos() - entry.getValue().seenNanos() < FRESH_NANOS;
        return fresh && entry != null ? entry.getValue() : null;
    }

    /** An empty chunk takes no place: it holds no offset. */
    void put(long file, Located chunk) {
        if (chunk.length() == 0) {
            return;
        }
        lock.lock();
        try {
            TreeMap<Long, Located> chunks = files.computeIfAbsent(file, id -> new TreeMap<>());
            if (chunks.put(chunk.offset(), chunk) == null) {
                size++;
            }
            while (size > chunksMax && !files.isEmpty()) {
                Iterator<TreeMap<Long, Located>> oldestFirst = files.values().iterator();
                size -= oldestFirst.next().size();
                oldestFirst.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something about the file was not as remembered. */
    void forget(long file) {
        lock.lock();
        try {
            TreeMap<Long, Located> chunks = files.remove(file);
            size -= chunks == null ? 0 : chunks.size();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }
}
