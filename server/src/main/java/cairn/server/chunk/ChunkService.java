package cairn.server.chunk;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.RpcService;
import cairn.wire.Method;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.CommittedRequest;
import cairn.wire.proto.DropRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ForkRequest;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.PermitRequest;
import cairn.wire.proto.PrepareRequest;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.ReplicateRequest;
import cairn.wire.proto.SealReply;
import cairn.wire.proto.SealRequest;
import cairn.wire.proto.SumsRequest;
import java.io.IOException;

/** The chunkserver's calls, each brought to the duty that knows it. */
final class ChunkService implements RpcService {

    private static final long SEAL_WAIT_NANOS = 10_000_000_000L;

    private final Station station;
    private final Sealer sealer;
    private final PrimaryDuty primary;
    private final MemberDuty member;
    private final ReadDesk readers;
    private final PermitDesk permits;
    private final VersionDuty versions;
    private final Leader leader;
    private final Cloner cloner;
    private final Forker forker;
    private final Scrubber scrubber;
    private final DiskBalance balance;

    ChunkService(Station station, Scrubber scrubber, DiskBalance balance) {
        this.balance = balance;
        this.scrubber = scrubber;
        this.station = station;
        Forwarder forwarder = new Forwarder(station);
        this.primary = new PrimaryDuty(station, forwarder);
        this.sealer = primary.sealer();
        this.member = new MemberDuty(station, forwarder);
        this.readers = new ReadDesk(station, primary);
        this.permits = new PermitDesk(station, readers, station.permits());
        this.versions = new VersionDuty(station);
        this.leader = new Leader(station, versions, sealer);
        this.cloner = new Cloner(station, versions);
        this.forker = new Forker(station, versions);
    }

    VersionDuty versions() {
        return versions;
    }

    /** Looks after every replica's time limits. */
    void tick() {
        for (LiveReplica live : station.holdings().all()) {
            primary.tick(live);
            member.tick(live);
            sealer.tick(live);
        }
    }

    /** A turn of the verification in the background. */
    void scrub() {
        scrubber.tick();
    }

    /** A turn of the evening out of disks. */
    void balanceDisks() {
        balance.tick();
    }

    void lookAgain(long handle) {
        scrubber.lookAgain(handle);
    }

    @Override
    public Dispatch dispatch(Method method) {
        return switch (method) {
            case MUTATE, REPLICATE, READ -> Dispatch.INLINE;
            default -> Dispatch.BLOCKING;
        };
    }

    @Override
    public boolean urgent(Method method) {
        return method == Method.REPLICATE || method == Method.REPAIR;
    }

    @Override
    public void handle(Call call) throws IOException {
        switch (call.method()) {
            case MUTATE ->
                primary.mutate(live(call.message(MutateRequest.parser()).getHandle()), call);
            case REPLICATE ->
                member.replicate(live(call.message(ReplicateRequest.parser()).getHandle()), call);
            case READ -> readers.read(live(call.message(ReadRequest.parser()).getHandle()), call);
            case AWAIT -> readers.await(live(call.message(AwaitRequest.parser()).getHandle()), call);
            case SUMS -> readers.sums(live(call.message(SumsRequest.parser()).getHandle()), call);
            case PERMIT -> permit(call);
            case COMMITTED ->
                readers.committed(live(call.message(CommittedRequest.parser()).getHandle()), call);
            case SEAL -> seal(call);
            case PREPARE -> {
                checkMeant(call.message(PrepareRequest.parser()).getServerId());
                versions.prepare(call);
            }
            case LEAD -> {
                checkMeant(call.message(LeadRequest.parser()).getServerId());
                leader.lead(call);
            }
            case STATE -> versions.state(call);
            case REPAIR -> versions.repair(call);
            case ESTABLISH -> versions.establish(call);
            case CLONE -> {
                checkMeant(call.message(CloneRequest.parser()).getServerId());
                cloner.copy(call);
            }
            case FORK -> {
                checkMeant(call.message(ForkRequest.parser()).getServerId());
                forker.fork(call);
            }
            case DROP -> drop(call);
            case SCRUB -> scrubber.scrub(call);
            default ->
                throw new CairnException(
                        ErrorCode.BAD_REQUEST, "a chunkserver does not answer " + call.method() + "; ask the master");
        }
    }

    private LiveReplica live(long handle) throws CairnException {
        LiveReplica live = station.holdings().find(handle);
        if (live == null) {
            station.met(Probe.CALL_WITHOUT_REPLICA);
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "no replica of " + new ChunkHandle(handle) + " here");
        }
        return live;
    }

    /**
     * An order is for one server, not for whoever listens at its address: one that came back without its disks is another
     * server, and what it does or holds says nothing about the old one.
     */
    private void checkMeant(long server) throws CairnException {
        long self = station.self().value();
        if (server != 0 && server != self) {
            throw new CairnException(
                    ErrorCode.NOT_SERVING, "this is %s, not %s".formatted(station.self(), new ServerId(server)));
        }
    }

    private void permit(Call call) throws IOException {
        long handle = call.message(PermitRequest.parser()).getHandle();
        if (handle == 0) {
            call.reply(permits.words());
        } else {
            permits.permit(live(handle), call);
        }
    }

    private void drop(Call call) throws IOException {
        DropRequest request = call.message(DropRequest.parser());
        checkMeant(request.getServerId());
        station.door().checkDrops(request.getHandlesCount());
        station.holdings().drop(request.getHandlesList());
        request.getHandlesList().forEach(station.masterLink()::dropped);
        call.reply(Empty.getDefaultInstance());
    }

    /** SEAL: starts it if need be, and answers with the length once the chunk is sealed. */
    private void seal(Call call) throws IOException {
        SealRequest request = call.message(SealRequest.parser());
        LiveReplica live = live(request.getHandle());
        long deadline = station.deadlineIn(SEAL_WAIT_NANOS);
        long length;
        live.lock.lock();
        try {
            check(live, request.getVersion());
            if (live.role == Role.PRIMARY) {
                sealer.begin(live);
            }
            while (live.role == Role.PRIMARY && live.version == request.getVersion()) {
                if (!station.world().time().await(live.lock, live.changed, deadline)) {
                    station.met(Probe.SEAL_TIMED_OUT);
                    throw new CairnException(
                            ErrorCode.NOT_SERVING, "the master has not logged the seal of " + live.handle() + " yet");
                }
            }
            check(live, request.getVersion()); // what leads no more, and may still answer under this version, is sealed
            length = live.pipeline.committedLength();
        } finally {
            live.lock.unlock();
        }
        call.reply(SealReply.newBuilder().setLength(length).build());
    }

    private void check(LiveReplica live, long version) throws CairnException {
        if (live.version != version) {
            station.met(Probe.SEAL_OF_ANOTHER_VERSION);
            throw new CairnException(
                    version < live.version ? ErrorCode.STALE_VERSION : ErrorCode.NOT_SERVING,
                    "%s is at version %d here, not %d".formatted(live.handle(), live.version, version));
        }
        switch (live.role) {
            case PRIMARY, SEALED -> {}
            case MEMBER -> throw new CairnException(ErrorCode.NOT_PRIMARY, live.handle() + " is led elsewhere");
            case OUTSIDE, STOPPED -> {
                station.met(Probe.SEAL_BETWEEN_VERSIONS);
                throw new CairnException(ErrorCode.NOT_SERVING, live.handle() + " waits for its next version here");
            }
        }
    }
}
