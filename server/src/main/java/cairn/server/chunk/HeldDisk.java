package cairn.server.chunk;

import cairn.store.ChunkStore;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** One directory of this server, its store, and what was put there lately. Thread-safe. */
final class HeldDisk {

    /** What was put on a disk fades by half in this time: by then most of it is written, and taken off what is usable. */
    private static final double HALF_LIFE_NANOS = 60e9;

    /** For people. */
    final String directory;

    final ChunkStore store;

    /** Disks with the same one share their space. */
    final String fileSystem;

    private final ReentrantLock lock = new ReentrantLock();
    private double recent;
    private long recentAtNanos;

    HeldDisk(String directory, ChunkStore store, long nowNanos) {
        this.directory = directory;
        this.store = store;
        this.fileSystem = store.fileSystem().isEmpty() ? directory : store.fileSystem();
        this.recentAtNanos = nowNanos;
    }

    /** A replica is begun here. */
    void noteBegun(long nowNanos) {
        lock.lock();
        try {
            recent = faded(nowNanos) + 1;
            recentAtNanos = nowNanos;
        } finally {
            lock.unlock();
        }
    }

    /** As it is now. */
    DiskChoice.Room room(long nowNanos) throws IOException {
        boolean fails = store.health().failing();
        long usable = fails ? 0 : store.usableBytes();
        lock.lock();
        try {
            return new DiskChoice.Room(fileSystem, fails, usable, store.usedBytes(), faded(nowNanos));
        } finally {
            lock.unlock();
        }
    }

    private double faded(long nowNanos) {
        return recent * Math.pow(0.5, (nowNanos - recentAtNanos) / HALF_LIFE_NANOS);
    }
}
