package cairn.store;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the replicas of one store share: its disk, its open files, its buffers, its health. Thread-safe. */
final class Shelf {
    final Disk disk;
    final OpenFiles files;
    final Blanks blanks;
    final Buffers buffers;
    final Geometry geometry;
    final StoreOptions options;

    /** The sum of the lengths of all replicas that are here. */
    final LongAdder heldBytes = new LongAdder();

    /** Names given, and how many of them are durable. */
    private final AtomicLong named = new AtomicLong();

    private final AtomicLong namesDurable = new AtomicLong();

    /** Those that were durable when a sync failed first: of what comes behind, up to {@link #namesDoubtful}, a later success says nothing. */
    private final AtomicLong namesCertain = new AtomicLong(Long.MAX_VALUE);

    private final AtomicLong namesDoubtful = new AtomicLong();

    private volatile StoreHealth health = StoreHealth.GOOD;

    Shelf(Disk disk, Geometry geometry, StoreOptions options) {
        this.disk = disk;
        this.files = new OpenFiles(disk, options.openFilesMax());
        this.blanks = new Blanks(disk, options);
        this.buffers = new Buffers(geometry.blockBytes());
        this.geometry = geometry;
        this.options = options;
    }

    /** A branch that handles a fault is taken. */
    void met(Probe probe) {
        options.witness().met(probe);
    }

    StoreHealth health() {
        return health;
    }

    /** Notes a failure of the disk and makes it a refusal. A full disk is no failing one. */
    CairnException failure(String doing, IOException cause) {
        if (cause instanceof CairnException refusal) {
            return refusal;
        }
        if (isNoSpace(cause)) {
            met(Probe.DISK_FULL);
            return new CairnException(
                    ErrorCode.DISK_FAILED,
                    "%s: no space left on the disk (%s)".formatted(doing, cause.getMessage()),
                    cause);
        }
        return noted(doing, cause);
    }

    /** The same where no space cannot be the reason, or is no excuse: the disk is failing. */
    CairnException noted(String doing, IOException cause) {
        met(Probe.DISK_FAILED);
        String reason = "%s: the disk failed (%s)".formatted(doing, cause.getMessage());
        health = worse(reason);
        return new CairnException(ErrorCode.DISK_FAILED, reason, cause);
    }

    /** Notes a failure that is no reason to refuse anything. */
    void note(String doing, IOException cause) {
        met(Probe.DISK_TROUBLE_NOTED);
        if (!(cause instanceof CairnException) && !isNoSpace(cause)) {
            health = worse("%s: the disk failed (%s)".formatted(doing, cause.getMessage()));
        }
    }

    private StoreHealth worse(String reason) {
        return health.failing() ? health : new StoreHealth(true, reason);
    }

    private boolean isNoSpace(IOException cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space") || message.contains("quota exceeded");
    }

    /** As {@link Blocks#holds}, read once more when it does not: disks and what connects them get a read wrong at times. */
    boolean holds(DiskFile file, long offset, int bytes, int sum, ByteBuffer scratch) throws IOException {
        if (Blocks.holds(file, offset, bytes, sum, scratch)) {
            return true;
        }
        boolean atLast = Blocks.holds(file, offset, bytes, sum, scratch);
        if (atLast) {
            met(Probe.BLOCK_MISREAD);
        }
        return atLast;
    }

    void syncNames() throws IOException {
        long before = named.get();
        try {
            disk.syncDirectory(Names.CHUNKS);
        } catch (IOException e) {
            namesCertain.compareAndSet(Long.MAX_VALUE, namesDurable.get());
            namesDoubtful.accumulateAndGet(named.get(), Math::max);
            throw e;
        }
        namesDurable.accumulateAndGet(before, Math::max);
    }

    /** Makes a name durable unless it is. Fails for ever for one that was not when a sync failed. */
    void syncName(long name) throws IOException {
        if (name > namesCertain.get() && name <= namesDoubtful.get()) {
            throw new IOException(disk.describe(Names.CHUNKS) + ": a sync of its names has failed before");
        }
        if (name > namesDurable.get()) {
            syncNames();
        }
    }

    /** A name was given or taken, and is not synced: what to call {@link #syncName} with. Others who sync theirs make it durable, too. */
    long named() {
        return named.incrementAndGet();
    }

    /** All that were given. */
    void syncNamesGiven() throws IOException {
        syncName(named.get());
    }
}
