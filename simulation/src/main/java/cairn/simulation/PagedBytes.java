package cairn.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of one file, in pages; a page never written takes no room and reads as zeros. */
final class PagedBytes {

    static final int PAGE_BYTES = 4 << 10;

    private final List<byte @Nullable []> pages = new ArrayList<>();
    private long length;
    private int allocated;

    long length() {
        return length;
    }

    int allocatedPages() {
        return allocated;
    }

    PagedBytes copy() {
        PagedBytes copy = new PagedBytes();
        copy.length = length;
        copy.allocated = allocated;
        for (byte @Nullable [] page : pages) {
            copy.pages.add(page == null ? null : page.clone());
        }
        return copy;
    }

    /** Fills {@code into} from {@code position} as far as the file goes; returns the number of bytes. */
    int read(ByteBuffer into, long position) {
        int count = (int) Math.max(0, Math.min(into.remaining(), length - position));
        int done = 0;
        while (done < count) {
            long at = position + done;
            int offset = (int) (at % PAGE_BYTES);
            int part = Math.min(count - done, PAGE_BYTES - offset);
            byte @Nullable [] page = page(at);
            if (page == null) {
                into.put(new byte[part]);
            } else {
                into.put(page, offset, part);
            }
            done += part;
        }
        return count;
    }

    /** New pages that writing this range would take. */
    int pagesMissing(long position, int count) {
        int missing = 0;
        for (long at = position - position % PAGE_BYTES; at < position + count; at += PAGE_BYTES) {
            missing += page(at) == null ? 1 : 0;
        }
        return missing;
    }

    void write(byte[] from, int count, long position) {
        int done = 0;
        while (done < count) {
            long at = position + done;
            int offset = (int) (at % PAGE_BYTES);
            int part = Math.min(count - done, PAGE_BYTES - offset);
            System.arraycopy(from, done, makePage(at), offset, part);
            done += part;
        }
        if (count > 0) {
            length = Math.max(length, position + count);
        }
    }

    void truncate(long bytes) {
        if (bytes < length) {
            int keep = (int) ((bytes + PAGE_BYTES - 1) / PAGE_BYTES);
            while (pages.size() > keep) {
                byte @Nullable [] dropped = pages.removeLast();
                allocated -= dropped == null ? 0 : 1;
            }
            byte @Nullable [] last = page(bytes);
            if (last != null) {
                Arrays.fill(last, (int) (bytes % PAGE_BYTES), PAGE_BYTES, (byte) 0);
            }
        }
        length = bytes;
    }

    /** Flips one bit, if there is a byte at {@code position}. */
    void flipBit(long position, int bit) {
        if (position < length) {
            makePage(position)[(int) (position % PAGE_BYTES)] ^= (byte) (1 << bit);
        }
    }

    private byte @Nullable [] page(long position) {
        int index = (int) (position / PAGE_BYTES);
        return index < pages.size() ? pages.get(index) : null;
    }

    private byte[] makePage(long position) {
        int index = (int) (position / PAGE_BYTES);
        while (pages.size() <= index) {
            pages.add(null);
        }
        byte @Nullable [] page = pages.get(index);
        if (page == null) {
            page = new byte[PAGE_BYTES];
            pages.set(index, page);
            allocated++;
        }
        return page;
    }
}
