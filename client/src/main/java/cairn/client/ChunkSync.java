package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.LocateReply;
import java.util.List;

/** Brings what was applied in given chunks to the disks of every replica. A sealed chunk is opened for it and sealed again. */
final class ChunkSync {

    private ChunkSync() {}

    /** Returns when everything acknowledged in the chunks before is on disk on every replica. */
    static void sync(Core core, long file, String name, List<Place> places, long deadlineNanos) throws CairnException {
        for (Place place : places) {
            LocateReply now = core.locations.locate(file, place.index(), 1, deadlineNanos);
            if (now.getChunksCount() == 1 && now.getChunks(0).getHandle() == place.handle()) {
                sync(core, file, name, now.getChunks(0), deadlineNanos);
            }
        }
    }

    private static void sync(Core core, long file, String name, ChunkLocation at, long deadlineNanos)
            throws CairnException {
        Placement placement = (last, why, deadline) -> {
            ChunkLocation now = core.chunks.openWithin(file, at, why.complaint(last), deadline);
            if (now.getSealed() || !now.getLed() || now.getMembersCount() == 0) {
                throw new CairnException(
                        ErrorCode.NOT_SERVING, Errors.chunk(at.getHandle()) + " is not ready for mutations");
            }
            return new Place(now, 0, now.getMembers(0), false);
        };
        MutationStream stream = new MutationStream(core, placement, name);
        try {
            stream.add(Unit.sync());
            stream.awaitAll(deadlineNanos);
            Place done = stream.place();
            if (at.getSealed() && done != null) {
                core.chunks.seal(file, done.at(), deadlineNanos);
            }
        } finally {
            stream.close();
        }
    }
}
