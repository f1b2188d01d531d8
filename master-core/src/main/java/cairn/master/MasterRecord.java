package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.Geometry;
import cairn.model.ServerId;
import java.util.List;

/** All that the master may never forget. One record, one durable fact; the facts of one turn are one log entry. */
public sealed interface MasterRecord {

    /** The first record of every log: the root, the trash and the purge area exist from now on. */
    record CellCreated(long cellId, Geometry geometry, int rootGoal, long millis) implements MasterRecord {}

    record InodeMade(Inode inode) implements MasterRecord {}

    /** Renamed, brought back from the trash, or moved to the purge area. */
    record EntryMoved(FileId id, FileId parent, String name, long millis) implements MasterRecord {}

    /**
     * Deleted: moved into the trash, under {@code name}.
     *
     * @param entry whose {@code number} is the next
     */
    record EntryTrashed(Trashed entry, String name) implements MasterRecord {}

    /** All that is laid down for a directory now. */
    record DirectoryRuled(FileId id, DirectoryRules rules) implements MasterRecord {}

    record AttributesSet(FileId id, Attributes attributes) implements MasterRecord {}

    record InodeErased(FileId id) implements MasterRecord {}

    record RequestRemembered(RequestKey key, Outcome outcome) implements MasterRecord {}

    /** Behind the file's last chunk; version 1; all members are empty, so all are full. */
    record ChunkAdded(ChunkHandle chunk, FileId file, List<ChunkMember> members, long millis) implements MasterRecord {}

    record VersionStarted(
            ChunkHandle chunk, ChunkVersion version, List<ChunkMember> members, List<ServerId> complete, long millis)
            implements MasterRecord {}

    record ChunkSealed(ChunkHandle chunk, ChunkVersion version, long length, long millis) implements MasterRecord {}

    /** Chunks from {@code keep} on have left the file and the cell. */
    record ChunksCut(FileId file, int keep, long millis) implements MasterRecord {}

    /** From now on nobody is told how the file was cut, because servers may still serve what was; or that is over. */
    record VeilSet(FileId file, boolean veiled) implements MasterRecord {}

    /**
     * A snapshot: a copy of {@code source} and all below it stands as {@code name} in {@code parent}. Its entries get the ids from
     * {@code first} on, in the order of a {@link TreeWalk}; every chunk, all of them sealed, is in both files from now on.
     */
    record TreeCloned(FileId source, FileId parent, String name, FileId first, long entries, long millis)
            implements MasterRecord {}

    /** The next handle is given to copies that chunkservers are told to make; a crash leaves garbage of no chunk, nothing worse. */
    record HandleTaken(ChunkHandle handle) implements MasterRecord {}

    /** {@code keeper} has the chunk alone now; its other files have {@code fork}, which is equal, in its place. */
    record ChunkForked(ChunkHandle chunk, ChunkHandle fork, FileId keeper) implements MasterRecord {}

    /** A chunkserver joined the cell, is somewhere else now, or is drained, or not any more. */
    record ServerKnown(KnownServer server) implements MasterRecord {}

    /** A limit of the cell was set; to {@link MasterImage#AS_BUILT_IN}: given back. */
    record LimitSet(CellLimit limit, long value) implements MasterRecord {}

    /** A chunkserver is gone for good: nobody waits for what it held. Its id is not given again. */
    record ServerForgotten(ServerId server) implements MasterRecord {}
}
