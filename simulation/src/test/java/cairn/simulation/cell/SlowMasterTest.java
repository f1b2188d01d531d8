package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.ReplicasReply;
import cairn.world.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chunkserver comes to a master that has so much to do, with other servers, that it is slow to take a registration. */
class SlowMasterTest {
    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final ServerAddress SERVER = new ServerAddress("server", 7434);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Of the five calls that take too long, each costs its patience; the sixth has enough. */
    private static final long VERY_SLOW_NANOS = Patience.REGISTRATION_NANOS_MAX - 2_000_000_000L;

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private int registrations;
    private int pages;
    private int heartbeats;

    /** What a master says to a chunkserver, if it has all the time that it wants for each page. */
    private final class SlowMaster implements RpcService {
        private final World world;
        private final long pageNanos;
        private int busy;

        SlowMaster(World world, long pageNanos, int busy) {
            this.world = world;
            this.pageNanos = pageNanos;
            this.busy = busy;
        }

        @Override
        public Dispatch dispatch(Method method) {
            return method == Method.REPLICAS ? Dispatch.BLOCKING : Dispatch.INLINE;
        }

        @Override
        public void handle(Call call) throws CairnException {
            switch (call.method()) {
                case REGISTER -> {
                    registrations++;
                    call.reply(terms());
                }
                case REPLICAS -> {
                    pages++;
                    if (busy-- > 0) {
                        throw new CairnException(ErrorCode.BUSY, "the memory for requests is full");
                    }
                    world.time().sleep(pageNanos);
                    call.reply(ReplicasReply.getDefaultInstance());
                }
                case HEARTBEAT -> {
                    heartbeats++;
                    call.reply(HeartbeatReply.getDefaultInstance());
                }
                default -> throw new AssertionError(call.method());
            }
        }
    }

    /** What a master says to a server that registers. */
    static RegisterReply terms() {
        return RegisterReply.newBuilder()
                .setServerId(1)
                .setCellId(7)
                .setGeometry(GeometryMessage.newBuilder()
                        .setChunkBytes(Geometry.STANDARD.chunkBytes())
                        .setBlockBytes(Geometry.STANDARD.blockBytes()))
                .setServingTermNanos(Patience.SERVING_TERM_NANOS)
                .setHeartbeatNanos(Patience.HEARTBEAT_NANOS)
                .build();
    }

    /** Until the server has sent a heartbeat. */
    private void run(long pageNanos, int busy) {
        try (simulation) {
            simulation.node(MASTER.host()).start(world -> {
                Endpoint self = Endpoint.of(world, () -> new Hello(7, "test", "master"));
                RpcServer.start(self, world.network().listen(MASTER), new SlowMaster(world, pageNanos, busy));
            });
            SimNode host = simulation.node(SERVER.host());
            host.disk("/disk");
            host.start(world -> ChunkServer.start(world, ChunkServerOptions.of(List.of("/disk"), MASTER, SERVER)));
            simulation.run(LIMIT, () -> heartbeats > 0);
            assertTrue(heartbeats > 0, "it is registered");
        }
    }

    @Test
    void a_server_waits_longer_for_a_master_that_answers_too_late_until_it_is_registered() {
        run(VERY_SLOW_NANOS, 0);
        assertEquals(6, registrations, "2, 4, 8, 16, 32 s are too short, 64 s are enough");
        assertEquals(5, simulation.probes().of(Probe.REGISTRATION_ANSWERED_LATE));
    }

    @Test
    void a_page_that_a_busy_master_refuses_is_shown_again_and_the_registration_goes_on() {
        run(0, 3);
        assertEquals(1, registrations);
        assertEquals(4, pages);
        assertEquals(3, simulation.probes().of(Probe.REGISTRATION_AT_BUSY_MASTER));
    }
}
