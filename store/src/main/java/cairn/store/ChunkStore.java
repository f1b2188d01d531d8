package cairn.store;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.Invariant;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.world.Disk;
import cairn.world.SharedWords;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one directory: one raw data file and one journal for each (docs/formats/chunk-store.md).
 *
 * <p>Thread-safe. A directory belongs to one server of one cell, and to one process at a time. No replica can take down
 * the store: what is damaged is quarantined at the start; a disk that fails is reported by {@link #health}.
 */
public final class ChunkStore implements Closeable {
    private static final long RESERVE_BYTES_MAX = 1L << 30;
    private static final int RESERVE_SHARE = 50; // 2% of the disk

    private final Disk disk;
    private final StoreOptions options;
    private final Closeable directoryLock;
    private final DirtyWatch watch = new DirtyWatch();
    private final ConcurrentSkipListMap<Long, Replica> replicas = new ConcurrentSkipListMap<>(Long::compareUnsigned);
    private final ConcurrentSkipListMap<Long, QuarantinedReplica> quarantined =
            new ConcurrentSkipListMap<>(Long::compareUnsigned);
    private final ConcurrentSkipListMap<Long, ReplicaImport> imports = new ConcurrentSkipListMap<>();

    /** Chunks whose replica is being created here; under {@link #naming}. */
    private final Set<Long> creations = new TreeSet<>();

    /** Held over everything that adds or removes a replica. */
    private final ReentrantLock naming = new ReentrantLock();

    /** A creation has ended. */
    private final Condition creationEnded = naming.newCondition();

    private volatile Optional<StoreIdentity> identity = Optional.empty();
    private volatile Shelf shelf;
    private boolean closed;

    private ChunkStore(Disk disk, StoreOptions options, Closeable directoryLock) {
        this.disk = disk;
        this.options = options;
        this.directoryLock = directoryLock;
        this.shelf = new Shelf(disk, Geometry.STANDARD, options);
    }

    /**
     * Locks the directory, checks whose it is, loads every replica and mends what a crash left behind.
     *
     * @throws IOException in one line that names the directory and says what to do: another cell's, in use, of a newer
     *     format, damaged identity, foreign files
     */
    public static ChunkStore open(Disk disk, StoreOptions options) throws IOException {
        IdentityFile.read(disk); // before anything is created in a directory that is not ours
        Closeable lock = locked(disk);
        try {
            ChunkStore store = new ChunkStore(disk, options, lock);
            Optional<StoreIdentity> identity = IdentityFile.read(disk);
            if (identity.isPresent()) {
                store.checkCell(identity.get());
                store.load(identity.get());
            }
            return store;
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static Closeable locked(Disk disk) throws IOException {
        try {
            return disk.lock(Names.LOCK);
        } catch (IOException e) {
            throw new IOException(
                    "%s is in use by another process (%s); stop that one or give another directory"
                            .formatted(disk.describe(""), e.getMessage()),
                    e);
        }
    }

    private void checkCell(StoreIdentity found) throws IOException {
        if (options.expectedCell().isPresent() && !options.expectedCell().get().equals(found.cell())) {
            throw new IOException("%s belongs to cell %s, not to %s; give this server a directory of its own"
                    .formatted(
                            disk.describe(""),
                            found.cell(),
                            options.expectedCell().get()));
        }
    }

    private void load(StoreIdentity found) throws IOException {
        boolean clean = disk.exists(Names.CLEAN);
        if (clean) {
            disk.delete(Names.CLEAN);
            disk.syncDirectory("");
        }
        if (!clean || !disk.exists(Names.CHUNKS)) {
            claim(found); // a sync of the directory may have failed before, and would not say so again
        }
        shelf = new Shelf(disk, found.geometry(), options);
        identity = Optional.of(found);
        boolean powerLost = !BootFile.isOfThisBoot(disk);
        if (powerLost && !clean) {
            shelf.met(Probe.BOOT_CHANGED);
        }
        ReplicaLoader loader = new ReplicaLoader(shelf, clean, powerLost && options.keeps(Rule.SUSPECT));
        new StoreScan(shelf, loader, watch, replicas, quarantined).run();
        BootFile.write(disk); // only now: what the scan found is durable
    }

    /**
     * Durable on return. In this order: who removes the directory meanwhile leaves no place for replicas without the file
     * that says whose they are.
     */
    private void claim(StoreIdentity owner) throws IOException {
        disk.makeDirectories(Names.CHUNKS);
        IdentityFile.write(disk, owner);
    }

    /** To whom the directory belongs; empty until it is adopted. */
    public Optional<StoreIdentity> identity() {
        return identity;
    }

    /** Makes a fresh directory this server's. Durable on return; refused when it has an owner. */
    public void adopt(StoreIdentity owner) throws IOException {
        naming.lock();
        try {
            if (identity.isPresent()) {
                throw new CairnException(
                        ErrorCode.WRONG_CELL,
                        "%s belongs to server %s of cell %s already"
                                .formatted(
                                        disk.describe(""),
                                        identity.get().server(),
                                        identity.get().cell()));
            }
            checkCell(owner);
            Invariant.check(owner.cell().matches("[!-~]+"), "a cell id is printable: %s", owner.cell());
            claim(owner);
            try {
                load(owner);
            } catch (IOException e) {
                identity = Optional.empty(); // half adopted is not adopted: the next registration does it anew
                throw e;
            }
        } finally {
            naming.unlock();
        }
    }

    /** Every replica that can be served or repaired, by handle. */
    public List<Replica> replicas() {
        return new ArrayList<>(replicas.values());
    }

    public Optional<Replica> find(ChunkHandle handle) {
        return Optional.ofNullable(replicas.get(handle.value()));
    }

    /** Replicas put aside because their journal is damaged or cannot be read, by handle. */
    public List<QuarantinedReplica> quarantined() {
        return new ArrayList<>(quarantined.values());
    }

    /**
     * A new, empty replica, fenced and established at {@code version}. Durable on return.
     *
     * @throws CairnException EXISTS, also when it is being created; NO_SPACE when the disk is down to the reserve; DISK_FAILED
     */
    public Replica create(ChunkHandle handle, ChunkVersion version) throws IOException {
        Creation creation = beginCreation(handle);
        Replica replica = null;
        try {
            Content content = new Content(shelf.geometry);
            content.fence = version.value();
            content.established = version.value();
            long journalBytes = creation.run(content);
            ReplicaLoader.Loaded fresh = ReplicaLoader.Loaded.durable(content, journalBytes);
            replica = new Replica(shelf, handle, fresh, shelf.named(), watch);
            return replica;
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot create".formatted(handle), e);
        } finally {
            endCreation(handle, replica);
        }
    }

    private Creation beginCreation(ChunkHandle handle) throws IOException {
        naming.lock();
        try {
            checkFree(handle);
            Creation creation = new Creation(shelf, handle, quarantined.containsKey(handle.value()));
            creation.checkNames();
            creations.add(handle.value());
            return creation;
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot create".formatted(handle), e);
        } finally {
            naming.unlock();
        }
    }

    private void endCreation(ChunkHandle handle, @Nullable Replica replica) {
        naming.lock();
        try {
            creations.remove(handle.value());
            if (replica != null) {
                replicas.put(handle.value(), replica);
            }
            creationEnded.signalAll();
        } finally {
            naming.unlock();
        }
    }

    private boolean isComing(long handle) {
        return imports.containsKey(handle) || creations.contains(handle);
    }

    private void checkFree(ChunkHandle handle) throws IOException {
        if (closed) {
            throw new CairnException(ErrorCode.NOT_SERVING, disk.describe("") + " is closed");
        }
        if (identity.isEmpty()) {
            throw new CairnException(ErrorCode.NOT_SERVING, disk.describe("") + " has not been adopted by a cell yet");
        }
        if (replicas.containsKey(handle.value()) || isComing(handle.value())) {
            throw new CairnException(
                    ErrorCode.EXISTS, "chunk %s: %s holds it already".formatted(handle, disk.describe("")));
        }
        if (usableBytes() <= 0) {
            shelf.met(Probe.NO_SPACE_FOR_REPLICA);
            throw new CairnException(
                    ErrorCode.NO_SPACE,
                    "chunk %s: no space in %s: %d bytes usable of %d, %d of them reserved"
                            .formatted(
                                    handle, disk.describe(""), disk.usableBytes(), disk.totalBytes(), reserveBytes()));
        }
    }

    /**
     * Starts a hidden replica to be filled from elsewhere; {@link ReplicaImport#finish} makes it visible. Refusals as
     * of
     * {@link #create}.
     */
    public ReplicaImport importReplica(ChunkHandle handle) throws IOException {
        naming.lock();
        try {
            checkFree(handle);
            String name = Names.of(handle, Names.IMPORT_DATA);
            disk.delete(name);
            ReplicaImport started = new ReplicaImport(shelf, this, handle, disk.create(name));
            imports.put(handle.value(), started);
            return started;
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot import".formatted(handle), e);
        } finally {
            naming.unlock();
        }
    }

    Replica imported(ChunkHandle handle, ReplicaLoader.Loaded loaded) {
        naming.lock();
        try {
            shelf.files.drop(Names.of(handle, Names.DATA)); // of an earlier life, opened by who came too late for it
            shelf.files.drop(Names.of(handle, Names.JOURNAL));
            Replica replica = new Replica(shelf, handle, loaded, 0, watch);
            replicas.put(handle.value(), replica);
            imports.remove(handle.value());
            return replica;
        } finally {
            naming.unlock();
        }
    }

    void importEnded(ChunkHandle handle) {
        naming.lock();
        try {
            imports.remove(handle.value());
            disk.delete(Names.of(handle, Names.IMPORT_JOURNAL));
            disk.delete(Names.of(handle, Names.IMPORT_DATA));
        } catch (IOException e) {
            shelf.note("chunk %s: cannot remove its import".formatted(handle), e);
        } finally {
            naming.unlock();
        }
    }

    /** {@link #delete(List)} of one. */
    public void delete(ChunkHandle handle) throws IOException {
        delete(List.of(handle));
    }

    /**
     * Forgets the replicas, and their quarantined files; nothing happens to what there is none of. Durable on return; a crash
     * leaves all of a replica or nothing. Waits for changes under way. What fails for one is tried for the others all the same.
     */
    public void delete(List<ChunkHandle> handles) throws IOException {
        Deletion deletion;
        naming.lock();
        try {
            deletion = new Deletion(shelf, replicas, quarantined, this::isComing);
            deletion.run(handles);
        } finally {
            naming.unlock();
        }
        deletion.end();
    }

    /**
     * Puts a replica aside that is not to be trusted any more, and forgets it: its files are kept for people, under other
     * names, until {@link #delete} or {@link #discardQuarantined}, or until the next one of the chunk is put aside. Forgotten
     * in any case; on a failure the files may have kept their names.
     */
    public void quarantine(ChunkHandle handle, String reason) throws IOException {
        naming.lock();
        try {
            Replica replica = replicas.remove(handle.value());
            if (replica == null) {
                return;
            }
            replica.retire();
            shelf.met(Probe.REPLICA_PUT_ASIDE);
            quarantined.put(handle.value(), new QuarantinedReplica(handle, reason));
            shelf.files.drop(Names.of(handle, Names.JOURNAL));
            shelf.files.drop(Names.of(handle, Names.DATA));
            new Aside(shelf).put(handle);
            shelf.syncNames();
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot put aside".formatted(handle), e);
        } finally {
            naming.unlock();
        }
    }

    /**
     * Looks again at what was put aside, and takes it back if every block of it is well; nobody else uses the disk's names
     * meanwhile. Throws what is wrong with it otherwise, and leaves it as it is; empty when there is nothing. What is taken
     * back is durable, and may be of an older version than its chunk: only the master knows.
     */
    public Optional<Replica> lookAgain(ChunkHandle handle) throws IOException {
        naming.lock();
        try {
            boolean free = !closed && !replicas.containsKey(handle.value()) && !isComing(handle.value());
            if (!free || !quarantined.containsKey(handle.value())) {
                return Optional.empty();
            }
            SecondLook look = new SecondLook(shelf, handle);
            if (look.isGone()) {
                new Aside(shelf).discard(handle); // data whose journal was lost
                quarantined.remove(handle.value());
                return Optional.empty();
            }
            Replica replica = new Replica(shelf, handle, look.take(), 0, watch);
            shelf.met(Probe.REPLICA_TAKEN_BACK);
            quarantined.remove(handle.value());
            replicas.put(handle.value(), replica);
            return Optional.of(replica);
        } finally {
            naming.unlock();
        }
    }

    /** Deletes what was put aside of a chunk that has a proven replica here again. */
    public void discardQuarantined(ChunkHandle handle) throws IOException {
        if (!quarantined.containsKey(handle.value())) {
            return; // nearly always: nobody waits for the names then
        }
        naming.lock();
        try {
            if (quarantined.containsKey(handle.value())) {
                new Aside(shelf).discard(handle);
                quarantined.remove(handle.value()); // only now: who makes new files of the chunk looks at it
            }
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot delete what was put aside".formatted(handle), e);
        } finally {
            naming.unlock();
        }
    }

    /** Bytes that chunks may still take, the reserve not counted; not below 0. */
    public long usableBytes() throws IOException {
        return Math.max(0, disk.usableBytes() - reserveBytes());
    }

    private long reserveBytes() throws IOException {
        long wanted = options.reserveBytes();
        return wanted >= 0 ? wanted : Math.min(RESERVE_BYTES_MAX, disk.totalBytes() / RESERVE_SHARE);
    }

    public long totalBytes() throws IOException {
        return disk.totalBytes();
    }

    /** Words that readers on this host look at, in place of those of an earlier process. */
    public SharedWords shareWords(int count) throws IOException {
        if (identity.isEmpty()) {
            throw new CairnException(ErrorCode.NOT_SERVING, disk.describe("") + " has not been adopted by a cell yet");
        }
        return disk.share(Names.PERMITS, count);
    }

    /** Where others find them. */
    public String sharedWordsPath() {
        return disk.describe(Names.PERMITS);
    }

    /** As {@link Disk#fileSystem}. */
    public String fileSystem() {
        return disk.fileSystem();
    }

    /** Bytes of chunks held: the sum of all lengths. */
    public long usedBytes() {
        return shelf.heldBytes.sum();
    }

    /** The handle that was noted last with {@link #noteScrubbed}; 0 when that was lost, which does no harm. */
    public long scrubbedTo() {
        return ScrubFile.read(disk);
    }

    /** Notes how far the scrubber has come, for the next start. Not durable. */
    public void noteScrubbed(long handle) throws IOException {
        try {
            if (disk.exists(Names.IDENTITY)) {
                ScrubFile.write(disk, handle);
            }
        } catch (IOException e) {
            throw shelf.failure("cannot note how far scrubbing has come", e);
        }
    }

    /** Finds out that the directory was removed under this server: the disk counts as failing then. */
    public void checkDirectory() throws IOException {
        for (String name : List.of(Names.IDENTITY, Names.CHUNKS)) {
            if (identity.isPresent() && !disk.exists(name)) {
                shelf.note("the directory was removed under this server", new NoSuchFileException(disk.describe(name)));
            }
        }
    }

    /** Files that are being read or written now. */
    public int filesInUse() {
        return shelf.files.leases();
    }

    public StoreHealth health() {
        return shelf.health();
    }

    /**
     * Replicas whose last changes a power loss would take, longest waiting first. Call it regularly, with a clock that
     * never goes back: the wait is measured between these calls.
     */
    public List<DirtyReplica> dirty(long nowNanos) {
        return watch.dirty(nowNanos);
    }

    /**
     * Syncs everything and leaves the mark of a clean stop, so that the next start proves nothing. Waits for creations under
     * way; the caller has ended all other calls. After a failure everything is as after a crash.
     */
    @Override
    public void close() throws IOException {
        naming.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            while (!creations.isEmpty()) {
                creationEnded.awaitUninterruptibly();
            }
        } finally {
            naming.unlock();
        }
        try {
            if (identity.isPresent()) {
                syncAll();
            }
        } finally {
            shelf.files.closeAll();
            directoryLock.close();
        }
    }

    private void syncAll() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (Replica replica : replicas.values()) {
            try {
                replica.syncWhole();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        try {
            shelf.syncNamesGiven();
        } catch (IOException e) {
            throw shelf.noted("cannot sync the names of all chunks", e);
        }
        if (!shelf.health().failing() && disk.exists(Names.IDENTITY)) {
            disk.create(Names.CLEAN).close();
            disk.syncDirectory("");
        }
    }
}
