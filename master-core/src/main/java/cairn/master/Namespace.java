package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree of names, and each file's list of chunks. Changes what it is told to change and checks only that its own
 * structure holds: rules for users are decided before. Not thread-safe; owned by one {@link MasterImage}.
 *
 * <p>{@link HeapNamespace} is the plain implementation, and the model against which every other one is tested.
 */
public interface Namespace {

    @Nullable
    Inode find(FileId id);

    @Nullable
    Inode child(FileId directory, String name);

    /** Up to {@code limit} entries with names behind {@code after}, by the UTF-8 bytes of their names. */
    List<Inode> list(FileId directory, String after, int limit);

    int entryCount(FileId directory);

    long fileCount();

    long directoryCount();

    /** Adds an entry whose id and name are free. Its parent need not be here yet while a checkpoint is loaded. */
    void add(Inode inode);

    /** Replaces what is known of an entry; its place in the tree stays. */
    void update(Inode inode);

    /** Constant cost, whatever a directory holds. The new name must be free. */
    void move(FileId id, FileId parent, String name);

    /** Takes out a file without chunks or an empty directory. */
    void erase(FileId id);

    int chunkCount(FileId file);

    ChunkHandle chunkAt(FileId file, int index);

    void addChunk(FileId file, ChunkHandle chunk);

    /** Puts a chunk in the place of another. */
    void putChunk(FileId file, int index, ChunkHandle chunk);

    /** Takes out the chunks from index {@code keep} on, and returns them. */
    List<ChunkHandle> cutChunks(FileId file, int keep);

    /** The sum of what was told to {@link #addBytes}: the known lengths of the file's chunks. */
    long bytes(FileId file);

    void addBytes(FileId file, long change);

    /** Every entry, by rising id. */
    Iterable<Inode> all();
}
