package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.model.ErrorCode;
import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.StatRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections whose user takes the answers itself. */
class StreamsTest {
    private static final int BYTES = 300_000;

    /** Waits so long and no longer. */
    private record Patient(long untilNanos) implements RpcStream.Waiting {
        @Override
        public boolean late() {
            return false;
        }
    }

    private static Patient in(Cell cell, long millis) {
        return new Patient(cell.in(millis));
    }

    private static ReadRequest read(int length) {
        return ReadRequest.newBuilder().setLength(length).build();
    }

    private static RpcStream take(Cell cell, RpcPool pool, ServerAddress address) throws RpcException {
        RpcStream stream = pool.streams().take(address, cell.in(10_000));
        assertThat(stream).isNotNull();
        return stream;
    }

    private static void readAll(Cell cell, RpcStream stream, long call) throws RpcException {
        RpcStream.Answer<ReadReply> answer = stream.await(call, ReadReply.parser(), in(cell, 10_000));
        assertThat(answer.payload()).isNull();
        assertThat(answer.payloadBytes()).isEqualTo(BYTES);
        ByteBuffer into = ByteBuffer.allocateDirect(100_000);
        for (int left = BYTES; left > 0; left -= into.limit()) {
            into.clear().limit(Math.min(left, into.capacity()));
            stream.receive(into, in(cell, 10_000));
            assertThat(into.hasRemaining()).isFalse();
        }
    }

    @Test
    void answers_to_calls_sent_ahead_are_received_in_their_order_and_the_stream_is_used_again() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream first = null;
            for (int round = 0; round < 3; round++) {
                RpcStream stream = take(cell, pool, cell.server.address());
                first = first == null ? stream : first;
                assertThat(stream).isSameAs(first);
                List<Long> calls = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    calls.add(stream.call(Method.READ, read(BYTES)));
                }
                for (long call : calls) {
                    readAll(cell, stream, call);
                }
                pool.streams().give(stream);
            }
            assertThat(cell.server.connections()).isEqualTo(1);
            pool.close();
            Cell.eventually("it is closed", () -> cell.server.connections() == 0);
        }
    }

    @Test
    void an_answer_that_comes_before_its_turn_is_kept_until_then() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, cell.server.address());
            long slow = stream.call(Method.COMMITTED, StatRequest.getDefaultInstance());
            long quick = stream.call(Method.READ, read(1000));
            cell.world.threads().start("later", () -> {
                cell.world.time().sleep(50_000_000);
                cell.waiting.release();
            });
            stream.await(slow, StatRequest.parser(), in(cell, 10_000));
            RpcStream.Answer<ReadReply> answer = stream.await(quick, ReadReply.parser(), in(cell, 10_000));
            Payload payload = answer.payload();
            assertThat(payload).isNotNull();
            assertThat(payload.length()).isEqualTo(1000);
            payload.release();
            assertThat(stream.isClear()).isTrue();
            pool.close();
            assertThat(cell.clientSide.pool().outstanding()).isZero();
        }
    }

    @Test
    void a_refusal_leaves_the_stream_as_it_is_and_a_late_answer_ends_it() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, cell.server.address());
            long refused = stream.call(Method.SEAL, Empty.getDefaultInstance());
            long read = stream.call(Method.READ, read(BYTES));
            RpcException problem = catchThrowableOfType(
                    RpcException.class, () -> stream.await(refused, Empty.parser(), in(cell, 10_000)));
            assertThat(problem.code()).isEqualTo(ErrorCode.SEALED);
            readAll(cell, stream, read);
            long never = stream.call(Method.AWAIT, Empty.getDefaultInstance());
            RpcException late =
                    catchThrowableOfType(RpcException.class, () -> stream.await(never, Empty.parser(), in(cell, 100)));
            assertThat(late).hasMessageContaining("has not answered within the deadline");
            assertThat(stream.closed()).isTrue();
            pool.close();
        }
    }

    @Test
    void who_is_in_no_hurry_is_told_when_nothing_came_and_may_wait_on() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, cell.server.address());
            long slow = stream.call(Method.COMMITTED, StatRequest.getDefaultInstance());
            List<Long> told = new ArrayList<>();
            stream.await(slow, StatRequest.parser(), new RpcStream.Waiting() {
                @Override
                public long untilNanos() {
                    return cell.in(told.isEmpty() ? 20 : 10_000);
                }

                @Override
                public boolean late() {
                    told.add(cell.in(0));
                    cell.waiting.release();
                    return true;
                }
            });
            assertThat(told).hasSize(1);
            pool.close();
        }
    }

    @Test
    void a_stream_whose_user_fails_within_an_answer_is_not_used_again() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, cell.server.address());
            long read = stream.call(Method.READ, read(BYTES));
            stream.await(read, ReadReply.parser(), in(cell, 10_000));
            RpcStream.Waiting failing = new RpcStream.Waiting() {
                @Override
                public long untilNanos() {
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public boolean late() {
                    return false;
                }
            };
            assertThatThrownBy(() -> stream.receive(ByteBuffer.allocateDirect(BYTES), failing))
                    .isInstanceOf(IllegalStateException.class);
            pool.streams().give(stream);
            RpcStream next = take(cell, pool, cell.server.address());
            assertThat(next).isNotSameAs(stream);
            readAll(cell, next, next.call(Method.READ, read(BYTES)));
            pool.close();
        }
    }

    @Test
    void who_waits_is_woken_when_another_thread_closes_the_stream() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, cell.server.address());
            long never = stream.call(Method.AWAIT, Empty.getDefaultInstance());
            cell.world.threads().start("closer", () -> {
                cell.world.time().sleep(50_000_000);
                stream.close();
            });
            RpcException closed = catchThrowableOfType(
                    RpcException.class, () -> stream.await(never, Empty.parser(), in(cell, 60_000)));
            assertThat(closed.code()).isEqualTo(ErrorCode.UNREACHABLE);
            pool.close();
        }
    }

    @Test
    void a_server_that_falls_silent_is_found_out_by_its_pulse() throws Exception {
        try (Cell cell = new Cell();
                HalfOpenTest.Proxy proxy = new HalfOpenTest.Proxy(cell.world, cell.server.address())) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, proxy.address());
            long never = stream.call(Method.AWAIT, Empty.getDefaultInstance());
            proxy.swallow();
            long began = System.nanoTime();
            RpcException silent = catchThrowableOfType(
                    RpcException.class, () -> stream.await(never, Empty.parser(), in(cell, 10_000)));
            assertThat(silent.silent()).isTrue();
            assertThat(System.nanoTime() - began)
                    .as("a second or so; twice as much on a busy machine")
                    .isBetween(Patience.SIGN_NANOS, 3 * Patience.FOUND_WITHIN_NANOS);
            pool.close();
        }
    }

    @Test
    void answers_that_nobody_takes_are_given_up_before_the_server_calls_their_user_slow() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.slowPeerNanos(1_000_000_000))) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcStream stream = take(cell, pool, cell.server.address());
            for (int i = 0; i < 100; i++) {
                stream.call(Method.READ, read(1 << 20));
            }
            Cell.eventually("it is closed", stream::closed);
            assertThat(cell.met).contains(Probe.STREAM_LEFT_LYING);
            assertThat(cell.events).isEmpty();
            pool.streams().give(stream);
            pool.close();
        }
    }

    @Test
    void beyond_the_limit_there_are_none_until_one_is_given_back() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            List<RpcStream> taken = new ArrayList<>();
            for (int i = 0; i < RpcStreams.STREAMS_MAX; i++) {
                taken.add(take(cell, pool, cell.server.address()));
            }
            assertThat(pool.streams().take(cell.server.address(), cell.in(10_000)))
                    .isNull();
            pool.streams().give(taken.remove(taken.size() - 1));
            taken.add(take(cell, pool, cell.server.address()));
            taken.forEach(pool.streams()::give);
            Cell.eventually("only some are kept", () -> cell.server.connections() == RpcStreams.IDLE_MAX);
            pool.close();
        }
    }

    @Test
    void after_a_failed_attempt_there_are_none_for_a_moment() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            ServerAddress nobody = cell.server.address();
            cell.server.close();
            RpcException refused = catchThrowableOfType(
                    RpcException.class, () -> pool.streams().take(nobody, cell.in(10_000)));
            assertThat(refused)
                    .as("as a rule refused; another test may have got the port")
                    .isNotNull();
            assertThat(pool.streams().take(nobody, cell.in(10_000))).isNull();
            pool.close();
        }
    }
}
