package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NemesisTest {

    private static final long SECOND_NANOS = 1_000_000_000L;

    @Test
    void the_nemesis_takes_down_and_brings_back() {
        Duration second = Duration.ofSeconds(1);
        SimOptions options =
                SimOptions.calm().chaos(new SimOptions.Chaos(second, second, second, second, second, second));
        for (long seed = 0; seed < 20; seed++) {
            try (Simulation simulation = new Simulation(seed, options)) {
                AtomicInteger starts = new AtomicInteger();
                Nemesis nemesis = new Nemesis(simulation);
                SimNode.Main main = world -> {
                    starts.incrementAndGet();
                    world.time().sleep(1000 * SECOND_NANOS);
                };
                for (int i = 0; i < 3; i++) {
                    SimNode node = simulation.node("n" + i);
                    node.start(main);
                    nemesis.torments(node, main);
                }
                nemesis.start(Duration.ofMinutes(1));
                simulation.runFor(Duration.ofMinutes(2));
                assertTrue(starts.get() > 20, starts + " starts");
                assertEquals(
                        3,
                        simulation.nodes().stream().filter(SimNode::isRunning).count());
            }
        }
    }

    /** Its threads are parked for ever, some while they hold locks: only the garbage collector can end them. */
    @Test
    @SuppressWarnings("try")
    void a_simulation_that_is_forgotten_is_garbage_with_all_its_threads() throws InterruptedException {
        WeakReference<Simulation> forgotten = run();
        for (int i = 0; i < 50 && forgotten.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(forgotten.get());
    }

    private static WeakReference<Simulation> run() {
        Simulation simulation = new Simulation(1, SimOptions.calm());
        SimNode node = simulation.node("a");
        node.start(world -> {
            for (int i = 0; i < 100; i++) {
                world.threads().start("t", () -> {
                    world.time().sleep(SECOND_NANOS);
                    assertTrue(simulation.nowNanos() > 0);
                });
            }
        });
        simulation.runFor(Duration.ofMillis(100));
        return new WeakReference<>(simulation);
    }
}
