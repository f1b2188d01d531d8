package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.proof.Probe;
import cairn.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

@SuppressWarnings("LockNotBeforeTry") // a test that throws has failed: nobody needs the lock any more
class SchedulerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private final SimNode node = simulation.node("a");
    private final AtomicBoolean done = new AtomicBoolean();

    private void runMain(SimNode.Main main) {
        node.start(main);
        simulation.run(MINUTE, done::get);
    }

    private String failureOf(SimNode.Main main) {
        node.start(main);
        return assertThrows(SimulationFailure.class, () -> simulation.run(MINUTE, done::get))
                .getMessage();
    }

    @Test
    void a_timed_wait_wakes_at_its_deadline() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        AtomicLong late = new AtomicLong(-1);
        runMain(world -> {
            long deadline = world.time().nanos() + 5 * SECOND_NANOS;
            lock.lock();
            boolean inTime = world.time().await(lock, condition, deadline);
            assertFalse(inTime);
            assertTrue(lock.isHeldByCurrentThread());
            late.set(world.time().nanos() - deadline);
            assertFalse(Thread.currentThread().isInterrupted());
            done.set(true);
        });
        assertTrue(late.get() >= 0 && late.get() < 10_000, late + " ns late");
    }

    @Test
    void a_signal_ends_a_timed_wait_and_its_timer_is_gone() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        runMain(world -> {
            world.threads().start("signaller", () -> {
                world.time().sleep(SECOND_NANOS);
                lock.lock();
                condition.signal();
                lock.unlock();
            });
            lock.lock();
            assertTrue(world.time().await(lock, condition, world.time().nanos() + 5 * SECOND_NANOS));
            lock.unlock();
            long start = world.time().nanos();
            world.time().sleep(10 * SECOND_NANOS); // an old timer would interrupt this
            assertTrue(world.time().nanos() - start >= 10 * SECOND_NANOS);
            done.set(true);
        });
    }

    @Test
    void a_signal_that_comes_first_wins_even_if_the_lock_comes_late() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        runMain(world -> {
            world.threads().start("signaller", () -> {
                world.time().sleep(SECOND_NANOS);
                lock.lock();
                condition.signal();
                world.time().sleep(9 * SECOND_NANOS); // the deadline passes meanwhile
                lock.unlock();
            });
            lock.lock();
            assertFalse(world.time().await(lock, condition, world.time().nanos() + 5 * SECOND_NANOS));
            assertTrue(lock.isHeldByCurrentThread());
            assertFalse(Thread.currentThread().isInterrupted());
            done.set(true);
        });
    }

    @Test
    void of_two_waiters_only_the_one_whose_deadline_comes_leaves() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        List<String> order = new ArrayList<>();
        runMain(world -> {
            for (int i = 3; i >= 1; i--) {
                long deadline = world.time().nanos() + i * SECOND_NANOS;
                String name = "waiter " + i;
                world.threads().start(name, () -> {
                    lock.lock();
                    boolean inTime = world.time().await(lock, condition, deadline);
                    order.add(name + " " + inTime);
                    lock.unlock();
                    done.set(order.size() == 3);
                });
            }
        });
        assertEquals(List.of("waiter 1 false", "waiter 2 false", "waiter 3 false"), order);
    }

    @Test
    void a_deadline_already_over_lets_others_have_the_lock() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        AtomicBoolean flag = new AtomicBoolean();
        runMain(world -> {
            world.threads().start("setter", () -> {
                lock.lock();
                flag.set(true);
                lock.unlock();
            });
            lock.lock();
            while (!flag.get()) {
                assertFalse(world.time().await(lock, condition, world.time().nanos()));
            }
            lock.unlock();
            done.set(true);
        });
    }

    @Test
    void blocking_queues_of_the_jdk_work_and_time_does_not_pass_for_nothing() {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
        AtomicInteger sum = new AtomicInteger();
        runMain(world -> {
            world.threads().start("producer", () -> {
                for (int i = 1; i <= 100; i++) {
                    put(queue, i);
                }
            });
            for (int i = 0; i < 100; i++) {
                sum.addAndGet(queue.take());
            }
            done.set(true);
        });
        assertEquals(5050, sum.get());
        assertTrue(simulation.nowNanos() < 1_000_000);
    }

    private static void put(BlockingQueue<Integer> queue, int i) {
        try {
            queue.put(i);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void every_order_of_ready_threads_happens_with_some_seed() {
        Set<String> orders = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            try (Simulation each = new Simulation(seed, SimOptions.calm())) {
                StringBuilder order = new StringBuilder();
                each.node("a").start(world -> {
                    for (int i = 0; i < 3; i++) {
                        String name = "" + i;
                        world.threads().start(name, () -> order.append(name));
                    }
                });
                each.run(MINUTE, () -> order.length() == 3);
                orders.add(order.toString());
            }
        }
        assertEquals(6, orders.size());
    }

    @Test
    void an_hour_takes_no_time() {
        AtomicInteger ticks = new AtomicInteger();
        node.start(world -> {
            while (true) {
                world.time().sleep(SECOND_NANOS);
                ticks.incrementAndGet();
            }
        });
        simulation.runFor(Duration.ofHours(1));
        assertTrue(ticks.get() > 3500 && ticks.get() <= 3600, ticks + " ticks");
        assertEquals(Duration.ofHours(1).toNanos(), simulation.nowNanos());
    }

    @Test
    void a_deadlock_is_reported_with_stacks() {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();
        String message = failureOf(world -> {
            world.threads().start("other", () -> lockBoth(world, second, first));
            lockBoth(world, first, second);
        });
        assertTrue(message.contains("deadlock"), message);
        assertTrue(message.contains("seed 1"), message);
        assertTrue(message.contains("a/other#2"), message);
        assertTrue(message.contains("SchedulerTest.lockBoth"), message);
    }

    private static void lockBoth(World world, ReentrantLock first, ReentrantLock second) {
        first.lock();
        world.time().sleep(SECOND_NANOS);
        second.lock();
    }

    @Test
    void reaching_the_limit_is_reported_with_stacks() {
        String message = failureOf(world -> {
            while (true) {
                world.time().sleep(SECOND_NANOS);
            }
        });
        assertTrue(message.contains("not done after PT1M"), message);
        assertTrue(message.contains("a/main#1"), message);
        assertTrue(message.contains("SimTime.sleep"), message);
    }

    @Test
    void an_uncaught_exception_fails_the_run_with_seed_and_cause() {
        IllegalStateException thrown = new IllegalStateException("oops");
        node.start(world -> world.threads().start("bad", () -> {
            throw thrown;
        }));
        SimulationFailure failure = assertThrows(SimulationFailure.class, () -> simulation.run(MINUTE, done::get));
        assertEquals(thrown, failure.getCause());
        assertTrue(failure.getMessage().contains("a/bad#2 threw"), failure.getMessage());
        assertTrue(failure.getMessage().contains("seed 1"), failure.getMessage());
    }

    @Test
    void a_thread_that_goes_round_and_never_waits_fails_the_run() {
        String message = failureOf(world -> {
            while (!done.get()) {
                world.witness().met(Probe.READ_OVERWRITTEN_OFTEN);
            }
        });
        assertTrue(message.contains("never waits; it has just met READ_OVERWRITTEN_OFTEN"), message);
    }

    @Test
    void waiting_for_a_monitor_is_refused() {
        Object monitor = new Object();
        String message = failureOf(world -> {
            world.threads().start("holder", () -> holdMonitor(world, monitor));
            world.time().sleep(SECOND_NANOS);
            holdMonitor(world, monitor);
        });
        assertTrue(message.contains("waits for a monitor"), message);
    }

    private static void holdMonitor(World world, Object monitor) {
        synchronized (monitor) {
            world.time().sleep(10 * SECOND_NANOS);
        }
    }

    @Test
    void a_timed_wait_of_the_jdk_is_refused() {
        String message = failureOf(world -> new ArrayBlockingQueue<Integer>(1).poll(1, TimeUnit.HOURS));
        assertTrue(message.contains("otherwise than through the time port"), message);
    }

    @Test
    void a_thread_started_past_the_port_is_refused() {
        String message = failureOf(world -> {
            Thread.ofVirtual().start(() -> {});
            world.time().sleep(SECOND_NANOS);
        });
        assertTrue(message.contains("otherwise than by the threads port"), message);
    }

    @Test
    void a_thread_of_another_node_may_not_use_this_world() {
        node.start(world -> {});
        World stolen = node.world();
        SimNode thief = simulation.node("thief");
        thief.start(world -> stolen.time().sleep(1));
        SimulationFailure failure = assertThrows(SimulationFailure.class, () -> simulation.run(MINUTE, done::get));
        assertTrue(failure.getMessage().contains("uses the world of a"), failure.getMessage());
    }

    @Test
    void the_same_seed_has_the_same_history_and_another_seed_another() {
        Set<Long> hashes = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            long once = Mixture.hashOf(seed);
            assertEquals(once, Mixture.hashOf(seed), "seed " + seed);
            hashes.add(once);
        }
        assertEquals(20, hashes.size());
    }

    @Test
    void the_same_seed_has_the_same_history_in_a_fresh_jvm() throws Exception {
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-Djdk.trackAllThreads=false",
                "-cp",
                System.getProperty("java.class.path"),
                Mixture.class.getName(),
                "7");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(Long.toHexString(Mixture.hashOf(7)), printed.strip());
    }

    @Test
    void simulations_on_several_threads_do_not_disturb_each_other() {
        List<Long> alone = java.util.stream.LongStream.range(0, 40)
                .map(Mixture::hashOf)
                .boxed()
                .toList();
        List<Long> together = java.util.stream.LongStream.range(0, 40)
                .parallel()
                .map(Mixture::hashOf)
                .boxed()
                .toList();
        assertEquals(alone, together);
    }

    @Test
    void looking_at_the_threads_changes_nothing() {
        List<Long> hashes = new ArrayList<>();
        for (boolean look : List.of(false, true)) {
            try (Simulation each = new Simulation(1, SimOptions.calm())) {
                each.node("a").start(world -> {
                    for (int i = 0; i < 5; i++) {
                        world.threads().start("t" + i, () -> world.time().sleep(1_000));
                    }
                });
                each.run(MINUTE, () -> {
                    assertTrue(!look || each.dump() != null);
                    return each.steps() == 9;
                });
                each.runFor(MINUTE);
                hashes.add(each.hash());
            }
        }
        assertEquals(hashes.get(0), hashes.get(1));
    }

    @Test
    void what_an_action_or_a_condition_throws_fails_the_run_with_the_seed() {
        simulation.at(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("oops");
        });
        SimulationFailure failure = assertThrows(SimulationFailure.class, () -> simulation.run(MINUTE, done::get));
        assertTrue(failure.getMessage().contains("oops") && failure.getMessage().contains("seed 1"));
    }

    @Test
    void tracing_changes_nothing() {
        java.io.PrintStream nowhere = new java.io.PrintStream(java.io.OutputStream.nullOutputStream());
        assertEquals(Mixture.hashOf(3), Mixture.hashOf(3, nowhere));
        assertNotEquals(Mixture.hashOf(3), Mixture.hashOf(4));
    }
}
