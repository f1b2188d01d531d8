package cairn.simulation.fuzz;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.ReadRequest;
import cairn.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The client library against a cell whose every answer is made up: each operation ends with an exception that it documents,
 * or well, in bounded time; it never asks for memory because a server says so.
 */
final class ClientFuzz {
    private static final ServerAddress LIAR = new ServerAddress("chunk0", 7434);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofHours(2);

    private static final List<ErrorCode> CODES = List.of(ErrorCode.values());

    private final Source source;
    private boolean listening;
    private boolean done;

    private ClientFuzz(Source source) {
        this.source = source;
    }

    static void run(byte[] data) {
        try (Simulation simulation = new Simulation(1, SimOptions.calm())) {
            ClientFuzz fuzz = new ClientFuzz(new Source(data));
            simulation.node("chunk0").start(fuzz::lie);
            simulation.run(LIMIT, () -> fuzz.listening);
            simulation.node("client").start(fuzz::use);
            simulation.run(LIMIT, () -> fuzz.done);
        }
    }

    private void lie(World world) throws IOException {
        Endpoint self = Endpoint.of(world, () -> new Hello(7, "liar", "master", new Geometry(64 << 10, 1 << 10)));
        RpcServer.start(self, world.network().listen(LIAR), new Lies());
        listening = true;
    }

    private final class Lies implements RpcService {
        @Override
        public Dispatch dispatch(Method method) {
            return Dispatch.INLINE;
        }

        @Override
        public void handle(Call call) throws IOException {
            if (source.octet() < 60) {
                ErrorCode code = CODES.get(source.below(CODES.size()));
                call.fail(code, "a lie", source.number());
                return;
            }
            Schema.Shape shape = Schema.PROTOCOL.shape(call.method());
            int bytes = 0;
            if (shape.replyPayload() && call.method() == Method.READ) {
                int asked = call.message(ReadRequest.parser()).getLength();
                bytes = source.coin() ? asked : Math.min(asked, source.below(5000));
            } else if (shape.replyPayload()) {
                bytes = source.below(5000);
            }
            Payload payload = bytes <= 0 ? Payload.empty() : Payload.of(ByteBuffer.allocate(bytes));
            call.reply(CellFuzz.Raw.of(Messages.write(shape.reply(), source)), payload);
        }
    }

    /** What a user does. */
    private interface Operation {
        void run() throws IOException;
    }

    private void use(World world) {
        ClientOptions options = ClientOptions.DEFAULTS.withOperationTimeout(TIMEOUT);
        try (Cairn cairn = Cairn.connect(List.of(LIAR), options, world)) {
            attempt(() -> write(cairn.create("/a", CreateOptions.DEFAULTS)));
            attempt(() -> read(cairn.open("/a").asStream()));
            attempt(() -> cairn.stat("/a"));
            attempt(() -> {
                int seen = 0;
                for (var entry : cairn.list("/")) {
                    seen += entry.path() == null ? 0 : 1;
                    if (seen > 10_000) {
                        return;
                    }
                }
            });
            attempt(() -> cairn.rename("/a", "/b", true));
            attempt(() -> cairn.delete("/a", true, true));
            attempt(() -> cairn.report());
            attempt(() -> {
                try (var appender = cairn.append("/a", AppendOptions.DEFAULTS)) {
                    appender.append(ByteBuffer.allocate(100));
                }
            });
        } catch (IOException e) {
            // as it should
        } finally {
            done = true;
        }
    }

    private static void attempt(Operation operation) {
        try {
            operation.run();
        } catch (CairnException | UncheckedIOException e) {
            // as it should; a listing is read on while it is walked, and may not throw what it would
        } catch (IOException e) {
            throw new AssertionError("an exception that is not ours", e);
        }
    }

    private static void write(OutputStream out) throws IOException {
        try (out) {
            out.write(new byte[20_000]);
        }
    }

    private static void read(InputStream in) throws IOException {
        try (in) {
            byte[] some = new byte[4096];
            for (int i = 0; i < 50 && in.read(some) >= 0; i++) {
                // on
            }
        }
    }
}
