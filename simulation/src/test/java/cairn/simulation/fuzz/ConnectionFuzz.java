package cairn.simulation.fuzz;

import cairn.model.ServerAddress;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.wire.Frame;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.HelloRequest;
import cairn.world.Connection;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;

/** A server's connections under any bytes: whole frames, frames that lie about their lengths, halves, noise, silence. */
final class ConnectionFuzz {
    private static final ServerAddress SERVER = new ServerAddress("server", 1);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int PIECES_MAX = 40;
    private static final List<Method> METHODS = List.of(Method.values());

    private final Source source;
    private Endpoint serverSide;
    private RpcServer server;
    private boolean sent;

    private ConnectionFuzz(Source source) {
        this.source = source;
    }

    static void run(byte[] data) {
        ConnectionFuzz fuzz = new ConnectionFuzz(new Source(data));
        try (Simulation simulation = new Simulation(1, SimOptions.calm())) {
            simulation.node("server").start(fuzz::serve);
            simulation.run(LIMIT, () -> fuzz.server != null);
            simulation.node("peer").start(fuzz::send);
            simulation.run(LIMIT, () -> fuzz.sent);
            // Whatever it was, the connection ends and all is given back.
            simulation.run(
                    LIMIT,
                    () -> fuzz.server.connections() == 0
                            && fuzz.serverSide.pool().outstanding() == 0);
        }
    }

    private void serve(World world) throws IOException {
        serverSide = Endpoint.of(world, () -> new Hello(7, "fuzzed", "server"));
        server = RpcServer.start(serverSide, world.network().listen(SERVER), new Echo());
    }

    /** Answers everything, with bytes where it may. */
    private static final class Echo implements RpcService {
        @Override
        public Dispatch dispatch(Method method) {
            return method.number() % 2 == 0 ? Dispatch.INLINE : Dispatch.BLOCKING;
        }

        @Override
        public boolean urgent(Method method) {
            return method == Method.REPLICATE;
        }

        @Override
        public void handle(Call call) throws IOException {
            call.reply(call.message(Empty.parser()));
        }
    }

    private void send(World world) {
        try {
            Connection connection = world.network().connect(SERVER, world.time().nanos() + LIMIT.toNanos());
            if (source.octet() < 240) {
                HelloRequest hello =
                        HelloRequest.newBuilder().setProtocolVersion(1).build();
                connection.write(ByteBuffer.wrap(Frame.encode(FrameKind.REQUEST, 1, 1, hello, 0)));
            }
            for (int i = 0; i < PIECES_MAX && !source.isEmpty(); i++) {
                connection.write(ByteBuffer.wrap(piece()));
                if (source.octet() > 250) {
                    world.time().sleep(3_000_000_000L);
                }
            }
            connection.close();
        } catch (IOException e) {
            // cut off, as it should be
        }
        sent = true;
    }

    private byte[] piece() {
        int kind = source.below(4);
        if (kind == 0) {
            return source.bytes(source.below(100));
        }
        byte[] message = source.bytes(source.below(100));
        byte[] payload = new byte[source.below(4) == 0 ? source.below(70_000) : 0];
        ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES + message.length + payload.length);
        frame.putShort((short) 0xCA1F).put((byte) 1).put((byte) (source.octet() < 230 ? 1 : source.octet()));
        int method =
                source.octet() < 230 ? METHODS.get(source.below(METHODS.size())).number() : 999;
        frame.putShort((short) method)
                .putShort((short) (source.octet() < 240 ? 0 : 1))
                .putLong(source.number());
        frame.putInt(kind == 1 ? (int) source.number() : message.length);
        frame.putInt(kind == 2 ? (int) source.number() : payload.length);
        CRC32C sum = new CRC32C();
        sum.update(frame.array(), 0, 24);
        sum.update(message);
        return frame.putInt((int) sum.getValue()).put(message).put(payload).array();
    }
}
