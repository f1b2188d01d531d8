package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnOutput;
import cairn.client.ChunkInfo;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.simulation.SimDisk;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The only replica of a chunk that is here is put aside at a start, as its journal is misread, and found to be well later. */
class TakenBackTest {
    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final ServerAddress SERVER = new ServerAddress("server", 7434);
    private static final ServerAddress OTHER = new ServerAddress("other", 7434);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long PATIENT = Long.MAX_VALUE / 2; // the simulation has a limit of its own
    private static final int BYTES = 3_000;
    private static final long FIRST_RECORD = 32;

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private final SimNode server = simulation.node(SERVER.host());
    private final List<String> answers = new ArrayList<>();
    private int registered;
    private int clients;
    private ChunkInfo chunk;

    @Test
    void what_is_taken_back_serves_nobody_until_the_master_has_seen_it() {
        try (simulation) {
            startMaster(1);
            startServer(SERVER);
            client(this::write);
            server.crash();
            flip(".journal");
            takeBackAndRead("served");
            assertEquals(List.of("NO_SUCH_CHUNK", "NOT_SERVING", "served"), answers);
        }
    }

    @Test
    void what_is_taken_back_and_was_left_behind_never_serves() {
        try (simulation) {
            startMaster(2);
            startServer(SERVER);
            startServer(OTHER);
            client(this::write);
            server.crash();
            flip(".journal");
            client(TakenBackTest::append);
            simulation.node(OTHER.host()).crash();
            simulation.runFor(Duration.ofMinutes(1)); // until the master counts on it no more
            takeBackAndRead("STALE_VERSION");
            assertEquals(List.of("NO_SUCH_CHUNK", "NOT_SERVING", "STALE_VERSION"), answers);
        }
    }

    private void startMaster(int replication) {
        simulation
                .node(MASTER.host())
                .start(world -> MasterServer.start(
                        world,
                        MasterOptions.of("/master", MASTER)
                                .withGeometry(new Geometry(64 << 10, 4 << 10))
                                .withReplication(replication)));
    }

    private void takeBackAndRead(String until) {
        startServer(SERVER);
        assertEquals(1, simulation.probes().of(Probe.REPLICA_DAMAGED));
        flip(".journal.corrupt");
        client(world -> readUntil(world, until));
        assertEquals(1, simulation.probes().of(Probe.REPLICA_TAKEN_BACK));
    }

    private interface Deed {
        void by(World world) throws IOException;
    }

    private void client(Deed deed) {
        boolean[] done = {false};
        simulation.node("client" + clients++).start(world -> {
            deed.by(world);
            done[0] = true;
        });
        simulation.run(LIMIT, () -> done[0]);
        assertTrue(done[0]);
    }

    private void startServer(ServerAddress address) {
        int before = registered;
        simulation.node(address.host()).start(world -> {
            ChunkServer started = ChunkServer.start(world, ChunkServerOptions.of(List.of("/disk"), MASTER, address));
            started.awaitRegistered(world.time().nanos() + LIMIT.toNanos());
            registered++;
        });
        simulation.run(LIMIT, () -> registered > before);
    }

    private void write(World world) throws IOException {
        try (Cairn cairn = Cairn.connect(List.of(MASTER), ClientOptions.DEFAULTS, world)) {
            try (CairnOutput output = cairn.create("/file", CreateOptions.DEFAULTS)) {
                output.write(new byte[BYTES]);
            }
            chunk = cairn.locate("/file").getFirst();
        }
    }

    private static void append(World world) throws IOException {
        try (Cairn cairn = Cairn.connect(List.of(MASTER), ClientOptions.DEFAULTS, world);
                CairnAppender appender = cairn.append("/file", AppendOptions.DEFAULTS)) {
            appender.append(ByteBuffer.allocate(8));
        }
    }

    private void flip(String suffix) {
        SimDisk disk = server.disk("/disk");
        assertTrue(disk.flipBit("chunks/" + chunk.handle() + suffix, FIRST_RECORD, 1));
    }

    /** As a client that has located the chunk before; notes each answer that differs from the one before. */
    private void readUntil(World world, String last) throws IOException {
        RpcPool pool = new RpcPool(Endpoint.of(world, () -> new Hello(0, "test", "client")));
        while (!answers.contains(last)) {
            String answer = read(pool);
            if (answers.isEmpty() || !answers.getLast().equals(answer)) {
                answers.add(answer);
            }
            world.time().sleep(100_000L);
        }
        pool.close();
    }

    private String read(RpcPool pool) {
        ReadRequest request = ReadRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value())
                .setLength(BYTES)
                .build();
        try {
            pool.get(SERVER, PATIENT)
                    .call(Method.READ, request, Payload.empty())
                    .await(ReadReply.parser(), PATIENT)
                    .release();
            return "served";
        } catch (RpcException e) {
            return e.code().name();
        }
    }
}
