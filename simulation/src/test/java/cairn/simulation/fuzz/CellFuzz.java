package cairn.simulation.fuzz;

import cairn.client.Cairn;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.client.QuotaChange;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcConnection;
import cairn.rpc.RpcException;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.Member;
import cairn.world.World;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole simulated cell. A hostile process calls every method of its servers with any values, knowing the handles and
 * servers of a file of its own; beside it a client writes, appends and reads. No process may die (the simulation fails when a
 * thread does), no answer may be INTERNAL, and the client's operations must all end well.
 */
final class CellFuzz {
    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final int FIRST_OF_MASTER = 10;
    private static final int FIRST_OF_CHUNKSERVER = 60;
    private static final int SERVERS = 3;
    private static final int CALLS_MAX = 60;
    private static final long CALL_NANOS = 2_000_000_000L;
    private static final Duration LIMIT = Duration.ofMinutes(20);

    private final Simulation simulation;
    private final Source source;
    private final List<String> faults = new ArrayList<>();
    private int registered;
    private boolean prepared;
    private boolean hostileDone;
    private int goodOperations;
    private boolean goodDone;

    private CellFuzz(Simulation simulation, Source source) {
        this.simulation = simulation;
        this.source = source;
    }

    static void run(byte[] data) {
        refusedAsAbsurd(data);
    }

    /** Runs it; how often a chunkserver refused numbers that no request can have. */
    static long refusedAsAbsurd(byte[] data) {
        try (Simulation simulation = new Simulation(1, SimOptions.calm())) {
            new CellFuzz(simulation, new Source(data)).run();
            return simulation.probes().of(Probe.REQUEST_ABSURD);
        }
    }

    private void run() {
        simulation.node("master").start(this::master);
        for (int i = 0; i < SERVERS; i++) {
            SimNode node = simulation.node("chunk" + i);
            node.start(world -> chunkServer(world, node.name()));
        }
        simulation.run(LIMIT, () -> registered == SERVERS);
        simulation.node("good").start(this::good);
        simulation.run(LIMIT, () -> prepared);
        simulation.node("hostile").start(this::hostile);
        simulation.run(LIMIT, () -> hostileDone && goodDone);
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults));
        }
        for (SimNode node : simulation.nodes()) {
            if (!node.isRunning()) {
                throw new AssertionError(node + " is dead");
            }
        }
    }

    private void master(World world) throws IOException {
        MasterServer.start(world, MasterOptions.of("/master", MASTER).withGeometry(new Geometry(64 << 10, 1 << 10)));
    }

    private void chunkServer(World world, String host) throws IOException {
        ChunkServer server = ChunkServer.start(
                world, ChunkServerOptions.of(List.of("/disk"), MASTER, new ServerAddress(host, 7434)));
        server.awaitRegistered(world.time().nanos() + LIMIT.toNanos());
        registered++;
    }

    /** Writes and reads back while the other does its worst. */
    private void good(World world) throws IOException {
        ClientOptions options = ClientOptions.DEFAULTS.withOperationTimeout(Duration.ofMinutes(2));
        try (Cairn cairn = Cairn.connect(List.of(MASTER), options, world)) {
            write(cairn, "/hostile", 3000);
            prepared = true;
            for (int i = 0; i < 8; i++) {
                String path = "/good/file" + i;
                writeUnderQuota(cairn, path);
                try (InputStream in = cairn.open(path).asStream()) {
                    if (in.readAllBytes().length != 5000) {
                        faults.add(path + " is not as it was written");
                    }
                }
                goodOperations++;
                world.time().sleep(500_000_000L);
            }
        } catch (CairnException e) {
            faults.add("the good client failed after " + goodOperations + " operations: " + e.getMessage());
        }
        goodDone = true;
    }

    /** A quota is anybody's to set: what the other set is lifted, as an operator would. */
    private static void writeUnderQuota(Cairn cairn, String path) throws IOException {
        for (int lifted = 0; ; lifted++) {
            try {
                write(cairn, path, 5000);
                return;
            } catch (CairnException e) {
                if (e.code() != ErrorCode.QUOTA_EXCEEDED || lifted == CALLS_MAX) {
                    throw e;
                }
                cairn.setQuota("/", QuotaChange.CLEAR);
                if (cairn.exists("/good")) {
                    cairn.setQuota("/good", QuotaChange.CLEAR);
                }
            }
        }
    }

    private static void write(Cairn cairn, String path, int bytes) throws IOException {
        try (OutputStream out =
                cairn.create(path, CreateOptions.DEFAULTS.withMakeParents(true).withOverwrite(true))) {
            out.write(new byte[bytes]);
        }
    }

    private void hostile(World world) throws IOException {
        Endpoint self = Endpoint.of(world, () -> new Hello(0, "hostile", "chunkserver"));
        try {
            learn(world, self);
            for (int i = 0; i < CALLS_MAX && !source.isEmpty(); i++) {
                call(world, self);
            }
        } finally {
            hostileDone = true;
        }
    }

    /** Handles, versions and servers of its own file; what is damaged of it is nobody else's. */
    private void learn(World world, Endpoint self) throws RpcException {
        long deadline = world.time().nanos() + CALL_NANOS;
        RpcConnection master = RpcConnection.connect(self, MASTER, deadline);
        LocateRequest request =
                LocateRequest.newBuilder().setPath("/hostile").setCount(10).build();
        LocateReply reply = master.call(Method.LOCATE, request)
                .await(LocateReply.parser(), deadline)
                .message();
        source.hint(reply.getFileId());
        for (ChunkLocation chunk : reply.getChunksList()) {
            source.hint(chunk.getHandle());
            source.hint(chunk.getVersion());
            source.hint(chunk.getVersion() + 1);
            for (Member member : chunk.getMembersList()) {
                source.hint(member.getServerId());
            }
        }
        master.close();
    }

    private void call(World world, Endpoint self) {
        int target = source.below(1 + SERVERS);
        ServerAddress address = target == 0 ? MASTER : new ServerAddress("chunk" + (target - 1), 7434);
        Method method = method(target == 0);
        Schema.Shape shape = Schema.PROTOCOL.shape(method);
        MessageLite message = Raw.of(Messages.write(shape.request(), source));
        int bytes = shape.requestPayload() == (source.octet() < 240) ? source.below(3000) : 0;
        long deadline = world.time().nanos() + CALL_NANOS;
        try {
            RpcConnection connection = RpcConnection.connect(self, address, deadline);
            try {
                Reply<MessageLite> reply = connection
                        .call(method, message, Payload.of(ByteBuffer.allocate(bytes)))
                        .await(Raw.PARSER, deadline);
                reply.release();
            } finally {
                connection.close();
            }
        } catch (RpcException e) {
            if (e.code() == ErrorCode.INTERNAL) {
                faults.add(method + " at " + address + ": " + e.getMessage());
            }
        }
    }

    /** Mostly one that this server knows. */
    private Method method(boolean master) {
        List<Method> methods = new ArrayList<>();
        boolean any = source.octet() > 240;
        for (Method method : Method.values()) {
            boolean fits = (method.number() < FIRST_OF_CHUNKSERVER) == master;
            if (method.number() >= FIRST_OF_MASTER && (fits || any)) {
                methods.add(method);
            }
        }
        return methods.get(source.below(methods.size()));
    }

    /** Bytes as a message: whatever they are. */
    static final class Raw {
        static final Parser<MessageLite> PARSER = parser();

        private Raw() {}

        @SuppressWarnings("unchecked") // every parser gives messages
        private static Parser<MessageLite> parser() {
            return (Parser<MessageLite>) (Parser<?>) cairn.wire.proto.Empty.parser();
        }

        /** An empty message whose unknown fields are these bytes, or an empty one when they are no message. */
        static MessageLite of(byte[] bytes) {
            try {
                return cairn.wire.proto.Empty.parseFrom(ByteString.copyFrom(bytes));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                return cairn.wire.proto.Empty.getDefaultInstance();
            }
        }
    }
}
