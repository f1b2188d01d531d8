package cairn.world.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.world.Entropy;
import cairn.world.Time;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SystemTimeTest {
    private final Time time = RealWorld.create().time();

    @Test
    void a_wait_ends_at_its_deadline() {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        long deadline = time.nanos() + 50_000_000;
        lock.lock();
        try {
            while (time.await(lock, never, deadline)) {
                assertThat(time.nanos() - deadline).isNegative();
            }
        } finally {
            lock.unlock();
        }
        assertThat(time.nanos() - deadline).isNotNegative();
    }

    @Test
    void an_interrupt_ends_a_wait_and_stays_visible() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> time.sleep(1_000_000_000)).isInstanceOf(WorldStopped.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void an_error_in_a_library_s_thread_ends_only_that_thread() throws InterruptedException {
        Thread thread = new Thread(ErrorPolicy.REPORT.guard(() -> {
            throw new AssertionError("expected in this test");
        }));
        thread.start();
        thread.join();
        Thread quiet = new Thread(ErrorPolicy.HALT.guard(() -> {
            throw new WorldStopped(new InterruptedException());
        }));
        quiet.start();
        quiet.join();
    }

    @Test
    void entropy_differs_and_stays_below_its_bound() {
        Entropy one = RealWorld.create().entropy();
        assertThat(one.nextLong()).isNotEqualTo(RealWorld.create().entropy().nextLong());
        for (int i = 0; i < 1000; i++) {
            assertThat(one.below(7)).isBetween(0, 6);
        }
    }
}
