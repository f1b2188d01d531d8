package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.wire.proto.PermitReply;
import cairn.wire.proto.PermitRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Lets readers on this host read a replica's file by themselves (docs/decisions/0011): those bytes of it that READ would
 * give without asking anybody, for as long as it would.
 */
final class PermitDesk {

    /** Looks at a chunk that is being written, before what is committed in whole blocks has to do. */
    private static final int LOOKS = 3;

    private final Station station;
    private final ReadDesk readers;
    private final Permits permits;

    PermitDesk(Station station, ReadDesk readers, Permits permits) {
        this.station = station;
        this.readers = readers;
        this.permits = permits;
    }

    /** What is permitted, and the sums of its blocks. */
    private record Given(PermitReply.Builder reply, BlockSums sums) {}

    /** PERMIT; on a thread of its own. */
    void permit(LiveReplica live, Call call) throws IOException {
        long version = call.message(PermitRequest.parser()).getVersion();
        Given given = give(live, version, false);
        for (int looks = 1; given == null && looks < LOOKS; looks++) {
            readers.awaitCommitted(live, version);
            given = give(live, version, looks == LOOKS - 1);
        }
        if (given == null) {
            station.met(Probe.PERMIT_NOT_GIVEN);
            throw new CairnException(ErrorCode.NOT_SERVING, live.handle() + " is being overwritten here");
        }
        long length = given.reply().getLength();
        int blocks = station.geometry().blocksFor(length);
        Payload payload = call.roomForReply(blocks * Integer.BYTES);
        ByteBuffer into = payload.buffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < blocks; block++) {
            into.putInt(given.sums().sum(block));
        }
        call.reply(given.reply().build(), payload);
    }

    /** Where the words are, for somebody who wants to know whether they are within reach. */
    PermitReply words() throws CairnException {
        Permits.Shown shown = permits.show();
        return PermitReply.newBuilder()
                .setWordsPath(shown.path())
                .setIdentity(shown.identity())
                .setNowNanos(station.world().time().nanos())
                .setGiven(shown.given())
                .build();
    }

    /** @param inPart whether the whole blocks of what is committed do, too; null when there is nothing to be permitted now */
    private @Nullable Given give(LiveReplica live, long version, boolean inPart) throws CairnException {
        live.lock.lock();
        try {
            readers.checkServes(live, version);
            boolean sealed = live.role == Role.SEALED;
            boolean quiet = sealed || live.pipeline.isIdle();
            long committed = live.pipeline.committedLength();
            long length = quiet
                    ? committed
                    : committed - committed % station.geometry().blockBytes();
            if (length == 0 || (!quiet && !inPart)) {
                return null;
            }
            if (!quiet && live.pipeline.dirtySerial(0, length) != 0) {
                return null;
            }
            BlockSums sums = live.stored.blockSums();
            if (sums.length() < length || (quiet && sums.length() != length)) {
                return null; // whoever changes it now has not shown it yet
            }
            Permits.Permit permit = live.permit(permits, length);
            return new Given(
                    PermitReply.newBuilder()
                            .setDataPath(live.stored.dataPath())
                            .setWordsPath(permit.path())
                            .setIdentity(permit.identity())
                            .setSlot(permit.slot())
                            .setStamp(permit.stamp())
                            .setLength(length)
                            .setSealed(sealed)
                            .setNowNanos(station.world().time().nanos()),
                    sums);
        } finally {
            live.lock.unlock();
        }
    }
}
