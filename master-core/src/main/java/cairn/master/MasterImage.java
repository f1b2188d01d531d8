package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.Geometry;
import cairn.model.Invariant;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that survives a restart, and the one way to change it: {@link #apply}, run live, at a restart, on a shadow
 * master and when a checkpoint is made. Not thread-safe.
 */
public final class MasterImage {

    /** Answers kept for repeated requests: at 10,000 mutations a second, ten seconds of them. */
    static final int REMEMBERED_REQUESTS_MAX = 100_000;

    /** Of a limit: nobody has set it. */
    static final long AS_BUILT_IN = 0;

    private final CountedNamespace names;
    private final TrashTable trash = new TrashTable();
    private final NavigableMap<FileId, DirectoryRules> rules = new TreeMap<>();
    private final NavigableSet<FileId> veiled = new TreeSet<>();
    private final ChunkTable<Chunk> chunks = new ChunkTable<>();
    private final SharedChunks shared = new SharedChunks();
    private final NavigableMap<ServerId, KnownServer> servers = new TreeMap<>();
    private final EnumMap<CellLimit, Long> limits = new EnumMap<>(CellLimit.class);
    private final SequencedMap<RequestKey, Outcome> requests = new LinkedHashMap<>();

    /** While a checkpoint is loaded: chunks that came before those in front of them. Forks have later handles than their neighbours. */
    private final NavigableMap<FileId, NavigableMap<Integer, ChunkHandle>> early = new TreeMap<>();

    private long cellId;
    private Geometry geometry = Geometry.STANDARD;
    private long nextFileId = Inode.FIRST_FREE_ID;
    private long nextHandle = 1;
    private long nextServerId = 1;
    private long openChunks;

    public MasterImage(Namespace empty) {
        this.names = new CountedNamespace(empty);
    }

    public MasterImage() {
        this(new HeapNamespace());
    }

    /** Changes and decides nothing: the record is a past fact. */
    public void apply(MasterRecord record) {
        names.counting(true);
        Invariant.check(early.isEmpty(), "files of the checkpoint have holes: %s", early);
        switch (record) {
            case MasterRecord.CellCreated created -> create(created);
            case MasterRecord.InodeMade(var inode) -> make(inode);
            case MasterRecord.EntryMoved(var id, var parent, var name, var millis) -> move(id, parent, name, millis);
            case MasterRecord.EntryTrashed(var entry, var name) -> trash(entry, name);
            case MasterRecord.DirectoryRuled(var id, var ruled) -> rule(id, ruled);
            case MasterRecord.AttributesSet(var id, var attributes) ->
                names.update(inode(id).with(attributes));
            case MasterRecord.InodeErased(var id) -> erase(id);
            case MasterRecord.RequestRemembered(var key, var outcome) -> remember(key, outcome);
            case MasterRecord.ChunkAdded added -> addChunk(added);
            case MasterRecord.VersionStarted started -> startVersion(started);
            case MasterRecord.ChunkSealed(var chunk, var version, var length, var millis) ->
                seal(chunk, version, length, millis);
            case MasterRecord.ChunksCut(var file, var keep, var millis) -> cut(file, keep, millis);
            case MasterRecord.VeilSet(var file, var on) -> veil(file, on);
            case MasterRecord.TreeCloned cloned -> cloneTree(cloned);
            case MasterRecord.HandleTaken(var handle) -> take(handle);
            case MasterRecord.ChunkForked(var chunk, var fork, var keeper) -> fork(chunk, fork, keeper);
            case MasterRecord.ServerKnown(var server) -> know(server);
            case MasterRecord.LimitSet(var limit, var value) -> limit(limit, value);
            case MasterRecord.ServerForgotten(var server) -> forget(server);
        }
    }

    /** 0 while there is no cell. */
    public long cellId() {
        return cellId;
    }

    public Geometry geometry() {
        return geometry;
    }

    public Namespace names() {
        return names;
    }

    /** Of a directory all that is in it, at any depth; of a file itself. */
    public TreeUse use(Inode inode) {
        return names.use(inode);
    }

    /** The same of a directory. */
    TreeUse useOf(FileId directory) {
        return names.useOf(directory);
    }

    /** The directory whose use and quota hold for this one too; {@link Inode#NOWHERE} above the root and the trash. */
    FileId above(FileId directory) {
        return names.above(directory);
    }

    TrashTable trash() {
        return trash;
    }

    /** What was laid down for this very directory. */
    public DirectoryRules rules(FileId directory) {
        return rules.getOrDefault(directory, DirectoryRules.NONE);
    }

    /** The directories with rules and ids behind {@code after}, by rising id. */
    NavigableMap<FileId, DirectoryRules> rulesAfter(FileId after) {
        return Collections.unmodifiableNavigableMap(rules.tailMap(after, false));
    }

    /** Files of which nobody is told how they were cut: servers may still serve what was. */
    NavigableSet<FileId> veiled() {
        return Collections.unmodifiableNavigableSet(veiled);
    }

    public long nextFileId() {
        return nextFileId;
    }

    public long nextHandle() {
        return nextHandle;
    }

    public long nextServerId() {
        return nextServerId;
    }

    public @Nullable Chunk chunk(ChunkHandle handle) {
        return chunks.get(handle);
    }

    /** The chunks with handles behind {@code after}, by rising handle. */
    public Iterable<Chunk> chunksAfter(ChunkHandle after) {
        return chunks.after(after);
    }

    public long chunkCount() {
        return chunks.size();
    }

    public long openChunkCount() {
        return openChunks;
    }

    /** Whether several files hold the chunk: it must not be changed. */
    public boolean isShared(ChunkHandle handle) {
        return shared.isShared(handle);
    }

    /** Whether the file holds the chunk, alone or with others. */
    public boolean holds(FileId file, Chunk chunk) {
        return chunk.file().equals(file) || shared.isSharer(chunk.handle(), file);
    }

    /** Every file that holds the chunk. */
    public List<FileId> filesOf(Chunk chunk) {
        List<FileId> files = new ArrayList<>();
        files.add(chunk.file());
        for (long file : shared.sharers(chunk.handle())) {
            files.add(new FileId(file));
        }
        return files;
    }

    /** The first chunk of its line: itself unless it is a fork. */
    public ChunkHandle originOf(ChunkHandle handle) {
        return shared.origin(handle);
    }

    public Collection<KnownServer> servers() {
        return Collections.unmodifiableCollection(servers.values());
    }

    public @Nullable KnownServer server(ServerId id) {
        return servers.get(id);
    }

    /** What an operator set; {@link #AS_BUILT_IN} when nothing was. */
    long limit(CellLimit limit) {
        return limits.getOrDefault(limit, AS_BUILT_IN);
    }

    public @Nullable Outcome remembered(RequestKey key) {
        return requests.get(key);
    }

    SequencedMap<RequestKey, Outcome> requests() {
        return Collections.unmodifiableSequencedMap(requests);
    }

    /** An entry that is known to be there. */
    Inode inode(FileId id) {
        Inode inode = names.find(id);
        if (inode == null) {
            throw Invariant.unreachable("%s is unknown", id);
        }
        return inode;
    }

    private void create(MasterRecord.CellCreated created) {
        Invariant.check(cellId == 0, "the cell is created twice");
        cellId = created.cellId();
        geometry = created.geometry();
        Attributes attributes = new Attributes("cairn", "cairn", 0777, created.rootGoal(), created.millis(), false);
        names.add(new Inode(Inode.ROOT, Inode.NOWHERE, "", true, attributes));
        names.add(new Inode(Inode.TRASH, Inode.ROOT, Inode.TRASH_NAME, true, attributes));
        names.add(new Inode(Inode.PURGE, Inode.NOWHERE, "", true, attributes));
    }

    private void make(Inode inode) {
        Invariant.check(inode.id().value() == nextFileId, "%s is not the next file", inode.id());
        nextFileId++;
        names.add(inode);
        touch(inode.parent(), inode.attributes().modifiedMillis());
    }

    private void move(FileId id, FileId parent, String name, long millis) {
        FileId former = inode(id).parent();
        if (former.equals(Inode.TRASH)) {
            trash.remove(id);
        }
        names.move(id, parent, name);
        touch(former, millis);
        touch(parent, millis);
    }

    private void trash(Trashed entry, String name) {
        Invariant.check(entry.number() == trash.lastNumber() + 1, "%s is not the next in the trash", entry);
        move(entry.id(), Inode.TRASH, name, entry.deletedMillis());
        trash.put(entry);
    }

    private void rule(FileId directory, DirectoryRules ruled) {
        Invariant.check(inode(directory).directory() && ruled.isValid(), "%s of %s", ruled, directory);
        if (ruled.isNone()) {
            rules.remove(directory);
        } else {
            rules.put(directory, ruled);
        }
    }

    private void erase(FileId id) {
        names.erase(id);
        rules.remove(id);
        veiled.remove(id);
    }

    private void veil(FileId file, boolean on) {
        if (on) {
            veiled.add(inode(file).id());
        } else {
            veiled.remove(file);
        }
    }

    private void touch(FileId id, long millis) {
        Inode inode = inode(id);
        names.update(inode.with(inode.attributes().touched(millis)));
    }

    private void remember(RequestKey key, Outcome outcome) {
        requests.put(key, outcome);
        if (requests.size() > REMEMBERED_REQUESTS_MAX) {
            requests.pollFirstEntry();
        }
    }

    private void addChunk(MasterRecord.ChunkAdded added) {
        take(added.chunk());
        int index = names.chunkCount(added.file());
        ChunkVersion first = new ChunkVersion(1);
        put(new Chunk(added.chunk(), added.file(), index, first, false, 0, added.members(), List.of()));
        names.addChunk(added.file(), added.chunk());
        touch(added.file(), added.millis());
    }

    private void startVersion(MasterRecord.VersionStarted started) {
        Chunk chunk = known(started.chunk());
        Invariant.check(
                chunk.nextVersion().equals(started.version()),
                "%s jumps from %s to %s",
                chunk.handle(),
                chunk.version(),
                started.version());
        if (chunk.sealed() && !isShared(chunk.handle())) {
            touch(chunk.file(), started.millis());
        }
        put(chunk.started(started.version(), started.members(), started.complete()));
    }

    private void seal(ChunkHandle handle, ChunkVersion version, long length, long millis) {
        Chunk chunk = known(handle);
        Invariant.check(!chunk.sealed() && chunk.version().equals(version), "%s is sealed under %s", chunk, version);
        put(chunk.sealedAt(length));
        for (FileId file : filesOf(chunk)) {
            names.addBytes(file, length - chunk.length());
        }
        if (!isShared(handle) && !inode(chunk.file()).attributes().modifiedPinned()) {
            touch(chunk.file(), millis);
        }
    }

    private void cut(FileId file, int keep, long millis) {
        for (ChunkHandle handle : names.cutChunks(file, keep)) {
            Chunk chunk = known(handle);
            names.addBytes(file, -chunk.length());
            leave(file, chunk);
        }
        touch(file, millis);
    }

    /** The file holds the chunk no more; whoever shares it goes on holding it. */
    private void leave(FileId file, Chunk chunk) {
        if (!chunk.file().equals(file)) {
            shared.remove(chunk.handle(), file);
            return;
        }
        FileId next = shared.promote(chunk.handle());
        if (next != null) {
            put(chunk.in(next));
        } else {
            openChunks -= chunk.sealed() ? 0 : 1;
            chunks.remove(chunk.handle());
            shared.forget(chunk.handle());
        }
    }

    private void cloneTree(MasterRecord.TreeCloned cloned) {
        Invariant.check(cloned.first().value() == nextFileId, "%s is not the next file", cloned.first());
        new TreeClone(names, shared, cloned).run(inode(cloned.source()), chunks::get);
        nextFileId += cloned.entries();
        touch(cloned.parent(), cloned.millis());
    }

    private void take(ChunkHandle handle) {
        Invariant.check(handle.value() == nextHandle, "%s is not the next chunk", handle);
        nextHandle++;
    }

    private void fork(ChunkHandle handle, ChunkHandle fork, FileId keeper) {
        Chunk chunk = known(handle);
        Invariant.check(
                chunk.sealed() && holds(keeper, chunk) && !chunks.contains(fork),
                "%s is forked from %s for %s",
                fork,
                chunk,
                keeper);
        List<FileId> others = new ArrayList<>(filesOf(chunk));
        others.remove(keeper);
        others.forEach(file -> {
            leave(file, known(handle));
            names.putChunk(file, chunk.index(), fork);
        });
        put(chunk.forked(fork, others.getFirst()));
        others.stream().skip(1).forEach(file -> shared.add(fork, file));
        shared.fork(handle, fork);
    }

    private void know(KnownServer server) {
        servers.put(server.id(), server);
        nextServerId = Math.max(nextServerId, server.id().value() + 1);
    }

    private void limit(CellLimit limit, long value) {
        Invariant.check(value == AS_BUILT_IN || limit.allows(value), "%s is set to %d", limit, value);
        if (value == AS_BUILT_IN) {
            limits.remove(limit);
        } else {
            limits.put(limit, value);
        }
    }

    private void forget(ServerId id) {
        KnownServer former = servers.remove(id);
        Invariant.check(former != null, "%s is forgotten and was not known", id);
    }

    private Chunk known(ChunkHandle handle) {
        Chunk chunk = chunks.get(handle);
        if (chunk == null) {
            throw Invariant.unreachable("chunk %s is unknown", handle);
        }
        return chunk;
    }

    private void put(Chunk chunk) {
        Chunk former = chunks.put(chunk.handle(), chunk);
        openChunks += (chunk.sealed() ? 0 : 1) - (former == null || former.sealed() ? 0 : 1);
    }

    // ---- what a checkpoint loads; the order is that of ImageCodec

    void loadHeader(long cell, Geometry sizes, long fileId, long handle, long serverId) {
        Invariant.check(cellId == 0, "a checkpoint is loaded into a used image");
        names.counting(false);
        cellId = cell;
        geometry = sizes;
        nextFileId = fileId;
        nextHandle = handle;
        nextServerId = serverId;
    }

    void loadLimit(MasterRecord.LimitSet set) {
        limit(set.limit(), set.value());
    }

    void loadServer(KnownServer server) {
        servers.put(server.id(), server);
    }

    void loadInode(Inode inode) {
        names.add(inode);
    }

    void loadDirectory(FileId id, TreeUse use, DirectoryRules ruled) {
        names.loadUse(id, use);
        rule(id, ruled);
    }

    void loadVeil(MasterRecord.VeilSet set) {
        veil(set.file(), set.veiled());
    }

    void loadTrashed(Trashed entry) {
        Invariant.check(inode(entry.id()).parent().equals(Inode.TRASH), "%s is not in the trash", entry);
        trash.put(entry);
    }

    /** @param sharers files that hold it besides its own, by rising id */
    void loadChunk(Chunk chunk, long[] sharers, long origin) {
        put(chunk);
        shared.load(chunk.handle(), sharers, origin);
        for (FileId file : filesOf(chunk)) {
            loadChunk(file, chunk.index(), chunk.handle());
            names.addBytes(file, chunk.length());
        }
    }

    private void loadChunk(FileId file, int index, ChunkHandle handle) {
        NavigableMap<Integer, ChunkHandle> waiting = early.computeIfAbsent(file, id -> new TreeMap<>());
        ChunkHandle other = index < names.chunkCount(file) ? handle : waiting.put(index, handle);
        Invariant.check(other == null, "chunk %d of %s is there twice", index, file);
        while (!waiting.isEmpty() && waiting.firstKey() == names.chunkCount(file)) {
            names.addChunk(file, waiting.pollFirstEntry().getValue());
        }
        if (waiting.isEmpty()) {
            early.remove(file);
        }
    }

    long[] sharersOf(ChunkHandle handle) {
        return shared.sharers(handle);
    }

    void loadRequest(RequestKey key, Outcome outcome) {
        requests.put(key, outcome);
    }
}
