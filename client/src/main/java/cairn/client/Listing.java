package cairn.client;

import cairn.model.CairnException;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListReply;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** A directory, page by page. The first page was fetched already; each iterator goes on by itself. */
final class Listing implements Iterable<FileInfo> {

    /** How long a listing waits for the primaries of open files, all together. */
    private static final long LENGTHS_NANOS = 2_000_000_000L;

    private final Core core;
    private final Names names;
    private final FilePath path;
    private final ListReply first;

    Listing(Core core, Names names, FilePath path) throws CairnException {
        this.core = core;
        this.names = names;
        this.path = path;
        this.first = names.list(path, "", Limits.LIST_PAGE_MAX);
    }

    @Override
    public Iterator<FileInfo> iterator() {
        return new Pages();
    }

    private final class Pages implements Iterator<FileInfo> {
        private ListReply page = first;
        private int next;
        private long lengthsNanos = LENGTHS_NANOS;

        @Override
        public boolean hasNext() {
            while (next == page.getEntriesCount() && page.getMore() && next > 0) {
                try {
                    page = names.list(path, page.getEntries(next - 1).getName(), Limits.LIST_PAGE_MAX);
                } catch (CairnException e) {
                    throw new UncheckedIOException(e);
                }
                next = 0;
            }
            return next < page.getEntriesCount();
        }

        @Override
        public FileInfo next() {
            if (!hasNext()) {
                throw new NoSuchElementException(path.toString());
            }
            FileStatus status = page.getEntries(next++);
            String name = path.child(status.getName()).toString();
            if (!status.hasOpenChunk()) {
                return Statuses.file(name, status, status.getLength(), true);
            }
            long started = core.now();
            try {
                long tail = core.chunks
                        .committed(status.getFileId(), status.getOpenChunk(), started + lengthsNanos)
                        .getCommitted();
                return Statuses.file(name, status, status.getLength() + tail, true);
            } catch (CairnException e) { // a listing is no place to fail for one file
                return Statuses.file(name, status, status.getLength(), false);
            } finally {
                lengthsNanos = Math.max(0, lengthsNanos - (core.now() - started));
            }
        }
    }
}
