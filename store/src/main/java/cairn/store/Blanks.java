package cairn.store;

import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
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

    /** An open file, and its name. */
    record Opened(String name, DiskFile file) {}

    /** A file under the name of a blank, perhaps with the bytes of what it was. The caller gives it another name, or deletes it. */
    Opened open() throws IOException {
        for (String blank = poll(); blank != null; blank = poll()) {
            try {
                Opened opened = new Opened(blank, disk.open(blank));
                options.witness().met(Probe.BLANK_USED);
                return opened;
            } catch (NoSuchFileException e) {
                // somebody tidied up by hand; the next one may be there
            } catch (IOException e) {
                FreshJournal.deleteQuietly(disk, blank, e);
                throw e;
            }
        }
        String name = nextName();
        return new Opened(name, disk.create(name));
    }

    /** The same under the name {@code name}, which nobody else gives. */
    DiskFile openAs(String name) throws IOException {
        if (!rename(name)) {
            return disk.create(name);
        }
        options.witness().met(Probe.BLANK_USED);
        try {
            DiskFile file = disk.open(name);
            cut(file);
            return file;
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
            } catch (IOException e) {
                FreshJournal.deleteQuietly(disk, blank, e);
                throw e;
            }
        }
        return false;
    }

    /** Makes it no longer than a blank may be; closes it if that fails. */
    private static void cut(DiskFile file) throws IOException {
        try {
            if (file.bytes() > KEPT_BYTES_MAX) {
                file.truncate(0);
            }
        } catch (IOException e) {
            file.close();
            throw e;
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
     * Makes a blank of a file that nobody has open, and whose former names are gone, durably, and will not come again; deletes what is
     * too large, too many, or what the disk fails with.
     */
    void keep(Nameless file) throws IOException {
        if (file.bytes > BYTES_MAX || !hasRoom()) {
            disk.delete(file.name);
            return;
        }
        try {
            if (file.bytes > KEPT_BYTES_MAX) {
                try (DiskFile opened = disk.open(file.name)) {
                    cut(opened);
                }
            }
            push(file.name);
        } catch (NoSuchFileException e) {
            // somebody tidied up by hand
        } catch (IOException e) {
            FreshJournal.deleteQuietly(disk, file.name, e);
            throw e;
        }
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
