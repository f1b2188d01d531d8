package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.model.Invariant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out {@link MasterRecord.TreeCloned} on a namespace: the same entries get the same ids wherever it is replayed. */
final class TreeClone {
    private final Namespace names;
    private final SharedChunks shared;
    private final MasterRecord.TreeCloned cloned;

    /** Directories whose entries are still to come, by their originals. */
    private final Map<FileId, FileId> clones = new LinkedHashMap<>();

    private long nextId;

    TreeClone(Namespace names, SharedChunks shared, MasterRecord.TreeCloned cloned) {
        this.names = names;
        this.shared = shared;
        this.cloned = cloned;
        this.nextId = cloned.first().value();
    }

    /** Looks up what is known of a chunk. */
    interface Chunks {
        @Nullable
        Chunk find(ChunkHandle handle);
    }

    void run(Inode source, Chunks chunks) {
        List<Inode> tree = new ArrayList<>(); // all of it first: the clone may come to stand beside its original
        TreeWalk walk = new TreeWalk(names, source);
        for (Inode next = walk.next(); next != null; next = walk.next()) {
            tree.add(next);
        }
        Invariant.check(tree.size() == cloned.entries(), "%s has %d entries", source.id(), tree.size());
        for (Inode original : tree) {
            copy(original, original.id().equals(source.id()), chunks);
        }
    }

    private void copy(Inode original, boolean top, Chunks chunks) {
        FileId id = new FileId(nextId++);
        FileId parent = top ? cloned.parent() : clones.getOrDefault(original.parent(), Inode.NOWHERE);
        String name = top ? cloned.name() : original.name();
        names.add(new Inode(id, parent, name, original.directory(), original.attributes()));
        if (original.directory()) {
            clones.put(original.id(), id);
            return;
        }
        int count = names.chunkCount(original.id());
        for (int index = 0; index < count; index++) {
            ChunkHandle handle = names.chunkAt(original.id(), index);
            Chunk chunk = chunks.find(handle);
            Invariant.check(chunk != null && chunk.sealed(), "%s is cloned while it is open", handle);
            shared.add(handle, id);
            names.addChunk(id, handle);
            names.addBytes(id, chunk == null ? 0 : chunk.length());
        }
    }
}
