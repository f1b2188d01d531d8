package cairn.world.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import cairn.world.World;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TcpNetworkTest {
    private static final ServerAddress ANY = new ServerAddress("127.0.0.1", 0);

    private final World world = RealWorld.create();

    @Test
    @SuppressWarnings("try") // closed early: that is the end of the stream
    void bytes_arrive_in_order_and_the_end_of_the_stream_is_seen() throws Exception {
        try (Listener listener = world.network().listen(ANY);
                Connection caller = connect(listener);
                Connection server = listener.accept()) {
            ByteBuffer first = ByteBuffer.wrap(new byte[] {1, 2});
            ByteBuffer second =
                    ByteBuffer.allocateDirect(3).put(new byte[] {3, 4, 5}).flip();
            caller.write(first, ByteBuffer.allocate(0), second);
            caller.close();
            ByteBuffer got = ByteBuffer.allocate(10);
            while (server.read(got) >= 0) {
                assertThat(got.position()).isLessThanOrEqualTo(5);
            }
            assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
        }
    }

    @Test
    void closing_makes_blocked_calls_fail() throws Exception {
        Listener listener = world.network().listen(ANY);
        Connection caller = connect(listener);
        Connection server = listener.accept();
        CompletableFuture<Throwable> reading = failure(() -> server.read(ByteBuffer.allocate(1)));
        CompletableFuture<Throwable> writing = failure(() -> {
            while (true) {
                server.write(ByteBuffer.allocate(1 << 20));
            }
        });
        CompletableFuture<Throwable> accepting = failure(listener::accept);
        Thread.sleep(200);
        assertThat(reading).isNotDone();
        server.close();
        listener.close();
        assertThat(reading.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(writing.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(accepting.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        caller.close();
    }

    @Test
    @SuppressWarnings("try") // closed early: who waits has to notice
    void a_read_with_a_deadline_gives_what_is_there_waits_until_then_and_is_ended_by_close() throws Exception {
        try (Listener listener = world.network().listen(ANY);
                Connection caller = connect(listener);
                Connection server = listener.accept()) {
            ByteBuffer into = ByteBuffer.allocateDirect(1 << 20);
            long began = world.time().nanos();
            assertThat(server.read(into, began - 1)).isZero();
            assertThat(server.read(into, began + 50_000_000)).isZero();
            assertThat(world.time().nanos() - began).isBetween(50_000_000L, 5_000_000_000L);
            world.threads().start("later", () -> {
                world.time().sleep(50_000_000);
                try {
                    caller.write(ByteBuffer.wrap(counted(300_000)));
                } catch (IOException e) {
                    // seen at the other end
                }
            });
            while (into.position() < 300_000) {
                assertThat(server.read(into, began + 60_000_000_000L)).isPositive();
            }
            byte[] got = new byte[300_000];
            into.get(0, got);
            assertThat(got).isEqualTo(counted(300_000));
            CompletableFuture<Throwable> waiting = failure(() -> server.read(into, began + 60_000_000_000L));
            Thread.sleep(100);
            assertThat(waiting).isNotDone();
            server.close();
            assertThat(waiting.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(caller.read(into, began + 60_000_000_000L)).isEqualTo(-1);
        }
    }

    private static byte[] counted(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    @Test
    void problems_name_the_address() throws Exception {
        ServerAddress address;
        try (Listener listener = world.network().listen(ANY)) {
            address = listener.address();
            assertThatThrownBy(() -> world.network().listen(address))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(address.toString())
                    .hasMessageContaining("port in use");
        }
        assertThatThrownBy(() -> world.network().connect(address, world.time().nanos() + 5_000_000_000L))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(address.toString());
        assertThatThrownBy(() -> world.network().connect(address, world.time().nanos()))
                .isNotInstanceOf(ConnectException.class)
                .hasMessageContaining(address.toString());
        assertThatThrownBy(() -> world.network().listen(new ServerAddress("192.0.2.1", 0)))
                .hasMessageContaining("192.0.2.1:0")
                .hasMessageContaining("does not have the address");
    }

    @Test
    void nobody_listens_any_more_when_close_returns_though_a_thread_was_accepting() throws Exception {
        for (int i = 0; i < 300; i++) {
            Listener listener = world.network().listen(ANY);
            CompletableFuture<Throwable> accepting = failure(listener::accept);
            Thread.sleep(1);
            listener.close();
            assertThatThrownBy(() -> world.network()
                            .connect(listener.address(), world.time().nanos() + 5_000_000_000L))
                    .isInstanceOf(ConnectException.class);
            assertThat(accepting.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_thread_that_comes_interrupted_does_not_cut_the_connection() throws Exception {
        try (Listener listener = world.network().listen(ANY);
                Connection caller = connect(listener);
                Connection server = listener.accept()) {
            Thread.currentThread().interrupt();
            caller.write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(Thread.interrupted()).isTrue();
            ByteBuffer got = ByteBuffer.allocate(1);
            assertThat(server.read(got)).isEqualTo(1);
        }
    }

    private Connection connect(Listener listener) throws IOException {
        return world.network().connect(listener.address(), world.time().nanos() + 5_000_000_000L);
    }

    private CompletableFuture<Throwable> failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        CompletableFuture<Throwable> result = new CompletableFuture<>();
        world.threads().start("blocked", () -> result.complete(catchThrowable(call)));
        return result;
    }
}
