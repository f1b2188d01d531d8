package cairn.store;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files kept open, the longest unused closed first. A file in use is never closed under its user; when more than the
 * limit are in use at once, the surplus is closed as soon as it is returned. Thread-safe.
 */
final class OpenFiles {
    private final Disk disk;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of use, longest unused first. */
    private final LinkedHashMap<String, Shared> files = new LinkedHashMap<>(16, 0.75f, true);

    /** How often a name was taken from a file. */
    private long changes;

    private int leases;

    OpenFiles(Disk disk, int limit) {
        this.disk = disk;
        this.limit = limit;
    }

    /** The file {@code name}, opened when it is not. Close the lease, not the file. */
    Lease acquire(String name) throws IOException {
        while (true) {
            long changesBefore;
            lock.lock();
            try {
                Shared shared = files.get(name);
                if (shared != null) {
                    return new Lease(shared);
                }
                changesBefore = changes;
            } finally {
                lock.unlock();
            }
            Lease lease = adopt(name, disk.open(name), changesBefore);
            if (lease != null) {
                return lease;
            }
        }
    }

    /**
     * Takes over a file just opened; another thread's that came first wins. Null when names have changed since: the
     * file
     * may be one that was replaced meanwhile.
     */
    private @Nullable Lease adopt(String name, DiskFile opened, long changesBefore) {
        lock.lock();
        try {
            Shared first = files.get(name);
            if (first != null || changes != changesBefore) {
                opened.close();
                return first == null ? null : new Lease(first);
            }
            return put(name, opened);
        } finally {
            lock.unlock();
        }
    }

    private Lease put(String name, DiskFile opened) {
        Shared shared = new Shared(opened);
        files.put(name, shared);
        Lease lease = new Lease(shared);
        closeSurplus();
        return lease;
    }

    private void closeSurplus() {
        Iterator<Shared> oldestFirst = files.values().iterator();
        while (files.size() > limit && oldestFirst.hasNext()) {
            Shared shared = oldestFirst.next();
            if (shared.users == 0) {
                oldestFirst.remove();
                shared.file.close();
            }
        }
    }

    /** Makes {@code opened} the file of this name; whoever uses the old one keeps it until done. */
    void replace(String name, DiskFile opened) {
        lock.lock();
        try {
            drop(name);
            put(name, opened).close();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets the file of this name: it was renamed or deleted.
     *
     * @return whether nobody uses it
     */
    boolean drop(String name) {
        lock.lock();
        try {
            changes++;
            Shared shared = files.remove(name);
            if (shared != null) {
                shared.dropped = true;
                shared.closeIfIdle();
            }
            return shared == null || shared.users == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Uses that are not over. */
    int leases() {
        lock.lock();
        try {
            return leases;
        } finally {
            lock.unlock();
        }
    }

    void closeAll() {
        lock.lock();
        try {
            List<String> names = new ArrayList<>(files.keySet());
            names.forEach(this::drop);
        } finally {
            lock.unlock();
        }
    }

    private static final class Shared {
        private final DiskFile file;
        private int users;
        private boolean dropped;

        Shared(DiskFile file) {
            this.file = file;
        }

        void closeIfIdle() {
            if (dropped && users == 0) {
                file.close();
            }
        }
    }

    /** The use of a file, from a call of {@link #acquire} to {@link #close}. One thread. */
    final class Lease implements AutoCloseable {
        private final Shared shared;

        private Lease(Shared shared) {
            this.shared = shared;
            shared.users++;
            leases++;
        }

        DiskFile file() {
            return shared.file;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                shared.users--;
                leases--;
                shared.closeIfIdle();
                closeSurplus();
            } finally {
                lock.unlock();
            }
        }
    }
}
