package cairn.simulation.fuzz;

import cairn.master.Effect;
import cairn.master.ImageCodec;
import cairn.master.MalformedRecord;
import cairn.master.MasterCore;
import cairn.master.MasterImage;
import cairn.master.MasterInput;
import cairn.master.MasterRecord;
import cairn.master.MasterSettings;
import cairn.master.Moment;
import cairn.master.Records;
import cairn.master.Turn;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
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
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.RulesRequest;
import cairn.wire.proto.SealChunkRequest;
import cairn.wire.proto.SetAttributesRequest;
import cairn.wire.proto.SetRulesRequest;
import cairn.wire.proto.StatRequest;
import cairn.wire.proto.TruncateRequest;
import cairn.wire.proto.UndeleteRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * The master's core under requests with any values in them, from clients and chunkservers, and under lying answers to its
 * orders. It may refuse; it must not throw, because that ends the master. What it logged must lead to the same image again.
 */
final class MasterFuzz {
    private static final int TURNS_MAX = 80;
    private static final int ORDERS_MAX = 64;

    private static final Method[] METHODS = {
        Method.CREATE,
        Method.MKDIR,
        Method.DELETE,
        Method.RENAME,
        Method.STAT,
        Method.LIST,
        Method.SET_ATTRIBUTES,
        Method.UNDELETE,
        Method.LIST_TRASH,
        Method.EMPTY_TRASH,
        Method.SET_RULES,
        Method.RULES,
        Method.LOCATE,
        Method.OPEN_CHUNK,
        Method.ADD_CHUNK,
        Method.TRUNCATE,
        Method.BAD_REPLICA,
        Method.REPORT,
        Method.DRAIN,
        Method.FORGET,
        Method.LIMITS,
        Method.REGISTER,
        Method.REPLICAS,
        Method.HEARTBEAT,
        Method.SEAL_CHUNK,
        Method.MEMBER_FAILED,
        Method.CHECK,
        Method.EXPLAIN
    };

    private static final List<ErrorCode> CODES = List.of(ErrorCode.values());

    private final Source source;
    private final MasterImage image = new MasterImage();
    private final List<byte[]> log = new ArrayList<>();
    private final Deque<Effect.Order> orders = new ArrayDeque<>();
    private final MasterCore core;
    private long nanos;

    private MasterFuzz(Source source) {
        this.source = source;
        MasterRecord first = new MasterRecord.CellCreated(7, new Geometry(64 << 10, 1 << 10), 3, 1000);
        image.apply(first);
        log.add(Records.encode(List.of(first)));
        core = new MasterCore(image, MasterSettings.DEFAULT, 0);
        for (long known = 1; known <= 8; known++) {
            source.hint(known);
        }
    }

    static void run(byte[] data) throws MalformedRecord {
        MasterFuzz fuzz = new MasterFuzz(new Source(data));
        for (int turn = 0; turn < TURNS_MAX && !fuzz.source.isEmpty(); turn++) {
            fuzz.turn(turn + 1);
        }
        fuzz.checkLog();
    }

    private void turn(long ticket) {
        nanos += source.coin() ? 1_000_000 : 20_000_000_000L;
        int kind = source.below(10);
        if (kind == 0) {
            take(new MasterInput.Tick(source.number()));
        } else if (kind < 4 && !orders.isEmpty()) {
            take(answerTo(orders.removeFirst()));
        } else {
            Method method = METHODS[source.below(METHODS.length)];
            byte[] message = Messages.write(Schema.PROTOCOL.shape(method).request(), source);
            try {
                take(request(ticket, method, message));
            } catch (InvalidProtocolBufferException e) {
                // refused before it gets to the core
            }
        }
    }

    private void take(MasterInput input) {
        Turn turn = core.step(input, new Moment(nanos, 1000 + nanos / 1_000_000));
        turn.records().forEach(core::apply);
        if (!turn.records().isEmpty()) {
            log.add(Records.encode(turn.records()));
        }
        for (Effect effect : turn.effects()) {
            if (effect instanceof Effect.Order order && orders.size() < ORDERS_MAX) {
                orders.addLast(order);
                source.hint(order.target().server().value());
            }
        }
    }

    private MasterInput answerTo(Effect.Order order) {
        var server = order.target().server();
        boolean good = source.coin();
        ErrorCode code = CODES.get(source.below(CODES.size()));
        MasterInput.Failure failure = new MasterInput.Failure(code, source.coin(), source.number(), "fuzzed");
        return switch (order) {
            case Effect.Prepare(var _, var chunk, var version, var _, var _) ->
                good
                        ? new MasterInput.PrepareAnswered(chunk, version, server, report())
                        : new MasterInput.PrepareFailed(chunk, version, server, failure);
            case Effect.Lead(var _, var chunk, var version, var _) ->
                good
                        ? new MasterInput.LeadAnswered(chunk, version, server, source.number())
                        : new MasterInput.LeadFailed(chunk, version, server, failure);
            case Effect.Probe(var _, var chunk, var version) ->
                good
                        ? new MasterInput.ProbeAnswered(chunk, version, server)
                        : new MasterInput.ProbeFailed(chunk, version, server, failure);
            case Effect.Clone(var _, var chunk, var version, var _) ->
                good
                        ? new MasterInput.CloneAnswered(chunk, version, server, report(), source.number())
                        : new MasterInput.CloneFailed(chunk, version, server, failure);
            case Effect.Fork(var _, var chunk, var version, var _) ->
                good
                        ? new MasterInput.ForkAnswered(chunk, version, server, report())
                        : new MasterInput.ForkFailed(chunk, version, server, failure);
            case Effect.Drop drop ->
                good
                        ? new MasterInput.DropAnswered(drop.veil(), server)
                        : new MasterInput.DropFailed(drop.veil(), server, failure);
            case Effect.Scrub _ -> new MasterInput.Tick(3);
            case Effect.Seal _ -> new MasterInput.Tick(2);
        };
    }

    private ReplicaReport report() {
        try {
            return ReplicaReport.parseFrom(Messages.write("ReplicaReport", source));
        } catch (InvalidProtocolBufferException e) {
            return ReplicaReport.getDefaultInstance();
        }
    }

    private MasterInput request(long ticket, Method method, byte[] bytes) throws InvalidProtocolBufferException {
        return switch (method) {
            case CREATE -> new MasterInput.Create(ticket, CreateRequest.parseFrom(bytes), source.number());
            case MKDIR -> new MasterInput.Mkdir(ticket, MkdirRequest.parseFrom(bytes));
            case DELETE -> new MasterInput.Delete(ticket, DeleteRequest.parseFrom(bytes));
            case RENAME -> new MasterInput.Rename(ticket, RenameRequest.parseFrom(bytes));
            case STAT -> new MasterInput.Stat(ticket, StatRequest.parseFrom(bytes));
            case LIST -> new MasterInput.ListDirectory(ticket, ListRequest.parseFrom(bytes));
            case SET_ATTRIBUTES -> new MasterInput.SetAttributes(ticket, SetAttributesRequest.parseFrom(bytes));
            case UNDELETE -> new MasterInput.Undelete(ticket, UndeleteRequest.parseFrom(bytes));
            case LIST_TRASH -> new MasterInput.ListTrash(ticket, ListTrashRequest.parseFrom(bytes));
            case EMPTY_TRASH -> new MasterInput.EmptyTrash(ticket, EmptyTrashRequest.parseFrom(bytes));
            case SET_RULES -> new MasterInput.SetRules(ticket, SetRulesRequest.parseFrom(bytes));
            case RULES -> new MasterInput.Rules(ticket, RulesRequest.parseFrom(bytes));
            case LOCATE -> new MasterInput.Locate(ticket, LocateRequest.parseFrom(bytes));
            case OPEN_CHUNK -> new MasterInput.OpenChunk(ticket, OpenChunkRequest.parseFrom(bytes));
            case ADD_CHUNK -> new MasterInput.AddChunk(ticket, AddChunkRequest.parseFrom(bytes), source.number());
            case TRUNCATE -> new MasterInput.Truncate(ticket, TruncateRequest.parseFrom(bytes));
            case BAD_REPLICA -> new MasterInput.BadReplica(ticket, BadReplicaRequest.parseFrom(bytes));
            case REPORT -> new MasterInput.Report(ticket, 1, 1, 1);
            case DRAIN -> new MasterInput.Drain(ticket, DrainRequest.parseFrom(bytes));
            case FORGET -> new MasterInput.Forget(ticket, ForgetRequest.parseFrom(bytes));
            case LIMITS -> new MasterInput.Limits(ticket, LimitsRequest.parseFrom(bytes));
            case CHECK -> new MasterInput.Check(ticket, CheckRequest.parseFrom(bytes));
            case EXPLAIN -> new MasterInput.Explain(ticket, ExplainRequest.parseFrom(bytes));
            case REGISTER -> new MasterInput.Register(ticket, RegisterRequest.parseFrom(bytes));
            case REPLICAS -> new MasterInput.Replicas(ticket, ReplicasRequest.parseFrom(bytes));
            case HEARTBEAT -> new MasterInput.Heartbeat(ticket, HeartbeatRequest.parseFrom(bytes));
            case SEAL_CHUNK -> new MasterInput.SealChunk(ticket, SealChunkRequest.parseFrom(bytes));
            case MEMBER_FAILED -> new MasterInput.MemberFailed(ticket, MemberFailedRequest.parseFrom(bytes));
            default -> throw new IllegalStateException("no method of the master: " + method);
        };
    }

    /** From the log, and from a checkpoint, the same master comes back. */
    private void checkLog() throws MalformedRecord {
        MasterImage replayed = new MasterImage();
        for (byte[] entry : log) {
            Records.decode(entry).forEach(replayed::apply);
        }
        MasterImage reloaded = new MasterImage();
        for (byte[] record : exported(image)) {
            ImageCodec.load(reloaded, record);
        }
        check(exported(replayed), "the log");
        check(exported(reloaded), "a checkpoint");
    }

    private void check(List<byte[]> other, String from) {
        if (!hex(other).equals(hex(exported(image)))) {
            throw new AssertionError("another master comes back from " + from);
        }
    }

    private static List<byte[]> exported(MasterImage image) {
        List<byte[]> records = new ArrayList<>();
        ImageCodec.export(image, records::add);
        return records;
    }

    private static List<String> hex(List<byte[]> records) {
        return records.stream().map(HexFormat.of()::formatHex).toList();
    }
}
