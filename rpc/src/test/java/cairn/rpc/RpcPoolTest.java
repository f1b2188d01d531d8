package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.model.ServerAddress;
import cairn.wire.Method;
import cairn.wire.proto.StatRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RpcPoolTest {

    @Test
    void concurrent_callers_share_one_connection_and_stripes_have_their_own() throws Exception {
        try (Cell cell = new Cell()) {
            RpcPool pool = new RpcPool(cell.clientSide);
            Set<RpcConnection> seen = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        seen.add(pool.get(cell.server.address(), cell.in(10_000)));
                    } catch (RpcException e) {
                        throw new AssertionError(e);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(seen).hasSize(1);
            assertThat(pool.get(cell.server.address(), 1, cell.in(10_000))).isNotIn(seen);
            assertThat(cell.server.connections()).isEqualTo(2);
            pool.close();
            Cell.eventually("all are closed", () -> cell.server.connections() == 0);
        }
    }

    @Test
    void a_broken_connection_is_replaced_and_an_idle_one_closed() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.idleNanos(300_000_000))) {
            RpcPool pool = new RpcPool(cell.clientSide);
            RpcConnection first = pool.get(cell.server.address(), cell.in(10_000));
            first.close();
            StatRequest ask = StatRequest.newBuilder().setPath("again").build();
            StatRequest answer =
                    pool.call(cell.server.address(), Method.STAT, ask, StatRequest.parser(), cell.in(10_000));
            assertThat(answer.getPath()).isEqualTo("again");
            assertThat(pool.get(cell.server.address(), cell.in(10_000))).isNotSameAs(first);
            Cell.eventually("it is closed when idle", () -> cell.server.connections() == 0);
            assertThat(cell.events).isEmpty();
        }
    }

    @Test
    void a_refusal_is_remembered_for_a_moment_only() throws Exception {
        ServerAddress address;
        Cell cell = new Cell(RpcOptions.DEFAULT.refusalNanos(300_000_000));
        try (cell) {
            address = cell.server.address();
        }
        RpcPool pool = new RpcPool(cell.clientSide);
        assertThat(refusal(pool, cell, address)).hasRootCauseInstanceOf(java.net.ConnectException.class);
        try (var listener = cell.world.network().listen(address)) {
            RpcServer server = RpcServer.start(cell.serverSide, listener, new RpcService() {
                @Override
                public Dispatch dispatch(Method method) {
                    return Dispatch.INLINE;
                }

                @Override
                public void handle(Call call) {}
            });
            assertThat(refusal(pool, cell, address).refused()).isTrue();
            Thread.sleep(400);
            assertThat(pool.get(address, cell.in(5_000)).closed()).isFalse();
            server.close();
        }
    }

    private static RpcException refusal(RpcPool pool, Cell cell, ServerAddress address) {
        return catchThrowableOfType(RpcException.class, () -> pool.get(address, cell.in(5_000)));
    }
}
