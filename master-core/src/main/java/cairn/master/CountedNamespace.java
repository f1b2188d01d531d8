package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.model.Invariant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that knows of every directory what lies in it, at any depth: each change is counted at once in all directories
 * above it, so a whole tree is moved into and out of a quota at the cost of its depth, and nothing is ever summed up again.
 * Two numbers for each directory that holds any file, none for a file. What lies in the trash or is being reclaimed counts
 * there and not in the root. Not thread-safe.
 */
final class CountedNamespace implements Namespace {
    private final Namespace names;
    private final NavigableMap<FileId, TreeUse> uses = new TreeMap<>();

    /** Off while a checkpoint is loaded: it holds the figures. */
    private boolean counting = true;

    CountedNamespace(Namespace names) {
        this.names = names;
    }

    /** Of a directory all that is in it; of a file itself. */
    TreeUse use(Inode inode) {
        return inode.directory() ? useOf(inode.id()) : new TreeUse(1, names.bytes(inode.id()));
    }

    TreeUse useOf(FileId directory) {
        return uses.getOrDefault(directory, TreeUse.NOTHING);
    }

    void counting(boolean on) {
        counting = on;
    }

    void loadUse(FileId directory, TreeUse use) {
        uses.put(directory, use);
    }

    private void count(FileId directory, TreeUse change) {
        if (!counting || change.isNothing()) {
            return;
        }
        for (FileId at = directory; !at.equals(Inode.NOWHERE); at = above(at)) {
            TreeUse use = useOf(at).plus(change);
            Invariant.check(use.files() >= 0 && use.bytes() >= 0, "%s holds %s", at, use);
            if (use.isNothing()) {
                uses.remove(at);
            } else {
                uses.put(at, use);
            }
        }
    }

    /** The directory whose use and quota hold for this one too; {@link Inode#NOWHERE} above the root and the trash. */
    FileId above(FileId directory) {
        if (directory.equals(Inode.TRASH)) {
            return Inode.NOWHERE;
        }
        return known(directory).parent();
    }

    private Inode known(FileId id) {
        Inode inode = names.find(id);
        if (inode == null) {
            throw Invariant.unreachable("%s is not in the namespace", id);
        }
        return inode;
    }

    @Override
    public void add(Inode inode) {
        names.add(inode);
        if (!inode.directory()) {
            count(inode.parent(), new TreeUse(1, 0));
        }
    }

    @Override
    public void move(FileId id, FileId parent, String name) {
        Inode inode = known(id);
        TreeUse use = use(inode);
        count(inode.parent(), TreeUse.NOTHING.minus(use));
        names.move(id, parent, name);
        count(parent, use);
    }

    @Override
    public void erase(FileId id) {
        Inode inode = known(id);
        TreeUse use = use(inode);
        names.erase(id);
        count(inode.parent(), TreeUse.NOTHING.minus(use));
    }

    @Override
    public void addBytes(FileId file, long change) {
        names.addBytes(file, change);
        count(known(file).parent(), new TreeUse(0, change));
    }

    // ---- the rest is the other one's

    @Override
    public @Nullable Inode find(FileId id) {
        return names.find(id);
    }

    @Override
    public @Nullable Inode child(FileId directory, String name) {
        return names.child(directory, name);
    }

    @Override
    public List<Inode> list(FileId directory, String after, int limit) {
        return names.list(directory, after, limit);
    }

    @Override
    public int entryCount(FileId directory) {
        return names.entryCount(directory);
    }

    @Override
    public long fileCount() {
        return names.fileCount();
    }

    @Override
    public long directoryCount() {
        return names.directoryCount();
    }

    @Override
    public void update(Inode inode) {
        names.update(inode);
    }

    @Override
    public int chunkCount(FileId file) {
        return names.chunkCount(file);
    }

    @Override
    public ChunkHandle chunkAt(FileId file, int index) {
        return names.chunkAt(file, index);
    }

    @Override
    public void addChunk(FileId file, ChunkHandle chunk) {
        names.addChunk(file, chunk);
    }

    @Override
    public void putChunk(FileId file, int index, ChunkHandle chunk) {
        names.putChunk(file, index, chunk);
    }

    @Override
    public List<ChunkHandle> cutChunks(FileId file, int keep) {
        return names.cutChunks(file, keep);
    }

    @Override
    public long bytes(FileId file) {
        return names.bytes(file);
    }

    @Override
    public Iterable<Inode> all() {
        return names.all();
    }
}
