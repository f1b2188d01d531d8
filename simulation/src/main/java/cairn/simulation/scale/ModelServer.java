package cairn.simulation.scale;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.Patience;
import cairn.model.Retry;
import cairn.model.ServerAddress;
import cairn.model.Slice;
import cairn.model.Software;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.PayloadPool;
import cairn.rpc.RpcEvents;
import cairn.rpc.RpcException;
import cairn.rpc.RpcOptions;
import cairn.rpc.RpcPool;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.simulation.SimNode;
import cairn.wire.Method;
import cairn.wire.proto.CloneReply;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.DropRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chunkserver with replicas that have no bytes. It talks to the master as a real one does ({@code MasterLink}): registers, shows all
 * it holds in pages, sends heartbeats with a slice of it and obeys the answers; and it takes as long for a copy as the bytes would.
 * It knows sealed chunks only: the master has no cause to start a version.
 */
final class ModelServer implements RpcService {
    static final ServerAddress MASTER = new ServerAddress("master", 7433);

    private static final int PORT = 7434;
    private static final long RETRY_NANOS = 250_000_000L;

    private static final int ROOM = 100;
    private static final int READ_AHEAD_BYTES = 4 << 10;
    private static final long PAYLOAD_BYTES_MAX = 2L * Limits.PAYLOAD_BYTES_MAX;

    private final ScalePlan plan;
    private final Ledger ledger;
    private final Map<String, ModelServer> all;
    private final SimNode host;
    private final ServerAddress address;
    private final String rack;
    private final long diskBytes;
    private int[] handles;
    private int held;
    private int shownThrough;
    private int late;
    private int copies;
    private long id;
    private long session;
    private long heartbeats;
    private long obeyed;
    private boolean registered;
    private @Nullable World world;

    /** What the servers of a cell have in common; all of them by their addresses. */
    record Shared(ScalePlan plan, Ledger ledger, Map<String, ModelServer> all) {}

    /**
     * @param number from 0
     * @param handles rising; it holds these from now on
     */
    ModelServer(Shared shared, SimNode host, int number, int[] handles) {
        this.plan = shared.plan();
        this.ledger = shared.ledger();
        this.all = shared.all();
        this.host = host;
        this.address = addressOf(number);
        this.rack = plan.rackOf(number);
        this.diskBytes = plan.diskBytes(number);
        this.handles = handles;
        this.held = handles.length;
        this.id = number < plan.servers() ? number + 1L : 0;
        for (int handle : handles) {
            ledger.came(handle);
        }
        all.put(address.toString(), this);
    }

    static ServerAddress addressOf(int number) {
        return new ServerAddress("chunk" + number, PORT);
    }

    /** Its host loses power, for good. */
    void die() {
        host.powerLoss();
        registered = false;
        for (int i = 0; i < held; i++) {
            ledger.went(handles[i]);
        }
        held = 0;
    }

    boolean isRegistered() {
        return registered;
    }

    /** The master has gone; it will find out. */
    void unregistered() {
        registered = false;
    }

    String rack() {
        return rack;
    }

    /** From 0 (empty) to 1 (full). */
    double fullness() {
        return (double) held * plan.chunkBytes() / diskBytes;
    }

    /** The host's process. */
    void run(World outside) throws IOException {
        world = outside;
        Endpoint self = new Endpoint(
                outside,
                () -> new Hello(Population.CELL_ID, Software.NAME, "chunkserver"),
                new PayloadPool(outside.time(), PAYLOAD_BYTES_MAX),
                RpcOptions.DEFAULT.readAheadBytes(READ_AHEAD_BYTES),
                RpcEvents.NONE);
        RpcServer.start(self, outside.network().listen(address), this);
        RpcPool pool = new RpcPool(self);
        while (true) {
            try {
                RegisterReply terms = register(pool);
                reportAll(pool);
                registered = true;
                late = 0;
                beat(pool, terms.getHeartbeatNanos());
            } catch (RpcException e) {
                ledger.refused();
                registered = false;
            }
            world().time().sleep(RETRY_NANOS);
        }
    }

    private World world() {
        return Objects.requireNonNull(world);
    }

    private RegisterReply register(RpcPool pool) throws RpcException {
        session = world().entropy().nextLong();
        RegisterRequest request = RegisterRequest.newBuilder()
                .setServerId(id)
                .setCellId(Population.CELL_ID)
                .setSession(session)
                .setAddress(address.toString())
                .setRack(rack)
                .addDisks(disk())
                .setSoftware(Software.NAME)
                .build();
        RegisterReply reply = callPatiently(pool, Method.REGISTER, request, RegisterReply.parser());
        id = reply.getServerId();
        return reply;
    }

    private void reportAll(RpcPool pool) throws RpcException {
        int at = 0;
        do {
            int end = Math.min(held, at + Limits.REPORT_PAGE_MAX);
            ReplicasRequest.Builder page = ReplicasRequest.newBuilder()
                    .setServerId(id)
                    .setSession(session)
                    .setLast(end == held);
            for (int i = at; i < end; i++) {
                page.addReplicas(report(handles[i]));
            }
            ReplicasReply reply = callPatiently(pool, Method.REPLICAS, page.build(), ReplicasReply.parser());
            reply.getDropList().forEach(handle -> drop(handle.intValue()));
            at = end;
        } while (at < held);
    }

    private <M extends MessageLite> M callPatiently(RpcPool pool, Method method, MessageLite request, Parser<M> parser)
            throws RpcException {
        long deadline = world().time().nanos() + Patience.registration(late);
        while (true) {
            try {
                return pool.call(MASTER, method, request, parser, deadline);
            } catch (RpcException e) {
                boolean inTime = world().time().nanos() < deadline;
                late += inTime ? 0 : 1;
                if (!inTime || e.code() != ErrorCode.BUSY) {
                    throw e;
                }
                ledger.refused();
                world().time().sleep(RETRY_NANOS);
            }
        }
    }

    private void beat(RpcPool pool, long everyNanos) throws RpcException {
        while (true) {
            world().time().sleep(everyNanos);
            HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder()
                    .setServerId(id)
                    .setSession(session)
                    .setNumber(++heartbeats)
                    .setObeyed(obeyed)
                    .setWallMillis(world().time().wallMillis())
                    .addDisks(disk());
            addSlice(request, everyNanos);
            long deadline = world().time().nanos() + Patience.MASTER_ANSWERS_NANOS;
            try {
                HeartbeatReply reply =
                        pool.call(MASTER, Method.HEARTBEAT, request.build(), HeartbeatReply.parser(), deadline);
                ledger.heartbeat();
                reply.getDropList().forEach(handle -> drop(handle.intValue()));
                obeyed = heartbeats;
            } catch (RpcException e) {
                if (e.code().retry() == Retry.REFRESH || e.code().retry() == Retry.NO) {
                    throw e;
                }
                ledger.refused();
            }
        }
    }

    private void addSlice(HeartbeatRequest.Builder request, long everyNanos) {
        int at = Arrays.binarySearch(handles, 0, held, shownThrough);
        int from = at < 0 ? -at - 1 : at + 1;
        int end = Math.min(held, from + Slice.of(held, everyNanos));
        for (int i = from; i < end; i++) {
            request.addReplicas(report(handles[i]));
        }
        request.setAllAfter(shownThrough).setAllThrough(end < held ? handles[end - 1] : Long.MAX_VALUE);
        shownThrough = end < held ? handles[end - 1] : 0;
    }

    private DiskReport disk() {
        long used = held * plan.chunkBytes();
        return DiskReport.newBuilder()
                .setPath("/disk0")
                .setTotalBytes(diskBytes)
                .setUsableBytes(Math.max(0, diskBytes - used))
                .setUsedBytes(used)
                .setChunks(held)
                .setState("ok")
                .build();
    }

    private ReplicaReport report(int handle) {
        return ReplicaReport.newBuilder()
                .setHandle(handle)
                .setFence(1)
                .setEstablished(1)
                .setLength(plan.chunkBytes())
                .setSealed(true)
                .build();
    }

    private boolean has(int handle) {
        return Arrays.binarySearch(handles, 0, held, handle) >= 0;
    }

    private void add(int handle) {
        int at = -Arrays.binarySearch(handles, 0, held, handle) - 1;
        if (at < 0) {
            return;
        }
        if (held == handles.length) {
            handles = Arrays.copyOf(handles, held + held / 8 + ROOM);
        }
        System.arraycopy(handles, at, handles, at + 1, held - at);
        handles[at] = handle;
        held++;
        ledger.came(handle);
    }

    private void drop(int handle) {
        int at = Arrays.binarySearch(handles, 0, held, handle);
        if (at >= 0) {
            System.arraycopy(handles, at + 1, handles, at, held - at - 1);
            held--;
            ledger.went(handle);
            ledger.drops();
        }
    }

    // ---- orders

    @Override
    public Dispatch dispatch(Method method) {
        return method == Method.CLONE ? Dispatch.BLOCKING : Dispatch.INLINE;
    }

    @Override
    public void handle(Call call) throws IOException {
        switch (call.method()) {
            case CLONE -> copy(call, call.message(CloneRequest.parser()));
            case DROP -> {
                List<Long> dropped = call.message(DropRequest.parser()).getHandlesList();
                dropped.forEach(handle -> drop(handle.intValue()));
                call.reply(Empty.getDefaultInstance());
            }
            default -> {
                ledger.unplanned();
                throw new CairnException(ErrorCode.BAD_REQUEST, "a modelled server does not answer " + call.method());
            }
        }
    }

    /** From the first source that lives, for as long as that takes. */
    private void copy(Call call, CloneRequest request) throws CairnException {
        int handle = (int) request.getHandle();
        for (Member member : request.getSourcesList()) {
            ModelServer source = all.get(member.getAddress());
            if (source != null && source.has(handle)) {
                long moved = move(source, request.getLength(), request.getBytesPerSecondMax());
                if (source.has(handle)) {
                    add(handle);
                    ledger.copyEnds(moved);
                    call.reply(CloneReply.newBuilder()
                            .setReplica(report(handle))
                            .setMoved(moved)
                            .build());
                    return;
                }
                ledger.copyEnds(0);
            }
        }
        throw new CairnException(ErrorCode.NO_REPLICA, "no source of it lives");
    }

    private long move(ModelServer source, long bytes, long bytesPerSecond) {
        ledger.copyBegins();
        takePart(1);
        source.takePart(1);
        long rate = bytesPerSecond == 0 ? plan.rateBytes() : bytesPerSecond;
        world().time().sleep((long) (bytes * 1e9 / rate));
        source.takePart(-1);
        takePart(-1);
        return bytes;
    }

    private void takePart(int more) {
        copies += more;
        ledger.busy(copies);
    }
}
