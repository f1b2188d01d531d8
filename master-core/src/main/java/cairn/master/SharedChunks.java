package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.model.Invariant;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which chunks stand in more than one file since a snapshot (GFS 3.4), and which came out of such a one. A chunk that one file
 * has alone, as nearly all, takes no room here. Part of the {@link MasterImage}; not thread-safe.
 */
final class SharedChunks {
    private static final long[] NOBODY = {};

    /** Files that hold a chunk besides {@link Chunk#file}, by rising id. */
    private final NavigableMap<ChunkHandle, long[]> sharers = new TreeMap<>();

    /** From a fork to the first chunk of its line. */
    private final NavigableMap<ChunkHandle, ChunkHandle> origins = new TreeMap<>();

    boolean isShared(ChunkHandle chunk) {
        return sharers.containsKey(chunk);
    }

    /** Files that hold the chunk besides {@link Chunk#file}; not to be changed. */
    long[] sharers(ChunkHandle chunk) {
        long[] found = sharers.get(chunk);
        return found == null ? NOBODY : found;
    }

    boolean isSharer(ChunkHandle chunk, FileId file) {
        return Arrays.binarySearch(sharers(chunk), file.value()) >= 0;
    }

    /** The first chunk of its line: itself unless it is a fork. */
    ChunkHandle origin(ChunkHandle chunk) {
        ChunkHandle origin = origins.get(chunk);
        return origin == null ? chunk : origin;
    }

    /** Ids of clones rise: the new one is behind all others. */
    void add(ChunkHandle chunk, FileId file) {
        long[] before = sharers(chunk);
        Invariant.check(
                before.length == 0 || before[before.length - 1] < file.value(), "%s shares %s twice", file, chunk);
        long[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = file.value();
        sharers.put(chunk, after);
    }

    /** The first of the sharers becomes {@link Chunk#file}; null when there is none. */
    @Nullable
    FileId promote(ChunkHandle chunk) {
        long[] before = sharers(chunk);
        if (before.length == 0) {
            return null;
        }
        set(chunk, Arrays.copyOfRange(before, 1, before.length));
        return new FileId(before[0]);
    }

    void remove(ChunkHandle chunk, FileId file) {
        long[] before = sharers(chunk);
        int at = Arrays.binarySearch(before, file.value());
        Invariant.check(at >= 0, "%s does not share %s", file, chunk);
        long[] after = new long[before.length - 1];
        System.arraycopy(before, 0, after, 0, at);
        System.arraycopy(before, at + 1, after, at, after.length - at);
        set(chunk, after);
    }

    void fork(ChunkHandle chunk, ChunkHandle fork) {
        origins.put(fork, origin(chunk));
    }

    /** The chunk has left the cell. */
    void forget(ChunkHandle chunk) {
        origins.remove(chunk);
    }

    void load(ChunkHandle chunk, long[] files, long origin) {
        if (files.length > 0) {
            sharers.put(chunk, files);
        }
        if (origin != 0) {
            origins.put(chunk, new ChunkHandle(origin));
        }
    }

    private void set(ChunkHandle chunk, long[] files) {
        if (files.length == 0) {
            sharers.remove(chunk);
        } else {
            sharers.put(chunk, files);
        }
    }
}
