package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.chunk.MalformedRecord;
import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.rpc.RpcException;
import cairn.wire.proto.Empty;
import cairn.wire.proto.EstablishRequest;
import cairn.wire.proto.PrepareReply;
import cairn.wire.proto.PrepareRequest;
import cairn.wire.proto.RepairRequest;
import cairn.wire.proto.StateReply;
import cairn.wire.proto.StateRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What a member does when its chunk gets a new version: take the fence, show what it holds, take repairs, take its
 * part (docs/decisions/0001). All of it waits for disks, so each call has a thread of its own.
 */
final class VersionDuty {

    private final Station station;

    VersionDuty(Station station) {
        this.station = station;
    }

    /** PREPARE: from now on every older version is refused, durably. */
    void prepare(Call call) throws IOException {
        PrepareRequest request = call.message(PrepareRequest.parser());
        station.door().check(request);
        ChunkVersion version = new ChunkVersion(request.getVersion());
        LiveReplica live = station.holdings().find(request.getHandle());
        if (live == null) {
            Chain chain = firstChain(request);
            // Durable on return: a power loss of all members may take bytes, but not that the chunk has a version here.
            live = create(request);
            if (chain != null) {
                takeFirstPart(live, chain);
            }
        }
        ReplicaState before = station.options().keeps(Rule.FENCE) ? takeFence(live, version) : live.stored.state();
        call.reply(
                PrepareReply.newBuilder().setReplica(LiveReplica.report(before)).build());
    }

    /** @return the replica as it was when nothing of an older version could change it any more */
    ReplicaState takeFence(LiveReplica live, ChunkVersion version) throws IOException {
        enterAt(live, version.value());
        try {
            ReplicaState before = live.stored.state();
            if (before.fence().compareTo(version) < 0) {
                live.stored.fence(version);
                station.world().witness().fenced(live.handle(), version.value(), station.self());
            }
            return before;
        } finally {
            live.release();
        }
    }

    private LiveReplica create(PrepareRequest request) throws IOException {
        ChunkHandle handle = new ChunkHandle(request.getHandle());
        if (!request.getCreate()) {
            station.met(Probe.PREPARE_WITHOUT_REPLICA);
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "no replica of " + handle + " here");
        }
        // Only the first version of a chunk is complete when it is empty; a late joiner has established nothing.
        return station.holdings().create(handle, new ChunkVersion(request.getVersion() == 1 ? 1 : 0));
    }

    private @Nullable Chain firstChain(PrepareRequest request) throws CairnException {
        Chain chain = Chain.of(request.getMembersList(), station.self());
        if (request.getMembersCount() > 0 && (chain == null || request.getVersion() != 1)) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    "this server has no part in version %d of %s as a first one"
                            .formatted(request.getVersion(), new ChunkHandle(request.getHandle())));
        }
        return chain;
    }

    /**
     * A replica that was just made for the first version of its chunk is as complete as all others are, and takes its part with
     * that. Clients are sent to the primary when every member has taken its own. One that was there before is left as it is: it
     * may have been mutated since.
     */
    private void takeFirstPart(LiveReplica live, Chain chain) {
        Role part = chain.position() == 0 ? Role.PRIMARY : Role.MEMBER;
        live.lock.lock();
        try {
            if (live.version != 1 || live.role != Role.OUTSIDE) {
                return; // a newer version has come meanwhile
            }
            live.takePart(part, chain, 0, 0);
            live.mutatedAtNanos = station.world().time().nanos();
            station.world().witness().established(live.handle(), 1, 0, station.self(), part == Role.PRIMARY);
        } finally {
            live.lock.unlock();
        }
        if (part == Role.PRIMARY) {
            station.masterLink().changed(live);
        }
    }

    /** Puts the replica outside of its old version and takes the right to change it. */
    private void enterAt(LiveReplica live, long version) throws CairnException {
        live.lock.lock();
        try {
            if (version < live.version) {
                station.met(Probe.FENCED_BY_NEWER_VERSION);
                throw new CairnException(
                        ErrorCode.STALE_VERSION,
                        "%s is at version %d here, not %d".formatted(live.handle(), live.version, version));
            }
            if (version > live.version) {
                live.version = version;
                live.stepAside(Role.OUTSIDE, ErrorCode.STALE_VERSION, live.handle() + " got a newer version");
            }
            live.enter();
            if (version < live.version) {
                station.met(Probe.VERSION_OVERTAKEN);
                live.leave();
                throw new CairnException(ErrorCode.STALE_VERSION, live.handle() + " got a newer version meanwhile");
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** The master says that this replica was left behind: it keeps its bytes and serves nothing. */
    void fence(LiveReplica live, long version) throws IOException {
        if (!station.options().keeps(Rule.FENCE)) {
            return;
        }
        try {
            enterAt(live, version);
        } catch (CairnException newer) {
            station.met(Probe.FENCE_OF_OLDER_VERSION);
            return; // it is beyond that version already
        }
        try {
            if (live.stored.state().fence().value() < version) {
                live.stored.fence(new ChunkVersion(version));
                station.world().witness().fenced(live.handle(), version, station.self());
            }
        } finally {
            live.release();
        }
    }

    /** The master says that the chunk is sealed, which this replica has not heard. */
    void noteSeal(LiveReplica live, long version, long length) throws IOException {
        ReplicaState state = live.stored.state();
        boolean complete = state.established().value() == version && state.length() == length && !state.suspect();
        if (state.fence().value() != version || !complete) {
            station.met(Probe.SEAL_NOTED_TOO_EARLY);
            return; // it has to be mended first, and is told again then
        }
        live.lock.lock();
        try {
            if (live.role == Role.PRIMARY) {
                station.met(Probe.SEAL_NOTED_TO_PRIMARY);
                return; // its own sealer is about to
            }
            live.enter();
        } finally {
            live.lock.unlock();
        }
        try {
            live.stored.seal(new ChunkVersion(version), length);
        } finally {
            finish(live, version, LiveReplica.sealedAndGood(live.stored.state()), Role.SEALED, Chain.NONE);
        }
    }

    /** STATE: what this replica holds; the payload has the block sums and the producer table. */
    void state(Call call) throws IOException {
        StateRequest request = call.message(StateRequest.parser());
        LiveReplica live = need(request.getHandle());
        ReplicaState state = live.stored.state();
        boolean fenced = state.fence().value() == request.getVersion()
                || !station.options().keeps(Rule.FENCE);
        if (!request.getAnyVersion() && !fenced) {
            station.met(Probe.STATE_OF_ANOTHER_VERSION);
            throw new CairnException(
                    ErrorCode.STALE_VERSION, live.handle() + " is fenced at " + state.fence() + " here");
        }
        BlockSums sums = live.stored.blockSums();
        ProducerTable table = live.stored.producers();
        Payload payload = call.roomForReply(sums.blocks() * Integer.BYTES + table.encodedBytesMax());
        ByteBuffer into = payload.buffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int sum : sums.toArray()) {
            into.putInt(sum);
        }
        table.encode(into.order(ByteOrder.BIG_ENDIAN)); // as in ESTABLISH
        Payload used = payload.slice(0, into.position());
        payload.release();
        call.reply(
                StateReply.newBuilder()
                        .setReplica(LiveReplica.report(state).setLength(sums.length()))
                        .setSumCount(sums.blocks())
                        .build(),
                used);
    }

    /** REPAIR: replaces blocks by the primary's. */
    void repair(Call call) throws IOException {
        RepairRequest request = call.message(RepairRequest.parser());
        station.door().check(request, call.payload().length());
        LiveReplica live = need(request.getHandle());
        PieceSums sums = PieceSums.of(
                call.payload().buffer(), request.getOffset(), station.geometry().blockBytes());
        if (!sums.equalTo(request.getPieceSumsList())) {
            station.met(Probe.REPAIR_DAMAGED);
            throw new CairnException(ErrorCode.BAD_CHECKSUM, "repair of " + live.handle() + " was damaged on the way");
        }
        if (!station.options().keeps(Rule.FENCE)) {
            takeFence(live, new ChunkVersion(request.getVersion()));
        }
        enterOutside(live, request.getVersion());
        try {
            if (request.getOffset() < live.stored.state().length()
                    && call.payload().length() == 0) {
                station.met(Probe.REPLICA_CUT);
                live.stored.cut(request.getOffset());
            } else {
                station.met(Probe.REPLICA_REPAIRED);
                live.stored.repairBlocks(request.getOffset(), call.payload().buffer(), sums.sums());
            }
        } finally {
            live.release();
        }
        call.reply(Empty.getDefaultInstance());
    }

    /** A step of a change of version. */
    interface Step {
        void run() throws IOException;
    }

    /** Changes a replica that is fenced at {@code version} and takes no part in it; refused as soon as a newer version has come. */
    void changeOutside(LiveReplica live, ChunkVersion version, Step step) throws IOException {
        enterOutside(live, version.value());
        try {
            step.run();
        } finally {
            live.release();
        }
    }

    /**
     * Ends the copying of a sealed chunk: the replica has every block of {@code good}.
     *
     * @throws RpcException when it has not: the source has changed meanwhile
     */
    void completeSealed(LiveReplica live, ChunkVersion version, CloneSource.State good) throws IOException {
        enterOutside(live, version.value());
        boolean done = false;
        try {
            if (!live.stored.blockSums().equals(good.sums())) {
                throw new RpcException(ErrorCode.NOT_SERVING, "the copy of " + live.handle() + " is not equal", 0);
            }
            live.stored.establish(version, good.sums().length(), good.replica().getSerial(), good.table());
            live.stored.seal(version, good.sums().length());
            live.stored.sync();
            done = true;
        } finally {
            finish(live, version.value(), done, Role.SEALED, Chain.NONE);
        }
    }

    /** ESTABLISH: the content is complete; takes part in the version from now on. */
    void establish(Call call) throws IOException {
        EstablishRequest request = call.message(EstablishRequest.parser());
        station.door().check(request);
        LiveReplica live = need(request.getHandle());
        Chain chain = Chain.of(request.getMembersList(), station.self());
        if (chain == null || chain.position() == 0) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "this server is not behind the primary of " + live.handle());
        }
        ProducerTable table = table(call.payload());
        if (!station.options().keeps(Rule.FENCE)) {
            takeFence(live, new ChunkVersion(request.getVersion()));
        }
        enterOutside(live, request.getVersion());
        boolean done = false;
        try {
            live.stored.establish(
                    new ChunkVersion(request.getVersion()), request.getLength(), request.getSerial(), table);
            done = true;
        } finally {
            finish(live, request.getVersion(), done, Role.MEMBER, chain);
        }
        station.holdings().discardQuarantined(live.handle()); // of an open chunk, a copy is whole only now
        call.reply(Empty.getDefaultInstance());
    }

    /** Ends a change, and takes the part that it gives if it worked and nothing newer has come. */
    private void finish(LiveReplica live, long version, boolean worked, Role part, Chain chain) {
        ReplicaState state = live.stored.state();
        live.lock.lock();
        try {
            if (live.version != version) {
                station.met(Probe.PART_OVERTAKEN);
            } else if (worked) {
                live.takePart(part, chain, state.serial(), state.length());
                if (part == Role.MEMBER) {
                    station.world()
                            .witness()
                            .established(live.handle(), version, state.serial(), station.self(), false);
                }
            }
            live.leave();
        } finally {
            live.lock.unlock();
        }
    }

    private static ProducerTable table(Payload payload) throws CairnException {
        try {
            return ProducerTable.decode(payload.buffer());
        } catch (MalformedRecord e) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a producer table is damaged: " + e.getMessage(), e);
        }
    }

    private void enterOutside(LiveReplica live, long version) throws CairnException {
        live.lock.lock();
        try {
            live.enter();
            if (live.version != version || live.role != Role.OUTSIDE) {
                station.met(Probe.RECONCILED_OUTSIDE_VERSION);
                String now = "%s is %s at version %d here".formatted(live.handle(), live.role, live.version);
                live.leave();
                throw new CairnException(ErrorCode.STALE_VERSION, now);
            }
        } finally {
            live.lock.unlock();
        }
    }

    private LiveReplica need(long handle) throws CairnException {
        LiveReplica live = station.holdings().find(handle);
        if (live == null) {
            station.met(Probe.RECONCILED_WITHOUT_REPLICA);
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "no replica of " + new ChunkHandle(handle) + " here");
        }
        return live;
    }
}
