package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.StatRequest;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/** A real server and what is needed to call it. */
final class Cell implements AutoCloseable {
    static final long ID = 0x1234;

    final Set<Probe> met = new ConcurrentSkipListSet<>();
    final World world = noting(RealWorld.create(), met);
    final Queue<String> events = new ConcurrentLinkedQueue<>();
    final Queue<Call> kept = new ConcurrentLinkedQueue<>();
    final Semaphore waiting = new Semaphore(0);
    final Endpoint serverSide;
    final Endpoint clientSide;
    final RpcServer server;

    Cell() throws IOException {
        this(RpcOptions.DEFAULT);
    }

    Cell(RpcOptions options) throws IOException {
        serverSide = endpoint("server", options);
        clientSide = endpoint("client", options);
        server = RpcServer.start(serverSide, world.network().listen(new ServerAddress("127.0.0.1", 0)), service());
    }

    Endpoint endpoint(String role, RpcOptions options) {
        PayloadPool pool = new PayloadPool(world.time(), 64 << 20);
        return new Endpoint(world, () -> new Hello(ID, "test", role, Geometry.STANDARD), pool, options, new Events());
    }

    RpcService service() {
        return new Service();
    }

    private static World noting(World real, Set<Probe> met) {
        return new World(real.time(), real.threads(), real.network(), real.disks(), real.entropy(), met::add);
    }

    RpcConnection connect() throws RpcException {
        return RpcConnection.connect(clientSide, server.address(), in(10_000));
    }

    long in(long millis) {
        return world.time().nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    String stat(RpcConnection connection, String path) throws RpcException {
        Reply<StatRequest> reply = connection
                .call(Method.STAT, StatRequest.newBuilder().setPath(path).build())
                .await(StatRequest.parser(), in(10_000));
        reply.release();
        return reply.message().getPath();
    }

    /** Waits until it holds, and fails when it never does. */
    static void eventually(String what, java.util.function.BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            if (holds.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("never: " + what);
    }

    @Override
    public void close() {
        server.close();
    }

    static int sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    /** STAT echoes; READ gives zeros; MUTATE sums; AWAIT and SUMS are kept unanswered; COMMITTED waits; others misbehave. */
    private final class Service implements RpcService {
        @Override
        public Dispatch dispatch(Method method) {
            return method == Method.CLONE || method == Method.LIST || method == Method.COMMITTED
                    ? Dispatch.BLOCKING
                    : Dispatch.INLINE;
        }

        @Override
        public void handle(Call call) throws IOException {
            switch (call.method()) {
                case STAT, LIST, HEARTBEAT -> call.reply(call.message(StatRequest.parser()));
                case MUTATE ->
                    call.reply(MutateReply.newBuilder()
                            .setOffset(Integer.toUnsignedLong(sum(call.payload().buffer())))
                            .setCommitted(call.message(MutateRequest.parser()).getOffset())
                            .build());
                case READ -> {
                    int length = call.message(ReadRequest.parser()).getLength();
                    call.reply(ReadReply.getDefaultInstance(), call.roomForReply(length));
                }
                case AWAIT, SUMS -> kept.add(call);
                case COMMITTED -> {
                    waiting.acquireUninterruptibly();
                    call.reply(StatRequest.getDefaultInstance());
                }
                case CLONE -> throw new IllegalStateException("a mistake");
                case SEAL -> call.fail(ErrorCode.SEALED, "sealed at 42", 42);
                case LOCATE -> throw new CairnException(ErrorCode.NOT_FOUND, "/a does not exist");
                default -> call.fail(ErrorCode.BAD_REQUEST, "not here");
            }
        }
    }

    private final class Events implements RpcEvents {
        @Override
        public void connectionRefused(String peer, String why) {
            events.add("refused " + why);
        }

        @Override
        public void protocolError(String peer, String what) {
            events.add("protocol " + what);
        }

        @Override
        public void slowPeer(String peer, String what) {
            events.add("slow " + what);
        }

        @Override
        public void callFailed(String peer, String method, Throwable problem) {
            events.add("failed " + method + " " + problem.getMessage());
        }
    }
}
