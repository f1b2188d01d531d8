package cairn.client;

import cairn.client.Chunks.Complaint;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.FileStatus;
import org.jspecify.annotations.Nullable;

/** Where the one writer of a new file writes: chunk after chunk, each from its start. */
final class OutputPlacement implements Placement {
    private final Core core;
    private final long file;
    private final Tail tail;
    private ChunkLocation after = ChunkLocation.getDefaultInstance();
    private long afterLength;
    private long fileOffset;
    private @Nullable ChunkLocation current;

    /** The file was made with {@link #current}: when the master said where it is, it was the last one and led. */
    private boolean fresh;

    /** @param made the file as it was when it was made */
    OutputPlacement(Core core, FileStatus made) {
        this.core = core;
        this.file = made.getFileId();
        this.tail = new Tail(core, file, core.geometry().chunkBytes());
        if (made.hasOpenChunk() && made.getChunkCount() == 1) {
            current = made.getOpenChunk();
            fresh = usable(current);
        }
    }

    /** The next place is the chunk behind the present one, which is sealed at {@code length}. */
    void next(ChunkLocation sealed, long length) {
        after = sealed;
        afterLength = length;
        fileOffset += length;
        current = null;
    }

    @Override
    public Place find(@Nullable Place last, Why why, long deadlineNanos) throws CairnException {
        Backoff backoff = core.backoff();
        ChunkLocation now = current;
        if (fresh && now != null) {
            fresh = false;
            return new Place(now, fileOffset, now.getMembers(0), false);
        }
        boolean same = last != null && now != null && last.handle() == now.getHandle();
        Complaint complaint = same ? why.complaint(last) : Complaint.NONE;
        while (true) {
            ChunkLocation at =
                    now == null ? add(deadlineNanos) : core.chunks.open(file, now, complaint, true, deadlineNanos);
            current = at;
            now = at;
            if (usable(at) && tail.confirm(at, deadlineNanos) != null) {
                return new Place(at, fileOffset, at.getMembers(0), false);
            }
            Located end = core.locations.last(file, at.getIndex(), deadlineNanos);
            if (end == null || end.index() != at.getIndex() || end.handle() != at.getHandle()) {
                throw changedByOthers();
            }
            if (core.now() >= deadlineNanos) {
                throw new CairnException(
                        ErrorCode.UNREACHABLE, Errors.chunk(at.getHandle()) + " does not come to rest");
            }
            backoff.pause(deadlineNanos);
            complaint = Complaint.NONE;
        }
    }

    /** After a power loss the cell opens a sealed chunk again, to prove its replicas: then it is sealed once more first. */
    private ChunkLocation add(long deadlineNanos) throws CairnException {
        Backoff backoff = core.backoff();
        while (true) {
            try {
                return core.chunks.add(file, after, deadlineNanos);
            } catch (CairnException e) {
                if (e.code() != ErrorCode.CONFLICT || core.now() >= deadlineNanos) {
                    throw e;
                }
                sealAgain(deadlineNanos);
                backoff.pause(deadlineNanos);
            }
        }
    }

    private void sealAgain(long deadlineNanos) throws CairnException {
        Located end = core.locations.last(file, after.getIndex(), deadlineNanos);
        if (end == null || end.index() < after.getIndex()) {
            throw changedByOthers();
        }
        if (end.index() == after.getIndex()) {
            core.met(Probe.OUTPUT_SEALED_AGAIN);
            if (core.chunks.seal(file, end.at(), deadlineNanos) != afterLength) {
                throw changedByOthers();
            }
        }
    }

    private CairnException changedByOthers() {
        core.met(Probe.OUTPUT_CHANGED_BY_OTHERS);
        return new CairnException(
                ErrorCode.CONFLICT, "somebody else appended to or truncated the file while it was written");
    }

    private static boolean usable(ChunkLocation at) {
        return !at.getSealed() && at.getLed() && at.getMembersCount() > 0;
    }
}
