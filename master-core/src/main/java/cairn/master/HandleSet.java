package cairn.master;

import cairn.model.ChunkHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Handles of chunks, rising: eight bytes for each, since a large cell has thousands on each of thousands of servers. They come
 * in order when a server shows what it holds, and then a few come and go. Not thread-safe.
 */
final class HandleSet implements Iterable<ChunkHandle> {
    private long[] handles = new long[8];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Where it is; if it is not there, where it would be, as {@code -(place + 1)}. */
    private int find(long handle) {
        if (size > 0 && Long.compareUnsigned(handles[size - 1], handle) < 0) {
            return -(size + 1);
        }
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(handles[middle], handle);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -(low + 1);
    }

    boolean contains(ChunkHandle chunk) {
        return find(chunk.value()) >= 0;
    }

    void add(ChunkHandle chunk) {
        int at = -find(chunk.value()) - 1;
        if (at < 0) {
            return;
        }
        if (size == handles.length) {
            handles = Arrays.copyOf(handles, size + size / 2);
        }
        System.arraycopy(handles, at, handles, at + 1, size - at);
        handles[at] = chunk.value();
        size++;
    }

    void remove(ChunkHandle chunk) {
        int at = find(chunk.value());
        if (at >= 0) {
            System.arraycopy(handles, at + 1, handles, at, size - at - 1);
            size--;
        }
    }

    void clear() {
        handles = new long[8];
        size = 0;
    }

    /** A copy, to go on with while this one changes. */
    List<ChunkHandle> list() {
        List<ChunkHandle> list = new ArrayList<>(size);
        forEach(list::add);
        return list;
    }

    @Override
    public Iterator<ChunkHandle> iterator() {
        return new Walk(0);
    }

    /** This one, if it is there, and those behind it. */
    Iterable<ChunkHandle> from(ChunkHandle first) {
        int at = find(first.value());
        return () -> new Walk(at >= 0 ? at : -at - 1);
    }

    /** Those behind it. */
    Iterable<ChunkHandle> after(ChunkHandle last) {
        int at = find(last.value());
        return () -> new Walk(at >= 0 ? at + 1 : -at - 1);
    }

    private final class Walk implements Iterator<ChunkHandle> {
        private int at;

        Walk(int from) {
            at = from;
        }

        @Override
        public boolean hasNext() {
            return at < size;
        }

        @Override
        public ChunkHandle next() {
            if (at >= size) {
                throw new NoSuchElementException();
            }
            return new ChunkHandle(handles[at++]);
        }
    }
}
