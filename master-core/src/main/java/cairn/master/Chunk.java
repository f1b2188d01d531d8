package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.ServerId;
import java.util.List;

/**
 * What is durable about a chunk.
 *
 * @param file that holds it: of several, after a snapshot, the one with the lowest id ({@link MasterImage#filesOf})
 * @param index its place in the file, from 0; the same in every file that holds it
 * @param length bytes when it was last sealed; 0 when it never was. Exact while {@code sealed}
 * @param members of an open version, the source first; empty when sealed (any replica of the version is good then)
 * @param complete servers, members or not, whose replicas were complete when the open version was logged. They still are
 *     if that version has acknowledged nothing: a member may be half repaired by then, and these are what is left. Of an
 *     open chunk, none says that no client was ever told of a leader before this version: nothing was acknowledged
 */
public record Chunk(
        ChunkHandle handle,
        FileId file,
        int index,
        ChunkVersion version,
        boolean sealed,
        long length,
        List<ChunkMember> members,
        List<ServerId> complete) {

    /** Logged as complete while the master has heard of nobody who leads the chunk. */
    static final List<ServerId> NEVER_LED = List.of();

    public Chunk {
        members = List.copyOf(members);
        complete = List.copyOf(complete);
    }

    /** Whether clients were told of no version before this one; of this one they may be. */
    boolean ledOnlyNow() {
        return !sealed && complete.equals(NEVER_LED);
    }

    boolean hasMember(ServerId server) {
        return members.stream().anyMatch(member -> member.server().equals(server));
    }

    boolean loggedFull(ServerId server) {
        return members.stream()
                .anyMatch(member -> member.full() && member.server().equals(server));
    }

    /** Who leads this version, if anybody does: the member that was logged first. */
    boolean isHead(ServerId server) {
        return !members.isEmpty() && members.getFirst().server().equals(server);
    }

    ChunkVersion nextVersion() {
        return new ChunkVersion(version.value() + 1);
    }

    /** The same, counted to another file that holds it. */
    Chunk in(FileId other) {
        return new Chunk(handle, other, index, version, sealed, length, members, complete);
    }

    /** An equal one, which is sealed as this one is. */
    Chunk forked(ChunkHandle fork, FileId other) {
        return new Chunk(fork, other, index, version, true, length, List.of(), List.of());
    }

    Chunk started(ChunkVersion next, List<ChunkMember> nextMembers, List<ServerId> nextComplete) {
        return new Chunk(handle, file, index, next, false, length, nextMembers, nextComplete);
    }

    Chunk sealedAt(long bytes) {
        return new Chunk(handle, file, index, version, true, bytes, List.of(), List.of());
    }
}
