package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.AwaitReply;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.StatRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CallsTest {

    @Test
    void messages_and_payloads_of_every_size_arrive_whole_in_both_directions() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            for (int length : new int[] {0, 1, 1023, 1024, 1025, 40_000, 524_288, Limits.PAYLOAD_BYTES_MAX}) {
                byte[] bytes = new byte[length];
                new Random(length).nextBytes(bytes);
                int sum = Cell.sum(ByteBuffer.wrap(bytes));
                MutateRequest request =
                        MutateRequest.newBuilder().setOffset(length).build();
                Reply<MutateReply> reply = connection
                        .call(Method.MUTATE, request, Payload.of(ByteBuffer.wrap(bytes)))
                        .await(MutateReply.parser(), cell.in(10_000));
                assertThat((int) reply.message().getOffset()).isEqualTo(sum);
                assertThat(reply.message().getCommitted()).isEqualTo(length);
                Reply<ReadReply> read = connection
                        .call(
                                Method.READ,
                                ReadRequest.newBuilder().setLength(length).build())
                        .await(ReadReply.parser(), cell.in(10_000));
                assertThat(read.payload().length()).isEqualTo(length);
                read.release();
            }
            String large = "x".repeat(Limits.MESSAGE_BYTES_MAX - 100);
            Reply<StatRequest> echo = connection
                    .call(
                            Method.HEARTBEAT,
                            StatRequest.newBuilder().setPath(large).build())
                    .await(StatRequest.parser(), cell.in(10_000));
            assertThat(echo.message().getPath()).isEqualTo(large);
            Cell.eventually(
                    "all payloads are given back",
                    () -> cell.serverSide.pool().outstanding() == 0
                            && cell.clientSide.pool().outstanding() == 0);
            assertThat(cell.serverSide.pool().usedBytes()).isZero();
        }
    }

    @Test
    void both_sides_learn_who_the_other_is() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            assertThat(connection.hello().getRole()).isEqualTo("server");
            assertThat(connection.hello().getCellId()).isEqualTo(Cell.ID);
            assertThat(connection.hello().getGeometry().getChunkBytes()).isEqualTo(64 << 20);
            Pending pending = connection.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
            Cell.eventually("the call is there", () -> !cell.kept.isEmpty());
            Call call = cell.kept.remove();
            assertThat(call.peer().role()).isEqualTo("client");
            assertThat(call.peer().cellId()).isEqualTo(Cell.ID);
            call.reply(AwaitReply.newBuilder().setCommitted(9).build());
            assertThat(pending.await(AwaitReply.parser(), cell.in(10_000))
                            .message()
                            .getCommitted())
                    .isEqualTo(9);
        }
    }

    @Test
    void refusals_carry_code_message_and_detail() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            RpcException sealed = refusal(cell, connection, Method.SEAL);
            assertThat(sealed.code()).isEqualTo(ErrorCode.SEALED);
            assertThat(sealed).hasMessage("sealed at 42");
            assertThat(sealed.detail()).isEqualTo(42);
            RpcException missing = refusal(cell, connection, Method.LOCATE);
            assertThat(missing.code()).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(missing).hasMessage("/a does not exist");
            RpcException mistake = refusal(cell, connection, Method.CLONE);
            assertThat(mistake.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(cell.events).contains("failed CLONE a mistake");
            assertThat(cell.met).contains(Probe.CALL_FAILED_INSIDE);
            assertThat(cell.stat(connection, "still fine")).isEqualTo("still fine");
        }
    }

    private static RpcException refusal(Cell cell, RpcConnection connection, Method method) throws RpcException {
        Pending pending = connection.call(method, Empty.getDefaultInstance());
        return catchThrowableOfType(RpcException.class, () -> pending.await(Empty.parser(), cell.in(10_000)));
    }

    @Test
    void a_call_without_an_answer_ends_at_its_deadline_and_the_late_answer_is_dropped() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            Pending pending = connection.call(Method.SUMS, AwaitRequest.getDefaultInstance());
            RpcException late =
                    catchThrowableOfType(RpcException.class, () -> pending.await(AwaitReply.parser(), cell.in(50)));
            assertThat(late.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(late).hasMessageContaining("SUMS").hasMessageContaining("deadline");
            cell.kept
                    .remove()
                    .reply(
                            AwaitReply.getDefaultInstance(),
                            cell.serverSide.pool().takeNow(5000));
            assertThat(cell.stat(connection, "next")).isEqualTo("next");
            Cell.eventually("given back", () -> cell.clientSide.pool().outstanding() == 0);
        }
    }

    @Test
    void losing_the_connection_fails_every_unanswered_call_and_says_which_peer() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            Pending pending = connection.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
            AtomicReference<RpcException> failure = new AtomicReference<>();
            CountDownLatch failed = new CountDownLatch(1);
            connection.callAsync(
                    Method.AWAIT,
                    AwaitRequest.getDefaultInstance(),
                    Payload.empty(),
                    AwaitReply.parser(),
                    handler(reply -> {}, problem -> {
                        failure.set(problem);
                        failed.countDown();
                    }));
            Cell.eventually("both calls are there", () -> cell.kept.size() == 2);
            cell.server.close();
            RpcException lost =
                    catchThrowableOfType(RpcException.class, () -> pending.await(AwaitReply.parser(), cell.in(10_000)));
            assertThat(lost.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(lost.refused()).isFalse();
            assertThat(lost).hasMessageContaining("server " + cell.server.address());
            assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(failure.get().code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(connection.closed()).isTrue();
            cell.kept.forEach(call -> call.reply(AwaitReply.getDefaultInstance())); // dropped, no harm
            RpcException after = catchThrowableOfType(
                    RpcException.class, () -> connection.call(Method.STAT, StatRequest.getDefaultInstance()));
            assertThat(after.code()).isEqualTo(ErrorCode.UNREACHABLE);
        }
    }

    @Test
    void nobody_listening_is_told_apart_from_a_lost_connection() throws Exception {
        ServerAddress address;
        Cell cell = new Cell();
        try (cell) {
            address = cell.server.address();
        }
        RpcException refused = catchThrowableOfType(
                RpcException.class, () -> RpcConnection.connect(cell.clientSide, address, cell.in(5_000)));
        assertThat(refused.refused()).isTrue();
        assertThat(refused.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(refused).hasMessageContaining(address.toString());
    }

    @Test
    void many_threads_share_one_connection() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            AtomicInteger good = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                String mine = "thread " + t;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 500; i++) {
                        try {
                            good.addAndGet(cell.stat(connection, mine + i).equals(mine + i) ? 1 : 0);
                        } catch (RpcException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(good).hasValue(16 * 500);
        }
    }

    @Test
    void calls_may_be_made_from_within_handlers() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            CountDownLatch rounds = new CountDownLatch(1000);
            new Object() {
                void next() {
                    try {
                        connection.callAsync(
                                Method.STAT,
                                StatRequest.getDefaultInstance(),
                                Payload.empty(),
                                StatRequest.parser(),
                                handler(
                                        reply -> {
                                            rounds.countDown();
                                            if (rounds.getCount() > 0) {
                                                next();
                                            }
                                        },
                                        problem -> {}));
                    } catch (RpcException e) {
                        throw new AssertionError(e);
                    }
                }
            }.next();
            assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void beyond_the_bound_of_unanswered_calls_a_caller_waits_and_is_then_told_busy() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.callsMax(2).admissionNanos(50_000_000))) {
            RpcConnection connection = cell.connect();
            connection.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
            connection.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
            RpcException busy = catchThrowableOfType(
                    RpcException.class, () -> connection.call(Method.STAT, StatRequest.getDefaultInstance()));
            assertThat(busy.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(cell.met).contains(Probe.TOO_MUCH_UNANSWERED);
            Cell.eventually("a call is there", () -> !cell.kept.isEmpty());
            cell.kept.remove().reply(AwaitReply.getDefaultInstance());
            assertThat(cell.stat(connection, "room again")).isEqualTo("room again");
        }
    }

    private static <M> ReplyHandler<M> handler(
            java.util.function.Consumer<Reply<M>> answered, java.util.function.Consumer<RpcException> failed) {
        return new ReplyHandler<>() {
            @Override
            public void answered(Reply<M> reply) {
                reply.release();
                answered.accept(reply);
            }

            @Override
            public void failed(RpcException problem) {
                failed.accept(problem);
            }
        };
    }
}
