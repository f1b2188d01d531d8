package cairn.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The files of replicas on this host that a client keeps open, by chunk. They are bounded in number and in bytes, and looked through
 * while it reads: the system can give back what a deleted file held only when nobody has it open. Thread-safe.
 */
final class NearFiles {
    private static final int FILES_MAX = 4096;

    /** Of all that the process may have open, the rest is the application's. */
    private static final int SHARE = 4;

    /** 16 GiB where chunks are 64 MiB. */
    private static final long FULL_CHUNKS_MAX = 256;

    /** When there are too many, this part of them goes, the longest unused first; so much is left free by small ones. */
    private static final int PART = 8;

    /** How often files are looked for that are of no use any more. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    /** Of no use any more. */
    private static final long UNUSED_NANOS = 60_000_000_000L;

    private final Core core;
    private final Map<Long, NearFile> files = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nextLookNanos;
    private volatile int filesMax;
    private volatile boolean closed;

    NearFiles(Core core) {
        this.core = core;
        this.nextLookNanos = new AtomicLong(core.now());
    }

    private record Kept(long handle, NearFile file, long usedNanos) {}

    @Nullable
    NearFile get(long handle) {
        closeUseless();
        return files.get(handle);
    }

    /** Whether a small one more, and what other threads add meanwhile, can be kept without closing one that is used. */
    boolean hasRoom() {
        int max = filesMax();
        return files.size() < max - max / PART && bytes.get() + core.geometry().blockBytes() <= bytesMax();
    }

    void keep(long handle, NearFile file) {
        bytes.addAndGet(file.bytesHeld);
        NearFile before = files.put(handle, file);
        if (before != null) {
            close(before);
        }
        if (closed) {
            forget(handle, file); // closeAll() may have missed it
        }
        if (tooMany()) {
            closeLongestUnused();
        }
    }

    private boolean tooMany() {
        return files.size() > filesMax() || bytes.get() > bytesMax();
    }

    private long bytesMax() {
        return FULL_CHUNKS_MAX * core.geometry().chunkBytes();
    }

    /** Which of them are used is known only about. */
    private void closeLongestUnused() {
        List<Kept> all = new ArrayList<>();
        files.forEach((handle, file) -> all.add(new Kept(handle, file, file.usedNanos)));
        all.sort(Comparator.comparingLong(Kept::usedNanos).thenComparingLong(Kept::handle));
        int part = all.size() - all.size() / PART;
        for (Kept kept : all) {
            if (files.size() <= part && !tooMany()) {
                return;
            }
            forget(kept.handle(), kept.file());
        }
    }

    /** Those that may not be read any more, and those that nobody has read for long. */
    private void closeUseless() {
        long now = core.now();
        long next = nextLookNanos.get();
        if (now < next || !nextLookNanos.compareAndSet(next, now + LOOK_NANOS)) {
            return;
        }
        files.forEach((handle, file) -> {
            if (!file.isPermitted() || now - file.usedNanos > UNUSED_NANOS) {
                forget(handle, file);
            }
        });
    }

    void forget(long handle, NearFile file) {
        if (files.remove(handle, file)) {
            close(file);
        }
    }

    private void close(NearFile file) {
        bytes.addAndGet(-file.bytesHeld);
        file.close();
    }

    void closeAll() {
        closed = true;
        files.forEach(this::forget);
    }

    private int filesMax() {
        int max = filesMax;
        if (max == 0) {
            max = Math.max(1, Math.min(core.world.disks().openFilesMax() / SHARE, FILES_MAX));
            filesMax = max;
        }
        return max;
    }
}
