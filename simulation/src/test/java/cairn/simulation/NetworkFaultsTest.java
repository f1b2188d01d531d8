package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Ghosts, half-open connections and slow processes. */
class NetworkFaultsTest {

    private static final ServerAddress SERVER = new ServerAddress("server", 7000);
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Notes what each connection brings. */
    private static void serve(World world, List<ByteBuffer> received) throws IOException {
        Listener listener = world.network().listen(SERVER);
        while (true) {
            Connection connection = listener.accept();
            ByteBuffer into = ByteBuffer.allocate(1000);
            received.add(into);
            world.threads().start("reader", () -> {
                try {
                    while (connection.read(into) >= 0) {
                        connection.write(ByteBuffer.allocate(100));
                    }
                } catch (IOException e) {
                    // the other end is gone
                }
            });
        }
    }

    @Test
    void a_ghost_brings_the_first_bytes_of_a_connection_once_more_and_the_client_hears_nothing_of_it() {
        List<ByteBuffer> received = new ArrayList<>();
        AtomicLong answered = new AtomicLong();
        try (Simulation simulation = new Simulation(1, SimOptions.calm().network(n -> n.withGhosts(1)))) {
            simulation.node("server").start(world -> serve(world, received));
            SimNode client = simulation.node("client");
            client.start(world -> {
                Connection connection =
                        world.network().connect(SERVER, world.time().nanos() + SECOND_NANOS);
                connection.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                ByteBuffer into = ByteBuffer.allocate(1000);
                while (connection.read(into) >= 0) {
                    answered.set(into.position());
                }
            });
            simulation.runFor(Duration.ofMinutes(2));
            assertEquals(1, simulation.faults().of(Fault.GHOST));
            assertEquals(2, received.size());
            ByteBuffer ghost = received.get(1);
            assertTrue(ghost.position() > 0 && ghost.position() <= 3);
            for (int i = 0; i < ghost.position(); i++) {
                assertEquals(i + 1, ghost.get(i));
            }
            assertEquals(100, answered.get());
            assertEquals(1, client.connectionCount());
        }
    }

    @Test
    void on_a_half_open_connection_nothing_arrives_and_nobody_is_told() {
        List<ByteBuffer> received = new ArrayList<>();
        try (Simulation simulation = new Simulation(1, SimOptions.calm().network(n -> n.withVanishing(1)))) {
            SimNode server = simulation.node("server");
            server.start(world -> serve(world, received));
            SimNode client = simulation.node("client");
            client.start(world -> {
                Connection connection =
                        world.network().connect(SERVER, world.time().nanos() + SECOND_NANOS);
                connection.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                connection.read(ByteBuffer.allocate(1));
            });
            simulation.runFor(Duration.ofMinutes(5));
            assertEquals(0, received.getFirst().position());
            assertEquals(1, client.threadCount());
            assertEquals(1, server.connectionCount());
            assertEquals(1, simulation.faults().of(Fault.HALF_OPEN));
        }
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // steps are what is counted
    void a_slow_process_takes_longer_for_its_steps_until_it_is_as_fast_as_before() {
        AtomicLong steps = new AtomicLong();
        try (Simulation simulation = new Simulation(1, SimOptions.calm())) {
            SimNode node = simulation.node("a");
            node.start(world -> {
                while (true) {
                    Thread.yield();
                    steps.incrementAndGet();
                }
            });
            Duration moment = Duration.ofMillis(1);
            simulation.runFor(moment);
            long fast = steps.getAndSet(0);
            node.slowDown(100);
            simulation.runFor(moment);
            long slow = steps.getAndSet(0);
            node.slowDown(0);
            simulation.runFor(moment);
            assertTrue(slow > 0 && slow * 50 < fast, slow + " of " + fast);
            assertTrue(steps.get() > fast / 2, steps + " of " + fast);
        }
    }
}
