package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.ChunkInfo;
import cairn.client.ClientOptions;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.simulation.Fault;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.MutationKind;
import cairn.wire.proto.RepairRequest;
import cairn.wire.proto.ReplicateRequest;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bytes that do not match what their sender said of them. The simulated network, like TCP, changes none: a client does. */
class DamagedBytesTest {
    private static final int WRONG_SUM = 12345;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void damaged_bytes_are_refused_at_every_hop() {
        CellPlan plan = CellPlan.draw(1, EnumSet.noneOf(Fault.class));
        try (Simulation simulation = new Simulation(1, plan.options())) {
            SimulatedCell cell = new SimulatedCell(simulation, plan, Set.of(), false);
            cell.start();
            boolean[] done = {false};
            simulation.node("client").start(world -> {
                sendDamaged(world);
                done[0] = true;
            });
            simulation.run(LIMIT, () -> done[0]);
            assertEquals(1, simulation.probes().of(Probe.MUTATION_DAMAGED));
            assertEquals(1, simulation.probes().of(Probe.REPLICATION_DAMAGED));
            assertEquals(1, simulation.probes().of(Probe.REPAIR_DAMAGED));
        }
    }

    private static void sendDamaged(World world) throws IOException {
        try (Cairn cairn = Cairn.connect(SimulatedCell.MASTERS, ClientOptions.DEFAULTS, world);
                CairnAppender appender = cairn.append("/file", AppendOptions.DEFAULTS)) {
            appender.append(ByteBuffer.wrap(bytes()));
            ChunkInfo chunk = cairn.locate("/file").getFirst();
            long handle = chunk.handle().value();
            long version = chunk.version().value();
            RpcPool pool = new RpcPool(Endpoint.of(world, () -> new Hello(0, "test", "client")));
            refused(
                    pool,
                    chunk.replicas().get(0),
                    Method.MUTATE,
                    MutateRequest.newBuilder()
                            .setHandle(handle)
                            .setVersion(version)
                            .setKind(MutationKind.APPEND)
                            .setProducer(5)
                            .setSequence(1)
                            .setPayloadSum(WRONG_SUM)
                            .build());
            refused(
                    pool,
                    chunk.replicas().get(1),
                    Method.REPLICATE,
                    ReplicateRequest.newBuilder()
                            .setHandle(handle)
                            .setVersion(version)
                            .setSerial(2)
                            .setKind(MutationKind.APPEND)
                            .setOffset(bytes().length)
                            .addPieceSums(WRONG_SUM)
                            .build());
            refused(
                    pool,
                    chunk.replicas().get(1),
                    Method.REPAIR,
                    RepairRequest.newBuilder()
                            .setHandle(handle)
                            .setVersion(version)
                            .addPieceSums(WRONG_SUM)
                            .build());
            pool.close();
        }
    }

    private static void refused(RpcPool pool, ChunkInfo.ReplicaInfo at, Method method, MessageLite request)
            throws IOException {
        long deadline = Long.MAX_VALUE / 2; // the simulation has a limit of its own
        RpcException refusal = assertThrows(
                RpcException.class,
                () -> pool.get(at.address(), deadline)
                        .call(method, request, Payload.of(ByteBuffer.wrap(bytes())))
                        .await(Empty.parser(), deadline));
        assertEquals(ErrorCode.BAD_CHECKSUM, refusal.code(), method.toString());
    }

    private static byte[] bytes() {
        return "a record".getBytes(StandardCharsets.UTF_8);
    }
}
