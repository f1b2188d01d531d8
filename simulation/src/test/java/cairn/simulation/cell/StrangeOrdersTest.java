package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.chunk.ProducerTable;
import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnOutput;
import cairn.client.ChunkInfo;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.simulation.Fault;
import cairn.simulation.SimDisk;
import cairn.simulation.SimNode;
import cairn.simulation.Simulation;
import cairn.wire.Method;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.CommittedRequest;
import cairn.wire.proto.DropRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ForkRequest;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.MutationKind;
import cairn.wire.proto.PrepareRequest;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.SealRequest;
import cairn.wire.proto.StateReply;
import cairn.wire.proto.StateRequest;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A chunkserver of a whole cell gets requests that its own cell would send in rare moments only: it refuses each in its way. */
class StrangeOrdersTest {
    private static final long PATIENT = Long.MAX_VALUE / 2; // the simulation has a limit of its own
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int BYTES = 3_000;
    private static final long NO_CHUNK = 0x7777;
    private static final ServerAddress LIAR = new ServerAddress("liar", 7434);

    /** What a stranger does with an open chunk of a cell that is well. */
    private interface Deed {
        void on(Stranger stranger, ChunkInfo chunk) throws IOException;
    }

    /** The stranger's own process, and the world around it. */
    private record Stranger(Simulation simulation, SimulatedCell cell, World world, RpcPool pool, Cairn cairn) {

        ErrorCode refused(ServerAddress at, Method method, MessageLite request) {
            return assertThrows(RpcException.class, () -> call(at, method, request), method.toString())
                    .code();
        }

        void call(ServerAddress at, Method method, MessageLite request) throws RpcException {
            pool.get(at, PATIENT)
                    .call(method, request, Payload.empty())
                    .await(Empty.parser(), PATIENT)
                    .release();
        }

        long met(Probe probe) {
            return simulation.probes().of(probe);
        }

        SimNode host(ServerAddress server) {
            return simulation.node(server.host());
        }
    }

    private static void run(Deed deed) {
        CellPlan plan = CellPlan.draw(1, EnumSet.noneOf(Fault.class));
        try (Simulation simulation = new Simulation(1, plan.options())) {
            SimulatedCell cell = new SimulatedCell(simulation, plan, Set.of(), false);
            cell.start();
            boolean[] done = {false};
            simulation.node("client").start(world -> {
                try (Cairn cairn = Cairn.connect(SimulatedCell.MASTERS, ClientOptions.DEFAULTS, world);
                        CairnAppender appender = cairn.append("/file", AppendOptions.DEFAULTS)) {
                    appender.append(ByteBuffer.allocate(8));
                    RpcPool pool = new RpcPool(Endpoint.of(world, () -> new Hello(0, "test", "client")));
                    ChunkInfo chunk = cairn.locate("/file").getFirst();
                    deed.on(new Stranger(simulation, cell, world, pool, cairn), chunk);
                    pool.close();
                }
                done[0] = true;
            });
            simulation.run(LIMIT, () -> done[0]);
            assertTrue(done[0]);
        }
    }

    private static ServerAddress primary(ChunkInfo chunk) {
        return chunk.replicas().getFirst().address();
    }

    private static MutateRequest.Builder mutation(ChunkInfo chunk) {
        return MutateRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value())
                .setKind(MutationKind.SYNC)
                .setProducer(5)
                .setSequence(1);
    }

    // ---- a caller that knows more than the server

    @Test
    void a_mutation_and_a_read_of_a_version_that_is_not_here_yet_are_told_to_come_back() {
        run((stranger, chunk) -> {
            long next = chunk.version().value() + 1;
            ReadRequest read = ReadRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(next)
                    .setLength(1)
                    .build();
            assertEquals(
                    ErrorCode.NOT_SERVING,
                    stranger.refused(
                            primary(chunk),
                            Method.MUTATE,
                            mutation(chunk).setVersion(next).build()));
            assertEquals(ErrorCode.NOT_SERVING, stranger.refused(primary(chunk), Method.READ, read));
            assertEquals(1, stranger.met(Probe.MUTATION_OF_NEWER_VERSION));
            assertEquals(1, stranger.met(Probe.READ_OF_NEWER_VERSION));
        });
    }

    @Test
    void the_last_mutation_is_answered_when_the_chunk_is_sealed_behind_it() {
        run((stranger, chunk) -> {
            MutateRequest last = mutation(chunk)
                    .setKind(MutationKind.SET_LENGTH)
                    .setOffset(16)
                    .setSeal(true)
                    .build();
            MutateReply reply =
                    stranger.pool().call(primary(chunk), Method.MUTATE, last, MutateReply.parser(), PATIENT);
            assertTrue(reply.getSealed());
            assertEquals(16, reply.getCommitted());
            ChunkInfo sealed = stranger.cairn().locate("/file").getFirst();
            assertTrue(sealed.sealed());
            assertEquals(16, sealed.length());
        });
    }

    @Test
    void a_first_version_that_leaves_the_server_out_is_not_begun() {
        run((stranger, chunk) -> {
            PrepareRequest others = PrepareRequest.newBuilder()
                    .setHandle(NO_CHUNK)
                    .setVersion(1)
                    .setCreate(true)
                    .addMembers(Member.newBuilder().setServerId(99).setAddress(LIAR.toString()))
                    .build();
            assertEquals(ErrorCode.BAD_REQUEST, stranger.refused(primary(chunk), Method.PREPARE, others));
            PrepareRequest fence = PrepareRequest.newBuilder()
                    .setHandle(NO_CHUNK)
                    .setVersion(2)
                    .build();
            assertEquals(ErrorCode.NO_SUCH_CHUNK, stranger.refused(primary(chunk), Method.PREPARE, fence));
        });
    }

    @Test
    void a_mutation_whose_predecessor_is_not_here_is_refused() {
        run((stranger, chunk) -> {
            MutateRequest second = mutation(chunk).setSequence(2).setPrevious(1).build();
            assertEquals(ErrorCode.OUT_OF_ORDER, stranger.refused(primary(chunk), Method.MUTATE, second));
            assertEquals(1, stranger.met(Probe.MUTATION_OUT_OF_ORDER));
        });
    }

    @Test
    void who_asks_for_a_mutation_that_never_comes_does_not_wait_for_ever() {
        run((stranger, chunk) -> {
            CommittedRequest never = CommittedRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value())
                    .setSerial(99)
                    .build();
            assertEquals(ErrorCode.NOT_SERVING, stranger.refused(primary(chunk), Method.COMMITTED, never));
            assertEquals(1, stranger.met(Probe.COMMIT_TIMED_OUT));
        });
    }

    @Test
    void a_server_without_a_replica_does_not_lead() {
        run((stranger, chunk) -> {
            LeadRequest lead = LeadRequest.newBuilder()
                    .setHandle(NO_CHUNK)
                    .setVersion(1)
                    .addMembers(Member.newBuilder()
                            .setServerId(1)
                            .setAddress(primary(chunk).toString()))
                    .build();
            assertEquals(ErrorCode.NO_SUCH_CHUNK, stranger.refused(primary(chunk), Method.LEAD, lead));
            assertEquals(1, stranger.met(Probe.LEAD_WITHOUT_REPLICA));
        });
    }

    @Test
    void a_server_that_has_less_than_it_showed_does_not_lead() {
        run((stranger, chunk) -> {
            LeadRequest lead = LeadRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value() + 1)
                    .setLeastSerial(99)
                    .addMembers(member(chunk.replicas().getFirst()))
                    .build();
            ServerAddress head = chunk.replicas().getFirst().address();
            assertEquals(ErrorCode.NOT_SERVING, stranger.refused(head, Method.LEAD, lead));
            assertEquals(1, stranger.met(Probe.LEAD_AFTER_LOSS));
        });
    }

    @Test
    void who_wants_a_chunk_sealed_while_no_master_logs_it_is_told_so() {
        run((stranger, chunk) -> {
            stranger.cell().masterHost().crash();
            SealRequest seal = SealRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value())
                    .build();
            assertEquals(ErrorCode.NOT_SERVING, stranger.refused(primary(chunk), Method.SEAL, seal));
            assertEquals(1, stranger.met(Probe.SEAL_TIMED_OUT));
            stranger.cell().restartAll();
        });
    }

    @Test
    void a_version_that_ends_while_the_master_logs_a_seal_leaves_it_to_the_next() {
        run((stranger, first) -> {
            for (int i = 0; stranger.met(Probe.SEALED_BY_ANOTHER) == 0; i++) {
                assertTrue(i < 400, "the moment was never hit");
                sealAndFence(stranger, "/file" + i, i * 5_000L);
            }
        });
    }

    /** Has a new chunk sealed, and a newer version prepared at its primary so much later. */
    private static void sealAndFence(Stranger stranger, String path, long laterNanos) throws IOException {
        try (CairnAppender appender = stranger.cairn().append(path, AppendOptions.DEFAULTS)) {
            appender.append(ByteBuffer.allocate(8));
        }
        ChunkInfo chunk = stranger.cairn().locate(path).getFirst();
        boolean[] ended = {false};
        stranger.world().threads().start("seal", () -> {
            SealRequest seal = SealRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value())
                    .build();
            try {
                stranger.call(primary(chunk), Method.SEAL, seal);
            } catch (RpcException e) {
                assertEquals(Retry.REFRESH, e.code().retry(), e.getMessage());
            }
            ended[0] = true;
        });
        stranger.world().time().sleep(laterNanos);
        PrepareRequest prepare = PrepareRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value() + 1)
                .build();
        stranger.call(primary(chunk), Method.PREPARE, prepare);
        while (!ended[0]) {
            stranger.world().time().sleep(1_000_000L);
        }
    }

    @Test
    void a_chunkserver_whose_master_is_that_of_another_cell_gives_up() {
        run((stranger, chunk) -> {
            SimNode master = stranger.cell().masterHost();
            master.crash();
            master.disks().values().forEach(SimDisk::replace);
            stranger.cell().restartAll();
            while (stranger.met(Probe.MASTER_NOT_OURS) < chunk.replicas().size()) {
                stranger.world().time().sleep(100_000_000L);
            }
        });
    }

    // ---- bytes that are not what they should be

    @Test
    void a_copy_for_a_writer_is_not_made_of_damaged_bytes() {
        run((stranger, open) -> {
            ChunkInfo chunk = sealed(stranger);
            ServerAddress server = primary(chunk);
            damage(stranger, server, chunk);
            ForkRequest fork = ForkRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value())
                    .setLength(BYTES)
                    .setFork(NO_CHUNK)
                    .build();
            assertEquals(ErrorCode.CORRUPT, stranger.refused(server, Method.FORK, fork));
            assertEquals(1, stranger.met(Probe.FORK_FOUND_DAMAGE));
        });
    }

    @Test
    void a_primary_to_be_whose_own_bytes_are_damaged_repairs_nobody_with_them() {
        run((stranger, open) -> {
            ChunkInfo chunk = sealed(stranger);
            ChunkInfo.ReplicaInfo head = chunk.replicas().getFirst();
            ChunkInfo.ReplicaInfo other = chunk.replicas().getLast();
            damage(stranger, head.address(), chunk);
            stranger.call(
                    other.address(),
                    Method.DROP,
                    DropRequest.newBuilder().addHandles(chunk.handle().value()).build());
            PrepareRequest prepare = PrepareRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value() + 1)
                    .setCreate(true)
                    .build();
            stranger.call(head.address(), Method.PREPARE, prepare);
            stranger.call(other.address(), Method.PREPARE, prepare);
            LeadRequest lead = LeadRequest.newBuilder()
                    .setHandle(chunk.handle().value())
                    .setVersion(chunk.version().value() + 1)
                    .addMembers(member(head))
                    .addMembers(member(other))
                    .build();
            assertEquals(ErrorCode.CORRUPT, stranger.refused(head.address(), Method.LEAD, lead));
            assertEquals(1, stranger.met(Probe.SOURCE_UNREADABLE));
        });
    }

    private static Member member(ChunkInfo.ReplicaInfo replica) {
        return Member.newBuilder()
                .setServerId(replica.server().value())
                .setAddress(replica.address().toString())
                .build();
    }

    private static ChunkInfo sealed(Stranger stranger) throws IOException {
        try (CairnOutput output = stranger.cairn().create("/sealed", CreateOptions.DEFAULTS)) {
            output.write(new byte[BYTES]);
        }
        return stranger.cairn().locate("/sealed").getFirst();
    }

    private static void damage(Stranger stranger, ServerAddress server, ChunkInfo chunk) {
        String file = "chunks/%016x.chunk".formatted(chunk.handle().value());
        int damaged = 0;
        for (SimDisk disk : stranger.host(server).disks().values()) {
            damaged += disk.flipBit(file, 1, 1) ? 1 : 0;
        }
        assertEquals(1, damaged);
    }

    /** A server that shows a replica and gives its bytes as the test says. */
    private abstract static class Liar implements RpcService {
        @Override
        public Dispatch dispatch(Method method) {
            return Dispatch.BLOCKING;
        }

        @Override
        public void handle(Call call) throws IOException {
            if (call.method() == Method.STATE) {
                ReplicaReport replica = ReplicaReport.newBuilder()
                        .setHandle(NO_CHUNK)
                        .setFence(1)
                        .setEstablished(1)
                        .build();
                ProducerTable nobody = new ProducerTable();
                ByteBuffer table = ByteBuffer.allocate(nobody.encodedBytesMax());
                nobody.encode(table);
                call.reply(StateReply.newBuilder().setReplica(replica).build(), Payload.of(table.flip()));
            } else {
                read(call, call.message(ReadRequest.parser()));
            }
        }

        abstract void read(Call call, ReadRequest request) throws IOException;
    }

    private static void serve(Stranger stranger, Liar liar) {
        stranger.simulation().node(LIAR.host()).start(world -> {
            Endpoint self = Endpoint.of(world, () -> new Hello(0, "test", "chunkserver"));
            RpcServer.start(self, world.network().listen(LIAR), liar);
        });
    }

    private static CloneRequest copy() {
        return CloneRequest.newBuilder()
                .setHandle(NO_CHUNK)
                .setVersion(1)
                .setOpen(true)
                .addSources(Member.newBuilder().setServerId(99).setAddress(LIAR.toString()))
                .build();
    }

    @Test
    void a_copy_that_comes_damaged_is_not_taken() {
        run((stranger, chunk) -> {
            serve(stranger, new Liar() {
                @Override
                void read(Call call, ReadRequest request) throws IOException {
                    call.reply(
                            ReadReply.newBuilder()
                                    .setCommitted(BYTES)
                                    .addPieceSums(7)
                                    .build(),
                            Payload.of(ByteBuffer.allocate(10)));
                }
            });
            assertEquals(ErrorCode.BAD_CHECKSUM, stranger.refused(primary(chunk), Method.CLONE, copy()));
            assertEquals(1, stranger.met(Probe.COPY_DAMAGED));
        });
    }

    @Test
    void what_has_come_of_a_copy_that_breaks_off_is_kept_for_the_next() {
        run((stranger, chunk) -> {
            ByteBuffer part = ByteBuffer.allocate(10);
            CRC32C sum = new CRC32C();
            sum.update(part.duplicate());
            serve(stranger, new Liar() {
                @Override
                void read(Call call, ReadRequest request) throws IOException {
                    if (request.getOffset() > 0) {
                        call.fail(ErrorCode.NOT_SERVING, "no more");
                        return;
                    }
                    call.reply(
                            ReadReply.newBuilder()
                                    .setCommitted(BYTES)
                                    .addPieceSums((int) sum.getValue())
                                    .build(),
                            Payload.of(part));
                }
            });
            assertEquals(ErrorCode.NOT_SERVING, stranger.refused(primary(chunk), Method.CLONE, copy()));
            assertEquals(1, stranger.met(Probe.COPY_BROKE_OFF));
            StateRequest asks = StateRequest.newBuilder()
                    .setHandle(NO_CHUNK)
                    .setVersion(1)
                    .setAnyVersion(true)
                    .build();
            Reply<StateReply> state = stranger.pool()
                    .call(primary(chunk), Method.STATE, asks, Payload.empty(), StateReply.parser(), PATIENT);
            assertEquals(10, state.message().getReplica().getLength());
            assertEquals(0, state.message().getReplica().getEstablished());
            state.release();
        });
    }

    @Test
    void while_a_chunk_is_being_copied_a_second_order_for_it_is_refused() {
        run((stranger, chunk) -> {
            boolean[] asked = {false};
            serve(stranger, new Liar() {
                @Override
                void read(Call call, ReadRequest request) throws IOException {
                    asked[0] = true;
                    stranger.host(LIAR).world().time().sleep(5_000_000_000L);
                    call.fail(ErrorCode.NOT_SERVING, "never mind");
                }
            });
            boolean[] ended = {false};
            stranger.world().threads().start("first order", () -> {
                stranger.refused(primary(chunk), Method.CLONE, copy());
                ended[0] = true;
            });
            while (!asked[0]) {
                stranger.world().time().sleep(10_000_000L);
            }
            assertEquals(ErrorCode.CONFLICT, stranger.refused(primary(chunk), Method.CLONE, copy()));
            while (!ended[0]) {
                stranger.world().time().sleep(10_000_000L);
            }
            assertEquals(1, stranger.met(Probe.COPY_UNDER_WAY));
        });
    }
}
