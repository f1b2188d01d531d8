package cairn.master;

import cairn.model.ChunkHandle;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something for each chunk, in the order of the handles. Handles rise and are given once, so nearly all of a page of neighbours are
 * there: four bytes for each and a step or two to find it, where a tree of all takes sixty and twenty steps, each to another place
 * in memory. Not thread-safe.
 */
final class ChunkTable<V> {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    private static final class Page {
        final @Nullable Object[] slots = new @Nullable Object[PAGE];
        int used;
    }

    /** By the handle without its last bits, which is never negative. */
    private final NavigableMap<Long, Page> pages = new TreeMap<>();

    private long size;

    /** Found last: who asks for one asks for its neighbours next. */
    private @Nullable Page near;

    private long nearNumber = -1;

    long size() {
        return size;
    }

    private static long number(ChunkHandle chunk) {
        return chunk.value() >>> PAGE_BITS;
    }

    private static int slot(ChunkHandle chunk) {
        return (int) chunk.value() & (PAGE - 1);
    }

    private @Nullable Page page(ChunkHandle chunk) {
        long number = number(chunk);
        if (number != nearNumber) {
            near = pages.get(number);
            nearNumber = number;
        }
        return near;
    }

    @Nullable
    V get(ChunkHandle chunk) {
        Page page = page(chunk);
        return page == null ? null : value(page, slot(chunk));
    }

    boolean contains(ChunkHandle chunk) {
        return get(chunk) != null;
    }

    /** Returns what was there before. */
    @Nullable
    V put(ChunkHandle chunk, V value) {
        Page page = page(chunk);
        if (page == null) {
            page = new Page();
            pages.put(nearNumber, page);
            near = page;
        }
        V former = value(page, slot(chunk));
        page.slots[slot(chunk)] = value;
        if (former == null) {
            page.used++;
            size++;
        }
        return former;
    }

    void remove(ChunkHandle chunk) {
        Page page = page(chunk);
        if (page == null || page.slots[slot(chunk)] == null) {
            return;
        }
        page.slots[slot(chunk)] = null;
        page.used--;
        size--;
        if (page.used == 0) {
            pages.remove(nearNumber);
            near = null;
        }
    }

    @SuppressWarnings("unchecked") // only put() fills slots
    private @Nullable V value(Page page, int slot) {
        return (V) page.slots[slot];
    }

    /** Those behind {@code after}, as they are while it is gone through. */
    Iterable<V> after(ChunkHandle after) {
        return () -> new Walk(after);
    }

    private final class Walk implements Iterator<V> {
        private final Iterator<Page> rest;
        private @Nullable Page page;
        private int slot;
        private @Nullable V next;

        Walk(ChunkHandle after) {
            page = pages.get(number(after));
            slot = slot(after) + 1;
            rest = pages.tailMap(number(after), false).values().iterator();
            advance();
        }

        private void advance() {
            next = null;
            while (next == null && page != null) {
                if (slot < PAGE) {
                    next = value(page, slot++);
                } else {
                    turnPage();
                }
            }
            if (next == null && page == null && rest.hasNext()) {
                turnPage();
                advance();
            }
        }

        private void turnPage() {
            page = rest.hasNext() ? rest.next() : null;
            slot = 0;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public V next() {
            V found = next;
            if (found == null) {
                throw new NoSuchElementException();
            }
            advance();
            return found;
        }
    }
}
