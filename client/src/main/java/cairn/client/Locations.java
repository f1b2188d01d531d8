package cairn.client;

import cairn.model.CairnException;
import cairn.model.FilePath;
import cairn.wire.Method;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the chunk that holds an offset of a file: from the cache, or from the master. Thread-safe. */
final class Locations {

    /** Chunks asked for at once: 6 GiB of a file of full chunks. */
    private static final int PAGE = 100;

    private static final int LIST_PAGE = 1000;

    private final Core core;
    private final LocationCache cache;

    Locations(Core core, LocationCache cache) {
        this.core = core;
        this.cache = cache;
    }

    void forget(long file) {
        cache.forget(file);
    }

    void remember(long file, Located chunk) {
        cache.put(file, chunk);
    }

    /** The chunk that holds {@code offset}; an open last chunk holds all behind its start; null behind the end. */
    @Nullable
    Located find(long file, long offset, long deadlineNanos) throws CairnException {
        Located cached = cache.find(file, offset);
        return cached != null ? cached : findFresh(file, offset, deadlineNanos);
    }

    /** As {@link #find}, from the master: null is the truth about the end of the file. */
    @Nullable
    Located findFresh(long file, long offset, long deadlineNanos) throws CairnException {
        int chunkBytes = core.geometry().chunkBytes();
        Located before = cache.before(file, offset);
        long index = before == null ? offset / chunkBytes : indexFrom(before, offset);
        boolean hinted = before != null;
        while (index < Integer.MAX_VALUE) {
            LocateReply page = locate(file, (int) index, PAGE, deadlineNanos);
            if (page.getFirstOffset() > offset || (hinted && page.getChunksCount() == 0)) {
                cache.forget(file); // the file was cut since, and perhaps grew again
                index = offset / chunkBytes;
                hinted = false;
                continue;
            }
            hinted = false;
            List<Located> chunks = place(file, page, deadlineNanos);
            Located found = null;
            for (Located chunk : chunks) {
                cache.put(file, chunk);
                found = chunk.holds(offset) ? chunk : found;
            }
            if (found != null
                    || chunks.isEmpty()
                    || chunks.get(chunks.size() - 1).last()) {
                return found;
            }
            index = indexFrom(chunks.get(chunks.size() - 1), offset);
        }
        return null;
    }

    /**
     * Where to look for {@code offset}, which is behind {@code before}: that chunk itself if it was the last, because a
     * sealed last chunk may be opened again and grow; otherwise as many chunks further as it takes at least.
     */
    private long indexFrom(Located before, long offset) {
        int chunkBytes = core.geometry().chunkBytes();
        return before.last() ? before.index() : before.index() + 1 + (offset - before.end()) / chunkBytes;
    }

    /** The last chunk as the master knows it now; null when the file has none. */
    @Nullable
    Located last(long file, int hint, long deadlineNanos) throws CairnException {
        int index = Math.max(0, hint);
        while (true) {
            LocateReply page = locate(file, index, 1, deadlineNanos);
            if (page.getChunkCount() == 0) {
                return null;
            }
            if (page.getChunkCount() - 1 == index && page.getChunksCount() == 1) {
                return place(file, page, deadlineNanos).get(0);
            }
            index = page.getChunkCount() - 1;
        }
    }

    /** All chunks of the file, in order. */
    List<Located> all(long file, long deadlineNanos) throws CairnException {
        List<Located> all = new ArrayList<>();
        while (true) {
            LocateReply page = locate(file, all.size(), LIST_PAGE, deadlineNanos);
            List<Located> chunks = place(file, page, deadlineNanos);
            all.addAll(chunks);
            if (chunks.isEmpty() || all.size() >= page.getChunkCount()) {
                return all;
            }
        }
    }

    /** The file at {@code path} now, whose first chunks are known from here on: one question for both. */
    long open(FilePath path, long deadlineNanos) throws CairnException {
        LocateRequest request = LocateRequest.newBuilder()
                .setPath(path.toString())
                .setCount(PAGE)
                .build();
        LocateReply page = core.master.call(Method.LOCATE, request, LocateReply.parser(), deadlineNanos);
        long file = page.getFileId();
        cache.forget(file);
        place(file, page, deadlineNanos).forEach(chunk -> cache.put(file, chunk));
        return file;
    }

    LocateReply locate(long file, int first, int count, long deadlineNanos) throws CairnException {
        LocateRequest request = LocateRequest.newBuilder()
                .setFileId(file)
                .setFirstIndex(first)
                .setCount(count)
                .build();
        return core.master.call(Method.LOCATE, request, LocateReply.parser(), deadlineNanos);
    }

    /** Gives each chunk its offset. One that is open in the middle of a file has the next one's offset as its end. */
    private List<Located> place(long file, LocateReply page, long deadlineNanos) throws CairnException {
        List<Located> placed = new ArrayList<>(page.getChunksCount());
        long offset = page.getFirstOffset();
        long now = core.now();
        for (ChunkLocation at : page.getChunksList()) {
            boolean last = at.getIndex() == page.getChunkCount() - 1;
            long length = at.getSealed() || at.getLength() > 0 ? at.getLength() : -1;
            if (last && !at.getSealed()) {
                length = -1;
            } else if (length < 0) {
                length = locate(file, at.getIndex() + 1, 1, deadlineNanos).getFirstOffset() - offset;
            }
            placed.add(new Located(at, offset, length, last, now));
            offset += Math.max(0, length);
        }
        return placed;
    }
}
