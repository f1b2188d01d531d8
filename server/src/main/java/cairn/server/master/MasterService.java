package cairn.server.master;

import cairn.master.Effect;
import cairn.master.MasterInput;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.RpcService;
import cairn.wire.Method;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.BadReplicaRequest;
import cairn.wire.proto.CheckRequest;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DeleteRequest;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.ExplainRequest;
import cairn.wire.proto.ForgetRequest;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.LimitsRequest;
import cairn.wire.proto.ListRequest;
import cairn.wire.proto.ListTrashRequest;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.MkdirRequest;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.RenameRequest;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.RulesRequest;
import cairn.wire.proto.SealChunkRequest;
import cairn.wire.proto.SetAttributesRequest;
import cairn.wire.proto.SetRulesRequest;
import cairn.wire.proto.SnapshotRequest;
import cairn.wire.proto.StatRequest;
import cairn.wire.proto.TruncateRequest;
import cairn.wire.proto.UndeleteRequest;
import cairn.world.Entropy;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The calls that clients and chunkservers make. Each becomes an input with a ticket; the call is answered when an effect
 * brings the ticket back. All are handled on their connection's thread, because taking a turn waits for nothing; but a
 * registration may have to wait for who knows the racks.
 */
final class MasterService implements RpcService {
    private final Entropy entropy;
    private final Topology topology;
    private final LongFunction<MasterInput.Report> report;
    private final Consumer<MasterInput> turns;
    private final AtomicLong tickets = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Call> open = new ConcurrentSkipListMap<>();

    /** @param report makes the input of a REPORT with what only the process knows */
    MasterService(
            Entropy entropy, Topology topology, LongFunction<MasterInput.Report> report, Consumer<MasterInput> turns) {
        this.entropy = entropy;
        this.topology = topology;
        this.report = report;
        this.turns = turns;
    }

    @Override
    public Dispatch dispatch(Method method) {
        return Dispatch.INLINE;
    }

    @Override
    public void handle(Call call) throws CairnException {
        long ticket = tickets.incrementAndGet();
        MasterInput.Request input = input(ticket, call);
        if (input instanceof MasterInput.Register register && !topology.equals(Topology.AS_SERVERS_SAY)) {
            call.goOnApart(() -> take(call, placed(register)));
        } else {
            take(call, input);
        }
    }

    private void take(Call call, MasterInput.Request input) {
        open.put(input.ticket(), call);
        turns.accept(input);
    }

    private MasterInput.Register placed(MasterInput.Register register) {
        RegisterRequest request = register.request();
        String rack = topology.rackOf(request.getAddress(), request.getRack());
        return new MasterInput.Register(
                register.ticket(), request.toBuilder().setRack(rack).build());
    }

    /** Calls that are not answered yet. */
    int openCalls() {
        return open.size();
    }

    void answer(Effect.Answer answer) {
        Call call = open.remove(answer.ticket());
        if (call != null) {
            call.reply(answer.reply());
        }
    }

    void refuse(Effect.Refuse refusal) {
        Call call = open.remove(refusal.ticket());
        if (call != null) {
            call.fail(refusal.code(), refusal.message(), refusal.detail());
        }
    }

    private MasterInput.Request input(long ticket, Call call) throws CairnException {
        return switch (call.method()) {
            case CREATE -> new MasterInput.Create(ticket, call.message(CreateRequest.parser()), entropy.nextLong());
            case MKDIR -> new MasterInput.Mkdir(ticket, call.message(MkdirRequest.parser()));
            case DELETE -> new MasterInput.Delete(ticket, call.message(DeleteRequest.parser()));
            case RENAME -> new MasterInput.Rename(ticket, call.message(RenameRequest.parser()));
            case STAT -> new MasterInput.Stat(ticket, call.message(StatRequest.parser()));
            case LIST -> new MasterInput.ListDirectory(ticket, call.message(ListRequest.parser()));
            case SET_ATTRIBUTES -> new MasterInput.SetAttributes(ticket, call.message(SetAttributesRequest.parser()));
            case UNDELETE -> new MasterInput.Undelete(ticket, call.message(UndeleteRequest.parser()));
            case LIST_TRASH -> new MasterInput.ListTrash(ticket, call.message(ListTrashRequest.parser()));
            case EMPTY_TRASH -> new MasterInput.EmptyTrash(ticket, call.message(EmptyTrashRequest.parser()));
            case SET_RULES -> new MasterInput.SetRules(ticket, call.message(SetRulesRequest.parser()));
            case RULES -> new MasterInput.Rules(ticket, call.message(RulesRequest.parser()));
            case LOCATE -> new MasterInput.Locate(ticket, call.message(LocateRequest.parser()));
            case OPEN_CHUNK -> new MasterInput.OpenChunk(ticket, call.message(OpenChunkRequest.parser()));
            case ADD_CHUNK ->
                new MasterInput.AddChunk(ticket, call.message(AddChunkRequest.parser()), entropy.nextLong());
            case TRUNCATE -> new MasterInput.Truncate(ticket, call.message(TruncateRequest.parser()));
            case SNAPSHOT -> new MasterInput.Snapshot(ticket, call.message(SnapshotRequest.parser()));
            case BAD_REPLICA -> new MasterInput.BadReplica(ticket, call.message(BadReplicaRequest.parser()));
            case REPORT -> report.apply(ticket);
            case DRAIN -> new MasterInput.Drain(ticket, call.message(DrainRequest.parser()));
            case FORGET -> new MasterInput.Forget(ticket, call.message(ForgetRequest.parser()));
            case LIMITS -> new MasterInput.Limits(ticket, call.message(LimitsRequest.parser()));
            case CHECK -> new MasterInput.Check(ticket, call.message(CheckRequest.parser()));
            case EXPLAIN -> new MasterInput.Explain(ticket, call.message(ExplainRequest.parser()));
            case REGISTER -> new MasterInput.Register(ticket, call.message(RegisterRequest.parser()));
            case REPLICAS -> new MasterInput.Replicas(ticket, call.message(ReplicasRequest.parser()));
            case HEARTBEAT -> new MasterInput.Heartbeat(ticket, call.message(HeartbeatRequest.parser()));
            case SEAL_CHUNK -> new MasterInput.SealChunk(ticket, call.message(SealChunkRequest.parser()));
            case MEMBER_FAILED -> new MasterInput.MemberFailed(ticket, call.message(MemberFailedRequest.parser()));
            case HELLO,
                    PING,
                    PREPARE,
                    LEAD,
                    DROP,
                    CLONE,
                    FORK,
                    MUTATE,
                    READ,
                    AWAIT,
                    SEAL,
                    SUMS,
                    SCRUB,
                    PERMIT,
                    REPLICATE,
                    COMMITTED,
                    STATE,
                    REPAIR,
                    ESTABLISH ->
                throw new CairnException(
                        ErrorCode.BAD_REQUEST, "a master does not answer " + call.method() + "; ask a chunkserver");
        };
    }
}
