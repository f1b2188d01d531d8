package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.model.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The namespace as plain objects on the heap: about 400 bytes for a file. */
public final class HeapNamespace implements Namespace {
    private static final long[] NO_CHUNKS = {};

    private final NavigableMap<FileId, Node> nodes = new TreeMap<>();
    private final NavigableMap<FileId, NavigableMap<String, FileId>> children = new TreeMap<>();
    private long files;

    private static final class Node {
        Inode inode;
        long[] chunks = NO_CHUNKS;
        int chunkCount;
        long bytes;

        Node(Inode inode) {
            this.inode = inode;
        }
    }

    @Override
    public @Nullable Inode find(FileId id) {
        Node node = nodes.get(id);
        return node == null ? null : node.inode;
    }

    @Override
    public @Nullable Inode child(FileId directory, String name) {
        NavigableMap<String, FileId> entries = children.get(directory);
        FileId id = entries == null ? null : entries.get(name);
        return id == null ? null : find(id);
    }

    @Override
    public List<Inode> list(FileId directory, String after, int limit) {
        NavigableMap<String, FileId> entries = children.get(directory);
        if (entries == null) {
            return List.of();
        }
        List<Inode> page = new ArrayList<>();
        for (FileId id : entries.tailMap(after, false).values()) {
            if (page.size() == limit) {
                break;
            }
            page.add(node(id).inode);
        }
        return page;
    }

    @Override
    public int entryCount(FileId directory) {
        NavigableMap<String, FileId> entries = children.get(directory);
        return entries == null ? 0 : entries.size();
    }

    @Override
    public long fileCount() {
        return files;
    }

    @Override
    public long directoryCount() {
        return nodes.size() - files;
    }

    @Override
    public void add(Inode inode) {
        Node former = nodes.put(inode.id(), new Node(inode));
        Invariant.check(former == null, "%s is made twice", inode.id());
        files += inode.directory() ? 0 : 1;
        link(inode);
    }

    @Override
    public void update(Inode inode) {
        Node node = node(inode.id());
        Invariant.check(
                node.inode.parent().equals(inode.parent()) && node.inode.name().equals(inode.name()),
                "%s moves only by move",
                inode.id());
        node.inode = inode;
    }

    @Override
    public void move(FileId id, FileId parent, String name) {
        Node node = node(id);
        unlink(node.inode);
        node.inode = node.inode.at(parent, name);
        link(node.inode);
    }

    @Override
    public void erase(FileId id) {
        Node node = node(id);
        Invariant.check(node.chunkCount == 0 && entryCount(id) == 0, "%s is not empty", id);
        unlink(node.inode);
        nodes.remove(id);
        files -= node.inode.directory() ? 0 : 1;
    }

    @Override
    public int chunkCount(FileId file) {
        return node(file).chunkCount;
    }

    @Override
    public ChunkHandle chunkAt(FileId file, int index) {
        Node node = node(file);
        Invariant.check(index >= 0 && index < node.chunkCount, "%s has no chunk %d", file, index);
        return new ChunkHandle(node.chunks[index]);
    }

    @Override
    public void addChunk(FileId file, ChunkHandle chunk) {
        Node node = node(file);
        if (node.chunkCount == node.chunks.length) {
            node.chunks = Arrays.copyOf(node.chunks, Math.max(2, node.chunkCount + node.chunkCount / 2));
        }
        node.chunks[node.chunkCount++] = chunk.value();
    }

    @Override
    public void putChunk(FileId file, int index, ChunkHandle chunk) {
        Node node = node(file);
        Invariant.check(index >= 0 && index < node.chunkCount, "%s has no chunk %d", file, index);
        node.chunks[index] = chunk.value();
    }

    @Override
    public List<ChunkHandle> cutChunks(FileId file, int keep) {
        Node node = node(file);
        List<ChunkHandle> cut = new ArrayList<>();
        for (int i = keep; i < node.chunkCount; i++) {
            cut.add(new ChunkHandle(node.chunks[i]));
        }
        node.chunkCount = Math.min(keep, node.chunkCount);
        node.chunks = Arrays.copyOf(node.chunks, node.chunkCount);
        return cut;
    }

    @Override
    public long bytes(FileId file) {
        return node(file).bytes;
    }

    @Override
    public void addBytes(FileId file, long change) {
        Node node = node(file);
        node.bytes += change;
        Invariant.check(node.bytes >= 0, "%s has %d bytes", file, node.bytes);
    }

    @Override
    public Iterable<Inode> all() {
        return () -> nodes.values().stream().map(node -> node.inode).iterator();
    }

    private Node node(FileId id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw Invariant.unreachable("%s is not in the namespace", id);
        }
        return node;
    }

    private void link(Inode inode) {
        if (inode.parent().equals(Inode.NOWHERE)) {
            return;
        }
        FileId former = children.computeIfAbsent(inode.parent(), id -> new TreeMap<>(Utf8Order.INSTANCE))
                .put(inode.name(), inode.id());
        Invariant.check(former == null, "%s holds '%s' already", inode.parent(), inode.name());
    }

    private void unlink(Inode inode) {
        NavigableMap<String, FileId> entries = children.get(inode.parent());
        Invariant.check(entries != null && entries.remove(inode.name()) != null, "%s has no parent", inode.id());
        if (entries != null && entries.isEmpty()) {
            children.remove(inode.parent());
        }
    }
}
