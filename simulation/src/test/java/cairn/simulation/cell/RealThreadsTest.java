package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.client.AppendOptions;
import cairn.client.Appended;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.ChunkInfo;
import cairn.client.ClientOptions;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.wire.Method;
import cairn.wire.proto.PrepareReply;
import cairn.wire.proto.PrepareRequest;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only threads that run at the same time can do to each other: in the simulator, one that computes is never overtaken. */
class RealThreadsTest {
    private static final ServerAddress ANY_PORT = new ServerAddress("127.0.0.1", 0);
    private static final int RECORD_BYTES = 4 << 20; // its sums take about a millisecond
    private static final long LIMIT_NANOS = 100_000_000_000L;
    private static final int TRIES = 1_000;
    private static final long LATER_NANOS_MAX = 6_000_000;

    @TempDir
    Path directory;

    private final Set<Probe> met = new ConcurrentSkipListSet<>();
    private final World world = noting(RealWorld.create());
    private final RpcPool pool = new RpcPool(Endpoint.of(world, () -> new Hello(0, "test", "client")));

    private World noting(World real) {
        return new World(real.time(), real.threads(), real.network(), real.disks(), real.entropy(), met::add);
    }

    @Test
    void a_version_that_ends_while_a_mutation_is_summed_leaves_it_to_the_next_in_which_it_stands_once()
            throws IOException {
        String place = directory.toString();
        MasterOptions cell = MasterOptions.of(place + "/master", ANY_PORT).withReplication(1);
        try (MasterServer master = MasterServer.start(world, cell);
                ChunkServer server = ChunkServer.start(
                        world, ChunkServerOptions.of(List.of(place + "/disk"), master.address(), ANY_PORT))) {
            server.awaitRegistered(world.time().nanos() + LIMIT_NANOS);
            try (Cairn cairn = Cairn.connect(List.of(master.address()), ClientOptions.DEFAULTS, world)) {
                Random random = new Random(1);
                for (int i = 0; i < TRIES && !met.contains(Probe.LEAD_LOST_BEFORE_MUTATION); i++) {
                    overtake(cairn, "/log" + i, random.nextLong(LATER_NANOS_MAX));
                }
            }
        } finally {
            pool.close();
        }
        assertTrue(met.contains(Probe.LEAD_LOST_BEFORE_MUTATION), "the moment was never hit");
    }

    /** Appends to a file, and has a newer version prepared meanwhile. */
    private void overtake(Cairn cairn, String path, long laterNanos) throws IOException {
        ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
        try (CairnAppender appender = cairn.append(path, AppendOptions.DEFAULTS)) {
            appender.append(record.duplicate());
            ChunkInfo chunk = cairn.locate(path).get(0);
            Appended next = appender.appendAsync(record.duplicate());
            world.time().sleep(laterNanos);
            prepareNext(chunk);
            assertEquals(RECORD_BYTES, next.offset());
        }
        assertEquals(2L * RECORD_BYTES, cairn.stat(path).length());
        cairn.delete(path, false, true);
    }

    private void prepareNext(ChunkInfo chunk) throws RpcException {
        PrepareRequest prepare = PrepareRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value() + 1)
                .build();
        try {
            pool.call(
                    chunk.replicas().getFirst().address(),
                    Method.PREPARE,
                    prepare,
                    PrepareReply.parser(),
                    world.time().nanos() + LIMIT_NANOS);
        } catch (RpcException e) {
            assertEquals(ErrorCode.STALE_VERSION, e.code(), e.getMessage()); // the cell was faster
        }
    }
}
