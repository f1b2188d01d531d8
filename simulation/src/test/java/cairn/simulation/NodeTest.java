package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private final SimNode node = simulation.node("a");

    /** A process that does four writes; the crash comes at a random time. Every point between two must come up. */
    @Test
    void a_crash_drops_threads_between_any_two_port_calls() {
        Set<Integer> points = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            try (Simulation each = new Simulation(seed, SimOptions.calm())) {
                AtomicInteger point = new AtomicInteger();
                AtomicBoolean unwound = new AtomicBoolean();
                each.node("a").start(world -> {
                    try (DiskFile file = world.disks().open("/d").create("f")) {
                        for (int i = 1; i <= 4; i++) {
                            file.write(ByteBuffer.wrap(new byte[] {1}), i);
                            point.set(i);
                        }
                        world.time().sleep(SECOND_NANOS);
                    } finally {
                        unwound.set(true);
                    }
                });
                each.at(Duration.ofNanos(each.random().below(400_000)), each.node("a")::crash);
                each.runFor(MINUTE);
                assertFalse(unwound.get(), "a finally block ran after the crash");
                points.add(point.get());
            }
        }
        assertEquals(Set.of(0, 1, 2, 3, 4), points);
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is what is tested
    void a_crash_drops_threads_that_were_ready_to_run() {
        AtomicInteger count = new AtomicInteger();
        node.start(world -> {
            for (int i = 0; i < 5; i++) {
                world.threads().start("busy", () -> {
                    while (true) {
                        Thread.yield();
                        count.incrementAndGet();
                    }
                });
            }
        });
        simulation.runFor(Duration.ofMillis(1));
        node.crash();
        int before = count.get();
        assertTrue(before > 1000);
        simulation.runFor(MINUTE);
        assertEquals(before, count.get());
    }

    @Test
    void a_crash_keeps_what_was_written_and_a_new_process_finds_it() throws Exception {
        node.start(world -> world.disks().open("/d").create("f").write(ByteBuffer.wrap(new byte[] {7, 8}), 0));
        simulation.runFor(MINUTE);
        List<Long> found = new ArrayList<>();
        node.restart(world -> found.add(world.disks().open("/d").open("f").bytes()));
        simulation.run(MINUTE, () -> !found.isEmpty());
        assertEquals(List.of(2L), found);
    }

    @Test
    void a_process_that_crashes_itself_stops_at_once() {
        AtomicInteger reached = new AtomicInteger();
        node.start(world -> {
            reached.incrementAndGet();
            node.crash();
            reached.incrementAndGet();
        });
        simulation.runFor(MINUTE);
        assertEquals(1, reached.get());
        assertFalse(node.isRunning());
    }

    @Test
    void an_error_of_a_crashed_process_is_no_failure() {
        node.start(world -> {
            world.time().sleep(SECOND_NANOS);
            throw new IllegalStateException("never");
        });
        simulation.runFor(Duration.ofMillis(500));
        node.crash();
        simulation.runFor(MINUTE);
    }

    @Test
    void a_paused_process_does_nothing_and_then_goes_on() {
        AtomicInteger ticks = new AtomicInteger();
        node.start(world -> {
            while (true) {
                world.time().sleep(SECOND_NANOS);
                ticks.incrementAndGet();
            }
        });
        simulation.runFor(Duration.ofMillis(5_500));
        assertEquals(5, ticks.get());
        node.pause(Duration.ofSeconds(20));
        node.pause(Duration.ofSeconds(2));
        simulation.runFor(Duration.ofSeconds(19));
        assertEquals(5, ticks.get());
        simulation.runFor(Duration.ofSeconds(10));
        assertTrue(ticks.get() > 10, ticks + " ticks");
    }

    @Test
    void a_process_may_crash_while_it_is_paused() {
        AtomicInteger ticks = new AtomicInteger();
        node.start(world -> {
            world.time().sleep(SECOND_NANOS);
            ticks.incrementAndGet();
        });
        node.pause(Duration.ofSeconds(5));
        node.crash();
        simulation.runFor(MINUTE);
        assertEquals(0, ticks.get());
    }

    @Test
    void a_restarted_process_draws_other_numbers() {
        List<Long> drawn = new ArrayList<>();
        node.start(world -> drawn.add(world.entropy().nextLong()));
        simulation.runFor(MINUTE);
        node.restart(world -> drawn.add(world.entropy().nextLong()));
        simulation.runFor(MINUTE);
        assertNotEquals(drawn.get(0), drawn.get(1));
    }

    @Test
    void only_one_process_runs_on_a_node() {
        node.start(world -> world.time().sleep(SECOND_NANOS));
        assertThrows(IllegalStateException.class, () -> node.start(world -> {}));
    }

    @Test
    void a_nodes_clock_drifts_and_its_waits_follow_its_own_clock() {
        long hour = 3600 * SECOND_NANOS;
        Set<Long> woke = new HashSet<>();
        SimOptions options = SimOptions.calm().clock(new SimOptions.Clocks(500, 3_000));
        for (long seed = 0; seed < 20; seed++) {
            try (Simulation each = new Simulation(seed, options)) {
                AtomicLong slept = new AtomicLong();
                each.node("a").start(world -> {
                    long start = world.time().nanos();
                    world.time().sleep(hour);
                    slept.set(world.time().nanos() - start);
                });
                each.run(Duration.ofHours(2), () -> slept.get() != 0);
                assertTrue(slept.get() >= hour && slept.get() < hour + 1_000_000, slept + " by its own clock");
                assertTrue(Math.abs(each.nowNanos() - hour) <= hour / 1_000_000 * 501 + 1_000_000, "by the world's");
                woke.add(each.nowNanos());
            }
        }
        assertTrue(woke.size() > 15, woke + " true times");
    }

    @Test
    void a_sleep_is_long_enough_though_the_clock_slows_down_meanwhile() {
        AtomicLong slept = new AtomicLong();
        node.start(world -> {
            long start = world.time().nanos();
            world.time().sleep(10 * SECOND_NANOS);
            slept.set(world.time().nanos() - start);
        });
        simulation.runFor(Duration.ofSeconds(5));
        node.clock().driftBy(-500_000); // half as fast
        simulation.run(MINUTE, () -> slept.get() != 0);
        assertTrue(slept.get() >= 10 * SECOND_NANOS, slept + " ns");
        assertTrue(simulation.nowNanos() >= 15 * SECOND_NANOS, simulation.nowNanos() + " ns");
    }

    @Test
    void a_clock_finds_the_first_time_at_which_it_shows_something() {
        SimScheduler scheduler = new SimScheduler(new SimRandom(1), 200, new Trace());
        SimRandom random = new SimRandom(5);
        for (int i = 0; i < 10_000; i++) {
            SimClock clock = new SimClock(scheduler, random.between(0, 1L << 50), random.between(-1000, 1000), 0);
            long wanted = clock.nanos() + random.between(0, 1L << 45);
            long at = clock.worldNanosAt(wanted);
            scheduler.skipTo(at);
            assertTrue(clock.nanos() >= wanted);
            scheduler.skipTo(at - 2);
            assertTrue(clock.nanos() <= wanted);
            scheduler.skipTo(0);
        }
    }

    @Test
    void a_wall_clock_may_jump_and_the_monotonic_one_does_not() {
        long nanos = node.clock().nanos();
        long millis = node.clock().wallMillis();
        node.clock().jumpWall(-5_000);
        assertEquals(nanos, node.clock().nanos());
        assertEquals(millis - 5_000, node.clock().wallMillis());
    }

    @Test
    void a_lock_on_a_disk_vanishes_with_the_process() {
        AtomicInteger locked = new AtomicInteger();
        SimNode.Main main = world -> {
            var disk = world.disks().open("/d");
            Closeable _ = disk.lock("LOCK");
            assertThrows(IOException.class, () -> disk.lock("LOCK"));
            locked.incrementAndGet();
        };
        node.start(main);
        simulation.run(MINUTE, () -> locked.get() == 1);
        node.restart(main);
        simulation.run(MINUTE, () -> locked.get() == 2);
    }
}
