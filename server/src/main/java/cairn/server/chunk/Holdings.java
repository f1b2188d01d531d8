package cairn.server.chunk;

import cairn.chunk.ReplicaState;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.store.ChunkStore;
import cairn.store.Replica;
import cairn.store.ReplicaImport;
import cairn.store.StoreIdentity;
import cairn.store.StoreOptions;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.RegisterReply;
import cairn.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every replica of this server, over all its disks, and who the server is. Thread-safe. */
final class Holdings {
    private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);

    /** Files kept open, of all disks. */
    private static final int OPEN_FILES_MAX = 16_384;

    /** Of all that the process may have open. */
    private static final int OPEN_FILES_SHARE = 4;

    private static final Comparator<ReplicaState> BY_WORTH = Comparator.comparing(ReplicaState::established)
            .thenComparing(state -> !state.suspect())
            .thenComparingLong(ReplicaState::serial)
            .thenComparing(ReplicaState::sealed)
            .thenComparing(ReplicaState::fence);

    private final World world;
    /** A replica of a chunk that has another one here. */
    record Spare(Replica replica, HeldDisk disk) {}

    private final List<HeldDisk> disks;
    private final ConcurrentLinkedQueue<Spare> spares = new ConcurrentLinkedQueue<>();
    private final ConcurrentSkipListMap<Long, LiveReplica> live = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListSet<Long> copying = new ConcurrentSkipListSet<>();
    private final Creations creations = new Creations();
    private volatile @Nullable StoreIdentity identity;

    private Holdings(World world, List<HeldDisk> disks, @Nullable StoreIdentity identity) {
        this.world = world;
        this.disks = List.copyOf(disks);
        this.identity = identity;
        long now = world.time().nanos();
        for (HeldDisk disk : disks) {
            for (Replica replica : disk.store.replicas()) {
                take(replica, disk, now);
            }
            disk.store.quarantined().forEach(bad -> LOG.warn("{}: {}", bad.handle(), bad.reason()));
        }
    }

    /**
     * A copy may have been made on another disk while this one failed, or was being moved there: of two, the one that holds more is
     * used. What either has promised holds for both: the other may have been used last.
     */
    private void take(Replica replica, HeldDisk disk, long now) {
        LiveReplica earlier = live.get(replica.handle().value());
        Spare one = new Spare(replica, disk);
        if (earlier == null) {
            live.put(replica.handle().value(), new LiveReplica(replica, disk, now));
            return;
        }
        world.witness().met(Probe.CHUNK_ON_TWO_DISKS);
        LOG.warn("{} is on two disks; the better one is used", replica.handle());
        Spare other = new Spare(earlier.stored, earlier.disk);
        boolean better = BY_WORTH.compare(replica.state(), earlier.stored.state()) > 0;
        Spare used = better ? one : other;
        if (!promises(used.replica(), (better ? other : one).replica().state().fence())) {
            used = better ? other : one;
        }
        live.put(replica.handle().value(), new LiveReplica(used.replica(), used.disk(), now));
        spares.add(used.equals(one) ? other : one);
    }

    /** False when it cannot promise as much. */
    private static boolean promises(Replica replica, ChunkVersion fence) {
        try {
            if (replica.state().fence().compareTo(fence) < 0) {
                replica.fence(fence);
            }
            return true;
        } catch (IOException e) {
            LOG.warn("{}: what its other replica has promised cannot be noted: {}", replica.handle(), e.getMessage());
            return false;
        }
    }

    /** Replicas that are not used, as there is another one on another disk; {@link DiskBalance} sees to them. */
    ConcurrentLinkedQueue<Spare> spares() {
        return spares;
    }

    List<HeldDisk> disks() {
        return disks;
    }

    /**
     * Opens all directories.
     *
     * @throws IOException one clear line: in use, of another cell or server, of a newer format, damaged
     */
    static Holdings open(World world, ChunkServerOptions options) throws IOException {
        List<HeldDisk> disks = new ArrayList<>();
        StoreIdentity identity = null;
        StoreOptions storing = storing(world, options);
        try {
            for (String directory : options.directories()) {
                ChunkStore store = ChunkStore.open(world.disks().open(directory), storing);
                disks.add(HeldDisk.of(directory, store, world.time(), disks));
                StoreIdentity found = store.identity().orElse(null);
                if (found != null) {
                    identity = agreed(identity, found, directory);
                }
            }
            return new Holdings(world, disks, identity);
        } catch (IOException | RuntimeException e) {
            for (HeldDisk disk : disks) {
                disk.store.close();
            }
            throw e;
        }
    }

    private static StoreOptions storing(World world, ChunkServerOptions options) {
        int each = openFilesOfEach(
                world.disks().openFilesMax(), options.directories().size());
        StoreOptions asked = options.store().withWitness(world.witness()).breaking(options.broken());
        return asked.withOpenFiles(Math.min(each, asked.openFilesMax()));
    }

    /**
     * How many files each disk may keep open.
     *
     * @param granted descriptors of the process; the rest is for connections
     */
    static int openFilesOfEach(int granted, int disks) {
        return Math.max(1, Math.min(OPEN_FILES_MAX, granted / OPEN_FILES_SHARE) / disks);
    }

    private static StoreIdentity agreed(@Nullable StoreIdentity known, StoreIdentity found, String directory)
            throws CairnException {
        if (known != null
                && !(known.cell().equals(found.cell()) && known.server().equals(found.server()))) {
            throw new CairnException(
                    ErrorCode.WRONG_CELL,
                    "%s belongs to server %s of cell %s, the directory before it to %s of %s; start one server for each"
                            .formatted(directory, found.server(), found.cell(), known.server(), known.cell()));
        }
        return known == null ? found : known;
    }

    ServerId self() {
        StoreIdentity known = identity;
        return known == null ? new ServerId(0) : known.server();
    }

    /** 0 before the first registration. */
    long cellId() {
        StoreIdentity known = identity;
        return known == null ? 0 : Long.parseUnsignedLong(known.cell(), 16);
    }

    Geometry geometry() {
        StoreIdentity known = identity;
        return known == null ? Geometry.STANDARD : known.geometry();
    }

    /** Becomes the server that the master says, durably; does nothing when it is that one already. */
    void adopt(RegisterReply reply) throws IOException {
        GeometryMessage sizes = reply.getGeometry();
        String fault = Geometry.fault(sizes.getChunkBytes(), sizes.getBlockBytes());
        if (!fault.isEmpty()) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "the master says of its cell what cannot be: " + fault);
        }
        Geometry geometry = new Geometry(sizes.getChunkBytes(), sizes.getBlockBytes());
        String cell = "%016x".formatted(reply.getCellId());
        for (HeldDisk disk : disks) {
            if (disk.store.identity().isEmpty()) {
                StoreIdentity fresh = new StoreIdentity(
                        cell, new ServerId(reply.getServerId()), world.entropy().nextLong(), geometry);
                disk.store.adopt(fresh);
                identity = fresh;
            }
        }
        if (self().value() != reply.getServerId()) {
            throw new CairnException(
                    ErrorCode.WRONG_CELL,
                    "the master takes this server for %s, its disks say %s"
                            .formatted(new ServerId(reply.getServerId()), self()));
        }
    }

    @Nullable
    LiveReplica find(long handle) {
        return live.get(handle);
    }

    Collection<LiveReplica> all() {
        return live.values();
    }

    /** Up to {@code count} replicas behind handle {@code after}, in order. */
    List<LiveReplica> after(long after, int count) {
        return live.tailMap(after, false).values().stream().limit(count).toList();
    }

    /** Makes an empty replica on the disk with most space, durably, or returns the one that is there. */
    LiveReplica create(ChunkHandle handle, ChunkVersion version) throws IOException {
        creations.begin(handle.value());
        try {
            LiveReplica there = live.get(handle.value());
            if (there != null) {
                return there;
            }
            if (isCopying(handle.value())) {
                throw new CairnException(ErrorCode.CONFLICT, handle + " is being copied here");
            }
            HeldDisk disk = roomiest();
            return add(disk.store.create(handle, version), disk);
        } finally {
            creations.end(handle.value());
        }
    }

    /** Copies of a chunk are made one at a time; false when one is under way. */
    boolean beginCopy(long handle) {
        return copying.add(handle);
    }

    void endCopy(long handle) {
        copying.remove(handle);
    }

    int copyCount() {
        return copying.size();
    }

    boolean isCopying(long handle) {
        return copying.contains(handle);
    }

    /** A replica that is coming to a disk. */
    record Arriving(ReplicaImport copy, HeldDisk disk) {}

    /** The caller has said that it copies the chunk ({@link #beginCopy}). */
    Arriving importReplica(ChunkHandle handle) throws IOException {
        requireNone(handle);
        HeldDisk disk = roomiest();
        return new Arriving(disk.store.importReplica(handle), disk);
    }

    /** In this order: who creates one adds it before the creation ends, and looks for copying when it has begun. */
    private void requireNone(ChunkHandle handle) throws CairnException {
        if (creations.has(handle.value()) || live.containsKey(handle.value())) {
            throw new CairnException(ErrorCode.CONFLICT, "a replica of " + handle + " has come here meanwhile");
        }
    }

    /** A new replica on the disk of one that is here, and is not moved meanwhile. The caller has said that it copies the new one. */
    Arriving importBeside(LiveReplica source, ChunkHandle handle) throws IOException {
        HeldDisk disk = source.disk;
        if (source.stored.isGone()) {
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, source.handle() + " was dropped here");
        }
        requireNone(handle);
        return new Arriving(disk.store.importReplica(handle), disk);
    }

    LiveReplica add(Replica replica, HeldDisk disk) {
        return add(new LiveReplica(replica, disk, world.time().nanos()));
    }

    private LiveReplica add(LiveReplica fresh) {
        long handle = fresh.handle().value();
        LiveReplica there = live.putIfAbsent(handle, fresh);
        forgetGone(handle); // it may have been dropped before it was added
        return there == null ? fresh : there;
    }

    private void forgetGone(long handle) {
        LiveReplica held = live.get(handle);
        if (held != null && held.stored.isGone() && live.remove(handle, held)) {
            held.lock.lock();
            try {
                held.stepAside(Role.OUTSIDE, ErrorCode.NO_SUCH_CHUNK, held.handle() + " was dropped here");
            } finally {
                held.lock.unlock();
            }
        }
    }

    private HeldDisk roomiest() throws CairnException {
        long now = world.time().nanos();
        List<DiskChoice.Room> rooms = new ArrayList<>();
        for (HeldDisk disk : disks) {
            rooms.add(disk.room(now));
        }
        int best = DiskChoice.best(rooms, geometry().chunkBytes());
        if (best == DiskChoice.NONE) {
            world.witness().met(Probe.ALL_DISKS_FAIL);
            throw new CairnException(ErrorCode.DISK_FAILED, "every disk of this server is failing");
        }
        disks.get(best).noteBegun(now);
        return disks.get(best);
    }

    /** What becomes of the files of a replica that is forgotten. */
    private interface Removal {
        void from(ChunkStore store, ChunkHandle handle) throws IOException;
    }

    /** Forgets replicas and deletes their files, those of each disk together. What fails for one is tried for the others all the same. */
    void drop(List<Long> handles) throws IOException {
        List<LiveReplica> entered = new ArrayList<>();
        for (long handle : handles) {
            LiveReplica gone = live.remove(handle);
            if (gone != null) {
                leave(gone);
                entered.add(gone);
            }
        }
        try {
            deleteEverywhere(handles.stream().map(ChunkHandle::new).toList());
        } finally {
            entered.forEach(LiveReplica::release);
            handles.forEach(this::forgetGone);
        }
    }

    /** One may lie in quarantine, on any disk, or be about to be added. One that is being created comes all the same, and is reported. */
    private void deleteEverywhere(List<ChunkHandle> handles) throws IOException {
        IOException first = null;
        for (HeldDisk disk : disks) {
            try {
                disk.store.delete(handles);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Ends the part of a replica that is being removed, and takes the right to change it. */
    private static void leave(LiveReplica gone) {
        gone.lock.lock();
        try {
            gone.stepAside(Role.OUTSIDE, ErrorCode.NO_SUCH_CHUNK, gone.handle() + " was dropped here");
            gone.enter();
        } finally {
            gone.lock.unlock();
        }
    }

    /** Forgets a replica that is not to be trusted; its files are kept until there is a good one. */
    void quarantine(long handle, String reason) throws IOException {
        remove(handle, (store, chunk) -> store.quarantine(chunk, reason));
    }

    /**
     * Takes back what was put aside of a chunk, if it proves to be well; null when it does not, there is nothing, or another replica
     * is here or coming. It serves when the master has seen it.
     */
    @Nullable
    LiveReplica lookAgain(ChunkHandle handle) {
        creations.begin(handle.value());
        try {
            return live.containsKey(handle.value()) || isCopying(handle.value()) ? null : lookAgainAlone(handle);
        } finally {
            creations.end(handle.value());
        }
    }

    private @Nullable LiveReplica lookAgainAlone(ChunkHandle handle) {
        for (HeldDisk disk : disks) {
            try {
                Replica taken = disk.store.lookAgain(handle).orElse(null);
                if (taken != null) {
                    LOG.info("{}: what was put aside in {} is well and taken back", handle, disk.directory);
                    return add(LiveReplica.takenBack(taken, disk, world.time().nanos()));
                }
            } catch (IOException e) {
                LOG.warn("{}: what was put aside in {} is still bad: {}", handle, disk.directory, e.getMessage());
            }
        }
        return null;
    }

    /** A good replica is here again: what was put aside of it can go. */
    void discardQuarantined(ChunkHandle handle) {
        for (HeldDisk disk : disks) {
            try {
                disk.store.discardQuarantined(handle);
            } catch (IOException e) {
                LOG.warn("{}: {}", disk.directory, e.getMessage());
            }
        }
    }

    private void remove(long handle, Removal removal) throws IOException {
        LiveReplica gone = live.remove(handle);
        if (gone == null) {
            remove(new ChunkHandle(handle), removal); // it may lie in quarantine, or be about to be added
            forgetGone(handle);
            return;
        }
        leave(gone);
        try {
            remove(gone.handle(), removal);
        } finally {
            gone.release();
        }
    }

    private void remove(ChunkHandle handle, Removal removal) throws IOException {
        for (HeldDisk disk : disks) {
            removal.from(disk.store, handle);
        }
    }

    /** Chunks of which there is nothing here but what was put aside. */
    List<Long> quarantined() {
        List<Long> found = new ArrayList<>();
        for (HeldDisk disk : disks) {
            for (var bad : disk.store.quarantined()) {
                if (!live.containsKey(bad.handle().value())) {
                    found.add(bad.handle().value());
                }
            }
        }
        return found;
    }

    /** Replicas on disks that fail: they may still be read, and cannot be counted on. */
    List<LiveReplica> onFailingDisks() {
        List<LiveReplica> found = new ArrayList<>();
        for (HeldDisk disk : disks) {
            if (disk.store.health().failing()) {
                for (Replica replica : disk.store.replicas()) {
                    LiveReplica there = live.get(replica.handle().value());
                    if (there != null && there.stored.equals(replica)) {
                        found.add(there);
                    }
                }
            }
        }
        return found;
    }

    /** Syncs every replica that has been dirty for {@code withinNanos}. */
    void syncOld(long withinNanos) {
        long now = world.time().nanos();
        for (HeldDisk disk : disks) {
            for (var dirty : disk.store.dirty(now)) {
                if (now - dirty.sinceNanos() >= withinNanos) {
                    try {
                        dirty.replica().sync();
                    } catch (IOException e) {
                        world.witness().met(Probe.REPLICA_NOT_SYNCED);
                        LOG.error("cannot sync {} in {}: {}", dirty.replica().handle(), disk.directory, e.toString());
                    }
                }
            }
        }
    }

    int filesInUse() {
        return disks.stream().mapToInt(disk -> disk.store.filesInUse()).sum();
    }

    long usedBytes() {
        return disks.stream().mapToLong(disk -> disk.store.usedBytes()).sum();
    }

    /** The handle that the scrubber had come to when it noted that last; 0 when nothing is known. */
    long scrubbedTo() {
        for (HeldDisk disk : disks) {
            long noted = disk.store.scrubbedTo();
            if (noted != 0) {
                return noted;
            }
        }
        return 0;
    }

    /** On every disk: some of them may be other ones at the next start. */
    void noteScrubbed(long handle) {
        for (HeldDisk disk : disks) {
            try {
                disk.store.noteScrubbed(handle);
            } catch (IOException e) {
                LOG.warn("{}: {}", disk.directory, e.getMessage());
            }
        }
    }

    List<DiskReport> diskReports() {
        List<DiskReport> reports = new ArrayList<>();
        for (HeldDisk disk : disks) {
            reports.add(report(disk));
        }
        return reports;
    }

    private static DiskReport report(HeldDisk disk) {
        DiskReport.Builder report =
                DiskReport.newBuilder().setPath(disk.directory).setFileSystem(disk.store.fileSystem());
        ChunkStore store = disk.store;
        try {
            store.checkDirectory();
            report.setTotalBytes(store.totalBytes())
                    .setUsableBytes(Math.max(0, store.usableBytes()))
                    .setUsedBytes(store.usedBytes())
                    .setChunks(store.replicas().size());
        } catch (IOException e) {
            return report.setState("failing")
                    .setDetail(String.valueOf(e.getMessage()))
                    .build();
        }
        if (store.health().failing()) {
            return report.setState("failing").setDetail(store.health().reason()).build();
        }
        return report.setState(report.getUsableBytes() > 0 ? "ok" : "full").build();
    }

    void close() throws IOException {
        for (HeldDisk disk : disks) {
            disk.store.close();
        }
    }
}
