package cairn.store;

import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files of small deleted replicas, kept for new ones: where replicas come and go by the thousand, a file system makes and removes inodes
 * far more slowly than it renames them. A blank is empty, and on the disk it is, too, under a name that means nothing: to rename one
 * is as good as to create a file. A start removes them all. Thread-safe.
 */
final class Blanks {
    private static final int BLANKS_MAX = 8192;

    private static final int OPEN_MAX = 16;

    /** Of a larger file the blocks are the work, not the inode. */
    private static final long BYTES_MAX = 1 << 20;

    private final Disk disk;
    private final StoreOptions options;
    private final ReentrantLock lock = new ReentrantLock();

    /** The latest is used first: what the kernel knows of it is at hand. */
    private final ArrayDeque<String> blanks = new ArrayDeque<>();

    private final AtomicLong numbers = new AtomicLong();

    Blanks(Disk disk, StoreOptions options) {
        this.disk = disk;
        this.options = options;
    }

    /** A new, empty file, as {@link Disk#create}. The caller is the only one who gives this name. */
    DiskFile create(String name) throws IOException {
        if (disk.exists(name) || !rename(name)) {
            return disk.create(name);
        }
        options.witness().met(Probe.BLANK_USED);
        try {
            return disk.open(name);
        } catch (IOException e) {
            FreshJournal.deleteQuietly(disk, name, e);
            throw e;
        }
    }

    /** False when there is no blank. */
    private boolean rename(String name) throws IOException {
        for (String blank = poll(); blank != null; blank = poll()) {
            try {
                disk.rename(blank, name);
                return true;
            } catch (NoSuchFileException e) {
                // somebody tidied up by hand; the next one may be there
            }
        }
        return false;
    }

    private @Nullable String poll() {
        lock.lock();
        try {
            return blanks.poll();
        } finally {
            lock.unlock();
        }
    }

    /** A name for a file that is to be a blank; none has had it since the start. */
    String nextName() {
        return Names.blank(numbers.getAndIncrement());
    }

    /**
     * Makes blanks of files that nobody has open, and whose names are durable and will not come again; deletes what is too large, too
     * many, or fails. The failures are the disk's.
     */
    void take(List<String> files) throws IOException {
        IOException first = null;
        for (int from = 0; from < files.size(); from += OPEN_MAX) {
            try {
                takeFew(files.subList(from, Math.min(from + OPEN_MAX, files.size())));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** All are cut before the first is synced: the inodes of several are one write to the disk. */
    private void takeFew(List<String> files) throws IOException {
        List<Cut> cuts = new ArrayList<>();
        IOException first = null;
        for (String name : files) {
            try {
                cut(name, cuts);
            } catch (NoSuchFileException e) {
                // somebody tidied up by hand
            } catch (IOException e) {
                FreshJournal.deleteQuietly(disk, name, e);
                first = e;
            }
        }
        for (Cut cut : cuts) {
            try (DiskFile file = cut.file) {
                file.sync(); // or the bytes of an old journal could come back under the name of a new one
                push(cut.name);
            } catch (IOException e) {
                FreshJournal.deleteQuietly(disk, cut.name, e);
                first = e;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private record Cut(String name, DiskFile file) {}

    private void cut(String name, List<Cut> cuts) throws IOException {
        DiskFile file = disk.open(name);
        boolean kept = false;
        try {
            if (hasRoom(cuts.size()) && file.bytes() <= BYTES_MAX) {
                file.truncate(0);
                cuts.add(new Cut(name, file));
                kept = true;
            }
        } finally {
            if (!kept) {
                file.close();
            }
        }
        if (!kept) {
            disk.delete(name);
        }
    }

    private boolean hasRoom(int coming) {
        lock.lock();
        try {
            return blanks.size() + coming < BLANKS_MAX;
        } finally {
            lock.unlock();
        }
    }

    private void push(String name) {
        lock.lock();
        try {
            blanks.push(name);
        } finally {
            lock.unlock();
        }
    }
}
