package cairn.client;

import cairn.client.Chunks.Complaint;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.proto.ChunkLocation;
import org.jspecify.annotations.Nullable;

/**
 * Where positioned writes to one chunk go. {@link #reach} says how far they go; beyond the length of a chunk that is not
 * the last of its file they may not, or everything behind it would move.
 */
final class WritePlacement implements Placement {
    private final Core core;
    private final long file;
    private final Located chunk;

    /** Behind the last byte that is written, in the chunk. */
    private volatile long reach;

    WritePlacement(Core core, long file, Located chunk) {
        this.core = core;
        this.file = file;
        this.chunk = chunk;
    }

    void reach(long bytes) {
        reach = bytes;
    }

    @Override
    public Place find(@Nullable Place last, Why why, long deadlineNanos) throws CairnException {
        return why.unsure()
                ? findAgain(why.complaint(last), deadlineNanos)
                : findFirst(why.complaint(last), deadlineNanos);
    }

    private Place findFirst(Complaint first, long deadlineNanos) throws CairnException {
        Backoff backoff = core.backoff();
        Complaint complaint = first;
        while (true) {
            ChunkLocation at = open(chunk, complaint, deadlineNanos);
            if (isReady(at)) {
                long offset = confirm(at, deadlineNanos);
                core.locations.remember(
                        file, new Located(at, offset, chunk.last() ? -1 : chunk.length(), chunk.last(), core.now()));
                return new Place(at, offset, at.getMembers(0), false);
            }
            pause(backoff, at, deadlineNanos);
            complaint = Complaint.NONE;
        }
    }

    /**
     * The place for what may have been applied there. As long as the chunk stands in its file, the answer is that chunk, whatever
     * else has become of it: it alone knows what it has applied. That others have gone on behind it is no reason to write
     * anew.
     */
    private Place findAgain(Complaint first, long deadlineNanos) throws CairnException {
        Backoff backoff = core.backoff();
        Complaint complaint = first;
        Located now = present(deadlineNanos);
        while (true) {
            ChunkLocation at = open(now, complaint, deadlineNanos);
            Located then = present(deadlineNanos);
            boolean steady = then.last() == now.last()
                    && then.handle() == at.getHandle()
                    && (!then.last() || then.at().getVersion() == at.getVersion());
            if (steady && isReady(at)) {
                Located opened =
                        new Located(at, then.offset(), then.last() ? -1 : then.length(), then.last(), core.now());
                core.locations.remember(file, opened);
                return new Place(at, then.offset(), at.getMembers(0), false);
            }
            pause(backoff, at, deadlineNanos);
            complaint = Complaint.NONE;
            now = then;
        }
    }

    private ChunkLocation open(Located there, Complaint complaint, long deadlineNanos) throws CairnException {
        return reach <= there.length()
                ? core.chunks.openWithin(file, there.at(), complaint, deadlineNanos)
                : core.chunks.open(file, there.at(), complaint, true, deadlineNanos);
    }

    private static boolean isReady(ChunkLocation at) {
        return !at.getSealed() && at.getLed() && at.getMembersCount() > 0;
    }

    private void pause(Backoff backoff, ChunkLocation at, long deadlineNanos) throws CairnException {
        if (core.now() >= deadlineNanos) {
            throw new CairnException(ErrorCode.UNREACHABLE, Errors.chunk(at.getHandle()) + " does not come to rest");
        }
        backoff.pause(deadlineNanos);
    }

    /** The chunk as it stands in the file now; NO_SUCH_CHUNK when it does not, or is too short to have what was sent. */
    private Located present(long deadlineNanos) throws CairnException {
        Located there = core.locations.findFresh(file, chunk.offset(), deadlineNanos);
        if (there == null
                || there.index() != chunk.index()
                || there.offset() != chunk.offset()
                || !(there.last() || reach <= there.length())) {
            core.met(Probe.CHUNK_MOVED);
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, Errors.chunk(chunk.handle()) + " has moved in its file");
        }
        return there;
    }

    /** The chunk stands where it stood, and may be written as far as wanted; otherwise the file must be looked at anew. */
    private long confirm(ChunkLocation at, long deadlineNanos) throws CairnException {
        Located last = core.locations.last(file, at.getIndex(), deadlineNanos);
        boolean isLast = last != null && last.handle() == at.getHandle();
        boolean stale = last == null
                || at.getIndex() != chunk.index()
                || last.index() < at.getIndex()
                || isLast != chunk.last()
                || (isLast && last.at().getVersion() != at.getVersion())
                || (!isLast && reach > chunk.length());
        if (stale) {
            core.met(Probe.CHUNK_MOVED);
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, Errors.chunk(at.getHandle()) + " has moved in its file");
        }
        return chunk.offset();
    }
}
