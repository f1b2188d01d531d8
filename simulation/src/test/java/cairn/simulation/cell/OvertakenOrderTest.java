package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.PrepareReply;
import cairn.wire.proto.PrepareRequest;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.SealedChunk;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the master says in a heartbeat's answer is carried out while a newer version of the same chunk begins. */
class OvertakenOrderTest {
    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final ServerAddress SERVER = new ServerAddress("server", 7434);
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final long PATIENT = Long.MAX_VALUE / 2; // the simulation has a limit of its own

    /** The answer leaves so much later for each chunk, as the moment in which the newer version is written is short. */
    private static final long STEP_NANOS = 20_000;

    private static final int CHUNKS_MAX = 400;

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private final List<Long> lost = new ArrayList<>();
    private int chunks;
    private int heartbeatsSince;

    private long overtaken() {
        return simulation.probes().of(Probe.ORDER_OVERTAKEN);
    }

    /** Has a replica made before it answers a heartbeat, says that its chunk is sealed, and begins the next version meanwhile. */
    private final class HastyMaster implements RpcService {
        private final World world;
        private final RpcPool pool;

        HastyMaster(World world, Endpoint self) {
            this.world = world;
            this.pool = new RpcPool(self);
        }

        @Override
        public Dispatch dispatch(Method method) {
            return Dispatch.BLOCKING;
        }

        @Override
        public void handle(Call call) throws IOException {
            switch (call.method()) {
                case REGISTER -> call.reply(SlowMasterTest.terms());
                case REPLICAS -> call.reply(ReplicasReply.getDefaultInstance());
                case HEARTBEAT -> call.reply(answer(call.message(HeartbeatRequest.parser())));
                default -> throw new AssertionError(call.method());
            }
        }

        private HeartbeatReply answer(HeartbeatRequest heartbeat) throws RpcException {
            lost.addAll(heartbeat.getLostList());
            if (overtaken() > 0) {
                heartbeatsSince++;
                return HeartbeatReply.getDefaultInstance();
            }
            assertTrue(chunks < CHUNKS_MAX, "the moment was never hit");
            long handle = ++chunks;
            prepare(handle, 1);
            world.threads().start("next version", () -> {
                try {
                    prepare(handle, 2);
                } catch (RpcException e) {
                    throw new AssertionError(e);
                }
            });
            world.time().sleep(chunks * STEP_NANOS);
            return HeartbeatReply.newBuilder()
                    .addSealed(SealedChunk.newBuilder().setHandle(handle).setVersion(1))
                    .build();
        }

        private void prepare(long handle, long version) throws RpcException {
            PrepareRequest request = PrepareRequest.newBuilder()
                    .setHandle(handle)
                    .setVersion(version)
                    .setCreate(true)
                    .build();
            pool.get(SERVER, PATIENT)
                    .call(Method.PREPARE, request, Payload.empty())
                    .await(PrepareReply.parser(), PATIENT)
                    .release();
        }
    }

    @Test
    void an_order_that_a_newer_version_has_overtaken_says_nothing_about_the_replica() {
        try (simulation) {
            simulation.node(MASTER.host()).start(world -> {
                Endpoint self = Endpoint.of(world, () -> new Hello(7, "test", "master"));
                RpcServer.start(self, world.network().listen(MASTER), new HastyMaster(world, self));
            });
            SimNode host = simulation.node(SERVER.host());
            host.disk("/disk");
            host.start(world -> ChunkServer.start(world, ChunkServerOptions.of(List.of("/disk"), MASTER, SERVER)));
            simulation.run(LIMIT, () -> heartbeatsSince > 1);
            assertEquals(1, overtaken());
            assertTrue(heartbeatsSince > 1, "the server goes on");
            assertEquals(List.of(), lost);
            assertEquals(0, simulation.probes().of(Probe.REPLICA_FOUND_BAD));
        }
    }
}
