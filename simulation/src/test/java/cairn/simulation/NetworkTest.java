package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import cairn.world.World;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NetworkTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final ServerAddress SERVER = new ServerAddress("server", 70);

    private Simulation simulation = new Simulation(1, SimOptions.calm());
    private final AtomicBoolean done = new AtomicBoolean();

    /** What a process does with its end of a connection. */
    private interface Talk {
        void on(World world, Connection connection) throws IOException;
    }

    private void with(long seed, SimOptions options) {
        simulation = new Simulation(seed, options);
        done.set(false);
    }

    private SimNode server(Talk talk) {
        SimNode node = simulation.node("server");
        node.start(world -> {
            Listener listener = world.network().listen(SERVER);
            while (true) {
                Connection connection = listener.accept();
                world.threads().start("serve", () -> quietly(() -> talk.on(world, connection)));
            }
        });
        return node;
    }

    private SimNode client(Talk talk) {
        SimNode node = simulation.node("client");
        node.start(world -> {
            world.time().sleep(1_000_000);
            talk.on(world, connect(world, 10));
            done.set(true);
        });
        return node;
    }

    private static Connection connect(World world, int seconds) throws IOException {
        return world.network().connect(SERVER, world.time().nanos() + seconds * SECOND_NANOS);
    }

    /** Something with a connection. */
    private interface Io {
        void run() throws IOException;
    }

    private static void quietly(Io io) {
        try {
            io.run();
        } catch (IOException e) {
            // the test looks at the other end
        }
    }

    private static byte[] readAll(Connection connection) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(333);
        while (connection.read(buffer.clear()) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toByteArray();
    }

    @Test
    void bytes_of_one_connection_arrive_in_order_however_they_are_cut_up() {
        for (long seed = 0; seed < 50; seed++) {
            with(seed, SimOptions.swarm(seed).network(n -> n.withCuts(0)));
            AtomicReference<byte[]> got = new AtomicReference<>();
            server((world, connection) -> got.set(readAll(connection)));
            client((world, connection) -> {
                for (int i = 0; i < 50; i++) {
                    byte[] part = new byte[100];
                    java.util.Arrays.fill(part, (byte) i);
                    connection.write(ByteBuffer.wrap(part, 0, 50), ByteBuffer.wrap(part, 50, 50));
                }
                connection.close();
            });
            simulation.run(Duration.ofHours(1), () -> got.get() != null);
            assertEquals(5_000, got.get().length);
            for (int i = 0; i < 5_000; i++) {
                assertEquals(i / 100, got.get()[i]);
            }
        }
    }

    @Test
    void different_connections_overtake_each_other() {
        Set<List<Byte>> orders = new HashSet<>();
        for (long seed = 0; seed < 30; seed++) {
            with(seed, SimOptions.calm());
            List<Byte> order = new ArrayList<>();
            server((world, connection) -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                connection.read(one);
                order.add(one.get(0));
            });
            client((world, first) -> {
                Connection second = connect(world, 10);
                first.write(ByteBuffer.wrap(new byte[] {1}));
                second.write(ByteBuffer.wrap(new byte[] {2}));
            });
            simulation.run(MINUTE, () -> order.size() == 2);
            orders.add(order);
        }
        assertEquals(2, orders.size());
    }

    @Test
    void a_full_buffer_blocks_the_writer_until_the_reader_reads() {
        with(1, SimOptions.calm().network(n -> n.withBuffer(1000)));
        AtomicLong written = new AtomicLong();
        server((world, connection) -> {
            world.time().sleep(5 * SECOND_NANOS);
            assertEquals(1000, written.get());
            assertEquals(3000, readAll(connection).length);
            done.set(true);
        });
        simulation.node("client").start(world -> {
            world.time().sleep(1_000_000);
            Connection connection = connect(world, 10);
            for (int i = 0; i < 30; i++) {
                connection.write(ByteBuffer.allocate(100));
                written.addAndGet(100);
            }
            connection.close();
        });
        simulation.run(MINUTE, done::get);
        assertEquals(3000, written.get());
    }

    @Test
    void a_read_with_a_deadline_ends_then_and_not_before_and_leaves_no_wake_behind() {
        server((world, connection) -> {
            world.time().sleep(5 * SECOND_NANOS);
            connection.write(ByteBuffer.allocate(10));
            world.time().sleep(5 * SECOND_NANOS);
            connection.close();
        });
        client((world, connection) -> {
            ByteBuffer into = ByteBuffer.allocate(100);
            long began = world.time().nanos();
            assertEquals(0, connection.read(into, began + SECOND_NANOS));
            assertTrue(world.time().nanos() - began - SECOND_NANOS <= 1_000); // the steps until then
            assertEquals(10, connection.read(into, began + 60 * SECOND_NANOS));
            long came = world.time().nanos();
            assertTrue(came < began + 6 * SECOND_NANOS);
            world.time().sleep(SECOND_NANOS);
            assertTrue(world.time().nanos() - came >= SECOND_NANOS);
            assertTrue(world.time().nanos() - came <= SECOND_NANOS + 1_000);
            assertEquals(-1, connection.read(into, began + 60 * SECOND_NANOS));
            assertEquals(0, connection.read(ByteBuffer.allocate(0), began));
        });
        simulation.run(MINUTE, done::get);
    }

    @Test
    void nobody_listening_is_a_refusal() {
        simulation.node("server");
        simulation.node("client").start(world -> {
            long start = world.time().nanos();
            assertThrows(ConnectException.class, () -> connect(world, 10));
            assertTrue(world.time().nanos() > start);
            assertThrows(
                    java.net.UnknownHostException.class,
                    () -> world.network().connect(new ServerAddress("nowhere", 1), start + SECOND_NANOS));
            done.set(true);
        });
        simulation.run(MINUTE, done::get);
    }

    @Test
    void connecting_into_a_partition_hangs_until_the_deadline_or_the_healing() {
        SimNode server = server((world, connection) -> readAll(connection));
        SimNode client = simulation.node("client");
        simulation.partitionOneWay(List.of(server), List.of(client));
        client.start(world -> {
            long start = world.time().nanos();
            assertThrows(SocketTimeoutException.class, () -> connect(world, 3));
            assertTrue(world.time().nanos() - start >= 3 * SECOND_NANOS);
            simulation.at(Duration.ofSeconds(5), simulation::heal);
            connect(world, 20).close();
            assertTrue(world.time().nanos() - start >= 8 * SECOND_NANOS);
            done.set(true);
        });
        simulation.run(MINUTE, done::get);
    }

    @Test
    void a_partition_holds_bytes_back_and_healing_lets_them_through() {
        AtomicReference<byte[]> got = new AtomicReference<>();
        SimNode server = server((world, connection) -> got.set(readAll(connection)));
        client((world, connection) -> {
            simulation.partition(List.of(server), List.of(simulation.node("client")));
            connection.write(ByteBuffer.allocate(100));
            connection.close();
        });
        simulation.run(MINUTE, done::get);
        simulation.runFor(MINUTE);
        assertEquals(null, got.get());
        simulation.heal();
        simulation.run(MINUTE, () -> got.get() != null);
        assertEquals(100, got.get().length);
    }

    @Test
    void a_crash_breaks_connections_and_new_ones_are_refused() {
        AtomicInteger ended = new AtomicInteger();
        SimNode server = server((world, connection) -> world.time().sleep(1000 * SECOND_NANOS));
        client((world, connection) -> {
            simulation.at(Duration.ofSeconds(1), server::crash);
            try {
                assertEquals(-1, connection.read(ByteBuffer.allocate(1)));
            } catch (IOException reset) {
                // as well
            }
            ended.incrementAndGet();
            assertThrows(ConnectException.class, () -> connect(world, 10));
        });
        simulation.run(MINUTE, done::get);
        assertEquals(1, ended.get());
    }

    @Test
    void a_host_without_power_is_silent_until_it_is_back() {
        SimNode server = server((world, connection) -> world.time().sleep(1000 * SECOND_NANOS));
        AtomicBoolean reset = new AtomicBoolean();
        client((world, connection) -> {
            server.powerLoss();
            assertThrows(SocketTimeoutException.class, () -> connect(world, 5));
            connection.write(ByteBuffer.allocate(1)); // nobody answers
            world.threads().start("reader", () -> {
                assertThrows(IOException.class, () -> connection.read(ByteBuffer.allocate(1)));
                reset.set(true);
            });
        });
        simulation.run(MINUTE, done::get);
        simulation.runFor(MINUTE);
        assertFalse(reset.get());
        server.start(world -> {});
        simulation.run(MINUTE, reset::get);
    }

    @Test
    void a_connection_may_be_cut_in_the_middle_of_a_write() {
        Set<Integer> lengths = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            with(seed, SimOptions.calm().network(n -> n.withCuts(1)));
            AtomicInteger got = new AtomicInteger(-1);
            server((world, connection) -> {
                int length = 0;
                try {
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    while (connection.read(buffer) >= 0) {
                        length = buffer.position();
                    }
                } catch (IOException e) {
                    got.set(length);
                }
            });
            client((world, connection) ->
                    assertThrows(InjectedFault.class, () -> connection.write(ByteBuffer.allocate(100))));
            simulation.run(MINUTE, () -> got.get() >= 0 && done.get());
            assertTrue(got.get() < 100);
            lengths.add(got.get());
        }
        assertTrue(lengths.size() > 10, lengths.toString());
    }

    @Test
    void closing_makes_blocked_calls_fail_and_the_peer_see_the_end() {
        AtomicBoolean failed = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        server((world, connection) -> {
            assertEquals(0, readAll(connection).length);
            ended.set(true);
        });
        client((world, connection) -> {
            world.threads().start("reader", () -> {
                assertThrows(IOException.class, () -> connection.read(ByteBuffer.allocate(1)));
                failed.set(true);
            });
            world.time().sleep(SECOND_NANOS);
            connection.close();
        });
        simulation.run(MINUTE, () -> failed.get() && ended.get());
    }

    @Test
    void writing_to_an_end_that_is_closed_fails_after_a_while() {
        server((world, connection) -> connection.close());
        client((world, connection) -> {
            assertEquals(-1, connection.read(ByteBuffer.allocate(1)));
            IOException broken = assertThrows(IOException.class, () -> {
                while (true) {
                    connection.write(ByteBuffer.allocate(10));
                }
            });
            assertTrue(broken.getMessage().contains("reset"), broken.getMessage());
        });
        simulation.run(MINUTE, done::get);
    }

    @Test
    void closing_a_listener_ends_accept_and_frees_the_port() {
        simulation.node("server").start(world -> {
            Listener listener = world.network().listen(SERVER);
            assertThrows(BindException.class, () -> world.network().listen(SERVER));
            assertThrows(BindException.class, () -> world.network().listen(new ServerAddress("other", 1)));
            world.threads().start("closer", () -> {
                world.time().sleep(SECOND_NANOS);
                quietly(listener::close);
            });
            assertThrows(IOException.class, listener::accept);
            world.network().listen(SERVER).close();
            assertTrue(world.network()
                            .listen(new ServerAddress("server", 0))
                            .address()
                            .port()
                    > 0);
            done.set(true);
        });
        simulation.run(MINUTE, done::get);
    }
}
