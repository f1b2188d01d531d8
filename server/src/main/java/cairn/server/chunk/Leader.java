package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.chunk.MalformedRecord;
import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.store.ReadResult;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.EstablishRequest;
import cairn.wire.proto.LeadReply;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.RepairRequest;
import cairn.wire.proto.StateReply;
import cairn.wire.proto.StateRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lead of a version: makes every member's replica equal to this one, then establishes the version everywhere,
 * this server last (docs/decisions/0001, Reconciling). Mutations that were in flight under the old version thereby end
 * the same on all members.
 */
final class Leader {
    private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

    /** For one step at one member; repairs of a whole chunk take several steps. */
    private static final long STEP_NANOS = 3_000_000_000L;

    private final Station station;
    private final VersionDuty versions;
    private final Sealer sealer;

    Leader(Station station, VersionDuty versions, Sealer sealer) {
        this.station = station;
        this.versions = versions;
        this.sealer = sealer;
    }

    /** LEAD: answers when mutations are taken. Idempotent. A thread of its own. */
    void lead(Call call) throws IOException {
        LeadRequest request = call.message(LeadRequest.parser());
        station.door().check(request);
        long mayServeAtNanos = station.deadlineIn(request.getWaitNanos());
        LiveReplica live = station.holdings().find(request.getHandle());
        Chain chain = Chain.of(request.getMembersList(), station.self());
        if (live == null) {
            station.met(Probe.LEAD_WITHOUT_REPLICA);
            throw new CairnException(
                    ErrorCode.NO_SUCH_CHUNK, "no replica of " + new ChunkHandle(request.getHandle()) + " here");
        }
        if (chain == null || chain.position() != 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "this server is not the first of the chain");
        }
        requireWhatWasShown(live, request);
        if (!keeps(Rule.FENCE)) {
            versions.takeFence(live, new ChunkVersion(request.getVersion()));
        }
        if (enter(live, request.getVersion())) {
            boolean done = false;
            try {
                reconcile(live, request, mayServeAtNanos);
                done = true;
            } finally {
                leave(live, request, chain, done);
            }
            station.masterLink().changed(live);
        }
        call.reply(
                LeadReply.newBuilder().setLength(live.stored.state().length()).build());
    }

    /** The master made this server the source for what it showed when it was prepared; a power loss may have come in between. */
    private void requireWhatWasShown(LiveReplica live, LeadRequest request) throws CairnException {
        long serial = live.stored.state().serial();
        if (serial < request.getLeastSerial()) {
            station.met(Probe.LEAD_AFTER_LOSS);
            throw new CairnException(
                    ErrorCode.NOT_SERVING,
                    "%s has lost what it showed: serial %d, it was %d"
                            .formatted(live.handle(), serial, request.getLeastSerial()));
        }
    }

    /** Whether there is something to do; false when this server leads that version already. */
    private boolean enter(LiveReplica live, long version) throws CairnException {
        live.lock.lock();
        try {
            live.enter();
            if (live.version == version && live.role == Role.OUTSIDE) {
                return true;
            }
            live.leave();
            if (live.version == version && live.role == Role.PRIMARY) {
                station.met(Probe.LEAD_REPEATED);
                return false;
            }
            station.met(Probe.LEAD_OF_ANOTHER_VERSION);
            throw new CairnException(
                    ErrorCode.STALE_VERSION,
                    "%s is %s at version %d here".formatted(live.handle(), live.role, live.version));
        } finally {
            live.lock.unlock();
        }
    }

    private void leave(LiveReplica live, LeadRequest request, Chain chain, boolean established) {
        long version = request.getVersion();
        ReplicaState state = live.stored.state();
        live.lock.lock();
        try {
            if (live.version != version) {
                station.met(Probe.LEAD_OVERTAKEN);
            } else if (established) {
                live.takePart(Role.PRIMARY, chain, state.serial(), state.length());
                station.world().witness().established(live.handle(), version, state.serial(), station.self(), true);
                live.mutatedAtNanos = station.world().time().nanos();
                if (request.getFrozen()) {
                    station.met(Probe.LED_FROZEN);
                    sealer.begin(live); // under the same lock: no mutation came in between
                }
            }
            live.leave();
        } finally {
            live.lock.unlock();
        }
    }

    private void reconcile(LiveReplica live, LeadRequest request, long mayServeAtNanos) throws IOException {
        List<Member> others = request.getMembersList().subList(1, request.getMembersCount());
        BlockSums own = live.stored.blockSums();
        if (keeps(Rule.RECONCILE)) {
            for (Member member : others) {
                blaming(member, () -> repair(new Mending(live, request.getVersion(), member, own)));
            }
        }
        if (keeps(Rule.SERVING_TERM)) {
            awaitOldReaders(live, request.getVersion(), mayServeAtNanos);
        }
        ReplicaState state = live.stored.state();
        ProducerTable table = keeps(Rule.PRODUCER_TABLE) ? live.stored.producers() : new ProducerTable();
        for (Member member : others) {
            blaming(member, () -> establish(request, member, state, table));
        }
        live.stored.establish(new ChunkVersion(request.getVersion()), state.length(), state.serial(), table);
        station.holdings().discardQuarantined(live.handle());
        LOG.info(
                "leads {} version {} with {} members at {} bytes",
                live.handle(),
                request.getVersion(),
                request.getMembersCount(),
                state.length());
    }

    private boolean keeps(Rule rule) {
        return station.options().keeps(rule);
    }

    /** A step at another member. */
    private interface Step {
        void run() throws IOException;
    }

    /** A failure at a member is answered with the member's id as detail: the next version goes without it. */
    private void blaming(Member member, Step step) throws IOException {
        try {
            step.run();
        } catch (RpcException e) {
            station.met(Probe.MEMBER_CANNOT_FOLLOW);
            throw new RpcException(
                    ErrorCode.NOT_SERVING,
                    "member " + member.getAddress() + " cannot follow: " + e.getMessage(),
                    member.getServerId());
        }
    }

    /** A server that was left behind may serve the old bytes until its term is over; nothing new may show before. */
    private void awaitOldReaders(LiveReplica live, long version, long untilNanos) throws CairnException {
        live.lock.lock();
        try {
            boolean early = true;
            while (live.version == version && early) {
                early = station.world().time().await(live.lock, live.changed, untilNanos);
            }
            if (live.version != version) {
                station.met(Probe.VERSION_ENDED_WHILE_WAITING);
                throw new CairnException(ErrorCode.STALE_VERSION, live.handle() + " got a newer version");
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** The repair of one member's replica. */
    private record Mending(LiveReplica live, long version, Member member, BlockSums own) {}

    private void repair(Mending mending) throws IOException {
        BlockSums own = mending.own();
        BlockSums theirs = sumsOf(mending);
        if (theirs.length() > own.length()) {
            station.met(Probe.MEMBER_IS_LONGER);
            send(mending, own.length(), Payload.empty(), new int[0]);
            int[] kept = Arrays.copyOf(theirs.toArray(), own.blocks());
            theirs = new BlockSums(own.blockBytes(), own.length(), kept); // its last block is compared below
        }
        List<Integer> missing = own.missingIn(theirs);
        if (!missing.isEmpty()) {
            station.met(Probe.MEMBER_DIFFERS);
            LOG.info(
                    "repairs {} of {} blocks of {} at {}",
                    missing.size(),
                    own.blocks(),
                    mending.live().handle(),
                    mending.member().getAddress());
        }
        int at = 0;
        while (at < missing.size()) {
            at = sendRun(mending, missing, at);
        }
    }

    private BlockSums sumsOf(Mending mending) throws IOException {
        StateRequest request = StateRequest.newBuilder()
                .setHandle(mending.live().handle().value())
                .setVersion(mending.version())
                .build();
        Reply<StateReply> reply = station.peers()
                .call(
                        Station.addressOf(mending.member()),
                        Method.STATE,
                        request,
                        Payload.empty(),
                        StateReply.parser(),
                        station.deadlineIn(STEP_NANOS));
        try {
            return sums(reply, mending.own().blockBytes());
        } finally {
            reply.release();
        }
    }

    /** Sends the blocks that follow each other from {@code missing[at]} on; returns the index behind them. */
    private int sendRun(Mending mending, List<Integer> missing, int at) throws IOException {
        BlockSums own = mending.own();
        int first = missing.get(at);
        int count = 1;
        int most = Math.max(1, Limits.TRANSFER_BYTES / own.blockBytes());
        while (at + count < missing.size() && missing.get(at + count) == first + count && count < most) {
            count++;
        }
        long offset = (long) first * own.blockBytes();
        int length = (int) (Math.min((long) (first + count) * own.blockBytes(), own.length()) - offset);
        Payload payload = station.pool().takeNow(length);
        ReadResult result;
        try {
            result = mending.live().stored.read(offset, length, payload.buffer());
        } catch (IOException e) {
            station.met(Probe.SOURCE_UNREADABLE);
            payload.release();
            throw e;
        }
        send(mending, offset, payload, result.pieceSums());
        return at + count;
    }

    private void send(Mending mending, long offset, Payload payload, int[] sums) throws RpcException {
        RepairRequest request = RepairRequest.newBuilder()
                .setHandle(mending.live().handle().value())
                .setVersion(mending.version())
                .setOffset(offset)
                .addAllPieceSums(PieceSums.boxed(sums))
                .build();
        station.peers()
                .call(
                        Station.addressOf(mending.member()),
                        Method.REPAIR,
                        request,
                        payload,
                        Empty.parser(),
                        station.deadlineIn(STEP_NANOS))
                .release();
    }

    private void establish(LeadRequest lead, Member member, ReplicaState state, ProducerTable table)
            throws RpcException {
        EstablishRequest request = EstablishRequest.newBuilder()
                .setHandle(lead.getHandle())
                .setVersion(lead.getVersion())
                .setLength(state.length())
                .setSerial(state.serial())
                .addAllMembers(lead.getMembersList())
                .build();
        ByteBuffer encoded = ByteBuffer.allocate(table.encodedBytesMax());
        table.encode(encoded);
        station.peers()
                .call(
                        Station.addressOf(member),
                        Method.ESTABLISH,
                        request,
                        Payload.of(encoded.flip()),
                        Empty.parser(),
                        station.deadlineIn(STEP_NANOS))
                .release();
    }

    /** The block sums in a STATE reply. */
    static BlockSums sums(Reply<StateReply> reply, int blockBytes) throws CairnException {
        ByteBuffer from = reply.payload().buffer().order(ByteOrder.LITTLE_ENDIAN);
        int count = reply.message().getSumCount();
        if (count < 0 || count > from.remaining() / Integer.BYTES) {
            throw new CairnException(ErrorCode.BAD_REQUEST, count + " block sums in " + from.remaining() + " bytes");
        }
        int[] sums = new int[count];
        for (int i = 0; i < count; i++) {
            sums[i] = from.getInt();
        }
        return new BlockSums(blockBytes, reply.message().getReplica().getLength(), sums);
    }

    /** The producer table behind the block sums in a STATE reply. */
    static ProducerTable table(Reply<StateReply> reply) throws CairnException {
        ByteBuffer from = reply.payload().buffer();
        from.position(reply.message().getSumCount() * Integer.BYTES);
        try {
            return ProducerTable.decode(from);
        } catch (MalformedRecord e) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a producer table is damaged: " + e.getMessage(), e);
        }
    }
}
