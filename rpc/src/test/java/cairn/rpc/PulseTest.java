package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.model.ErrorCode;
import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.wire.Method;
import cairn.wire.proto.AwaitReply;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.StatRequest;
import cairn.world.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With the times of production: what is found out, and how soon (docs/decisions/0004). */
class PulseTest {
    private static final long SLOW_MILLIS = 2 * TimeUnit.NANOSECONDS.toMillis(Patience.FOUND_WITHIN_NANOS);

    @Test
    void a_server_whose_work_holds_up_its_connections_is_waited_for() throws Exception {
        try (Cell cell = new Cell()) {
            Listener listener = cell.world.network().listen(new ServerAddress("127.0.0.1", 0));
            RpcServer slow = RpcServer.start(cell.serverSide, listener, new RpcService() {
                @Override
                public Dispatch dispatch(Method method) {
                    return Dispatch.INLINE;
                }

                @Override
                public void handle(Call call) {
                    cell.world.time().sleep(TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS)); // a disk that stalls
                    call.reply(StatRequest.getDefaultInstance());
                }
            });
            RpcPool pool = new RpcPool(cell.clientSide);
            pool.call(
                    slow.address(),
                    Method.STAT,
                    StatRequest.getDefaultInstance(),
                    StatRequest.parser(),
                    cell.in(10_000));
            assertThat(cell.events).isEmpty();
            pool.close();
            slow.close();
        }
    }

    @Test
    void calls_at_a_server_that_falls_silent_fail_together_and_soon() throws Exception {
        try (Cell cell = new Cell();
                HalfOpenTest.Proxy proxy = new HalfOpenTest.Proxy(cell.world, cell.server.address())) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcConnection connection = pool.get(proxy.address(), cell.in(5_000));
            List<Pending> pending = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                pending.add(connection.call(Method.AWAIT, AwaitRequest.getDefaultInstance()));
            }
            proxy.swallow();
            long began = System.nanoTime();
            for (Pending each : pending) {
                RpcException silent = catchThrowableOfType(
                        RpcException.class, () -> each.await(AwaitReply.parser(), cell.in(10_000)));
                assertThat(silent.code()).isEqualTo(ErrorCode.UNREACHABLE);
                assertThat(silent.silent()).isTrue();
                assertThat(silent).hasMessageContaining("no sign of life");
            }
            assertThat(System.nanoTime() - began)
                    .as("a second or so; twice as much on a busy machine")
                    .isBetween(Patience.SIGN_NANOS, 3 * Patience.FOUND_WITHIN_NANOS);
            pool.close();
        }
    }

    @Test
    void who_waits_for_a_connection_that_cannot_be_made_shares_one_attempt() throws Exception {
        try (Cell cell = new Cell();
                Listener mute = cell.world.network().listen(new ServerAddress("127.0.0.1", 0))) {
            RpcPool pool = new RpcPool(cell.clientSide);
            ConcurrentLinkedQueue<RpcException> problems = new ConcurrentLinkedQueue<>();
            long began = System.nanoTime();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Thread thread = new Thread(() -> problems.add(
                        catchThrowableOfType(RpcException.class, () -> pool.get(mute.address(), cell.in(30_000)))));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(problems)
                    .hasSize(10)
                    .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.UNREACHABLE));
            assertThat(System.nanoTime() - began).isLessThan(3 * Patience.CONNECT_NANOS);
            pool.close();
        }
    }
}
