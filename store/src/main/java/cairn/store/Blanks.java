package cairn.store;

import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files of small deleted replicas, kept for new ones: where replicas come and go by the thousand, a file system makes and removes inodes
 * far more slowly than it renames them. A blank has a name that means nothing, and the bytes of what it was: {@link Creation} knows how to
 * use it all the same. A start removes them all. Thread-safe.
 */
final class Blanks {
    private static final int BLANKS_MAX = 8192;

    /** Of a larger file the blocks are the work, not the inode. */
    private static final long BYTES_MAX = 1 << 20;

    /** What a blank may have on the disk: a block of the file system. To give it back costs more than to write over it. */
    private static final long KEPT_BYTES_MAX = 4096;

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

    /** A file that has lost its name for one of {@link #nextName}. */
    record Nameless(String name, long bytes) {}

    /** An open file, its name, and how many bytes it has. */
    record Opened(String name, DiskFile file, long bytes) {}

    /** A file to begin with, perhaps with some bytes, under the name of a blank. The caller gives it another name, or deletes it. */
    Opened take() throws IOException {
        for (String blank = poll(); blank != null; blank = poll()) {
            try {
                return used(blank, disk.open(blank));
            } catch (NoSuchFileException e) {
                // somebody tidied up by hand; the next one may be there
            }
        }
        String name = nextName();
        return new Opened(name, disk.create(name), 0);
    }

    private Opened used(String name, DiskFile file) throws IOException {
        options.witness().met(Probe.BLANK_USED);
        try {
            long bytes = file.bytes();
            cut(file, bytes);
            return new Opened(name, file, Math.min(bytes, KEPT_BYTES_MAX));
        } catch (IOException e) {
            file.close();
            FreshJournal.deleteQuietly(disk, name, e);
            throw e;
        }
    }

    private void cut(DiskFile file, long bytes) throws IOException {
        if (bytes > KEPT_BYTES_MAX) {
            file.truncate(0);
        }
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
     * Makes blanks of files that nobody has open, and whose former names are gone, durably, and will not come again; deletes what is too
     * large, too many, or fails. The failures are the disk's.
     */
    void keep(List<Nameless> files) throws IOException {
        IOException first = null;
        for (Nameless file : files) {
            try {
                keep(file);
            } catch (NoSuchFileException e) {
                // somebody tidied up by hand
            } catch (IOException e) {
                FreshJournal.deleteQuietly(disk, file.name, e);
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void keep(Nameless file) throws IOException {
        if (file.bytes > BYTES_MAX || !hasRoom()) {
            disk.delete(file.name);
            return;
        }
        if (file.bytes > KEPT_BYTES_MAX) {
            try (DiskFile opened = disk.open(file.name)) {
                cut(opened, file.bytes);
            }
        }
        push(file.name);
    }

    private boolean hasRoom() {
        lock.lock();
        try {
            return blanks.size() < BLANKS_MAX;
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
