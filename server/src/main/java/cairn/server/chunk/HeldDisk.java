package cairn.server.chunk;

import cairn.store.ChunkStore;
import cairn.world.Time;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One directory of this server, its store, and what was put there lately. Thread-safe. */
final class HeldDisk {

    /** What was put on a disk fades by half in this time: by then most of it is written, and taken off what is usable. */
    private static final double HALF_LIFE_NANOS = 60e9;

    private static final Logger LOG = LoggerFactory.getLogger(HeldDisk.class);

    /** For people. */
    final String directory;

    final ChunkStore store;

    /** Disks with the same one share their space. */
    final String fileSystem;

    /** Of all directories on the same file system. */
    final Traffic traffic;

    private final ReentrantLock lock = new ReentrantLock();
    private double recent;
    private long recentAtNanos;

    private HeldDisk(String directory, ChunkStore store, String fileSystem, Traffic traffic, long nowNanos) {
        this.directory = directory;
        this.store = store;
        this.fileSystem = fileSystem;
        this.traffic = traffic;
        this.recentAtNanos = nowNanos;
    }

    /** @param others that were opened before: those on the same file system are as busy as this one */
    static HeldDisk of(String directory, ChunkStore store, Time time, List<HeldDisk> others) {
        String name = store.fileSystem().isEmpty() ? directory : store.fileSystem();
        Traffic traffic = others.stream()
                .filter(other -> other.fileSystem.equals(name))
                .map(other -> other.traffic)
                .findFirst()
                .orElseGet(() -> new Traffic(time));
        return new HeldDisk(directory, store, name, traffic, time.nanos());
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

    /** As it is now. One that cannot tell counts as failing. */
    DiskChoice.Room room(long nowNanos) {
        boolean fails = store.health().failing();
        long usable = 0;
        try {
            usable = fails ? 0 : store.usableBytes();
        } catch (IOException e) {
            LOG.warn("{}: cannot tell how much room there is: {}", directory, e.getMessage());
            fails = true;
        }
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
