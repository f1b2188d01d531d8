package cairn.client;

import cairn.client.Chunks.Complaint;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.Member;
import org.jspecify.annotations.Nullable;

/**
 * Where appends go: to the last chunk. What may have been applied already is first asked for at the chunk where it was
 * sent; that chunk is opened for it only while it is the last, because an append applied in the middle would move
 * everything behind it.
 */
final class AppendPlacement implements Placement {
    private final Core core;
    private final long file;
    private final Tail tail;
    private int turn;

    AppendPlacement(Core core, long file) {
        this.core = core;
        this.file = file;
        this.tail = Tail.forAppends(core, file);
    }

    @Override
    public Place find(@Nullable Place last, Why why, long deadlineNanos) throws CairnException {
        if (last != null && why.unsure() && core.options.keeps(Rule.OLD_CHUNK_FIRST)) {
            return same(last, why, deadlineNanos);
        }
        int hint = last == null ? 0 : last.index();
        Located found = tail.find(hint, last, why, deadlineNanos);
        return new Place(found.at(), found.offset(), found.at().getMembers(0), false);
    }

    private Place same(Place last, Why why, long deadlineNanos) throws CairnException {
        Complaint complaint = why.complaint(last);
        Backoff backoff = core.backoff();
        while (true) {
            ChunkLocation at = core.chunks.open(file, last.at(), complaint, false, deadlineNanos);
            if (at.getMembersCount() == 0) {
                throw new CairnException(
                        ErrorCode.NO_REPLICA, Errors.chunk(at.getHandle()) + ": no chunkserver that holds it is live");
            }
            if (at.getSealed()) {
                Member member = at.getMembers(Math.floorMod(turn++, at.getMembersCount()));
                return new Place(at, last.fileOffset(), member, true);
            }
            Located confirmed = tail.confirm(at, deadlineNanos);
            if (confirmed != null) {
                return new Place(at, confirmed.offset(), at.getMembers(0), false);
            }
            if (core.now() >= deadlineNanos) {
                throw new CairnException(ErrorCode.UNREACHABLE, "the end of the file does not come to rest");
            }
            sealUnlessLast(at, deadlineNanos);
            backoff.pause(deadlineNanos);
            complaint = Complaint.NONE;
        }
    }

    /** Somebody opened it again for a positioned write after it got a successor; sealed, it can be asked. */
    private void sealUnlessLast(ChunkLocation at, long deadlineNanos) throws CairnException {
        Located last = core.locations.last(file, at.getIndex(), deadlineNanos);
        if (last != null && last.index() > at.getIndex()) {
            core.met(Probe.OPENED_AGAIN_BEHIND_US);
            core.chunks.seal(file, at, deadlineNanos);
        }
    }
}
