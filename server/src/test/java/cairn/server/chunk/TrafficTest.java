package cairn.server.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.world.Time;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** How work in the background gives way to clients. */
final class TrafficTest {
    private static final long MIB = 1 << 20;
    private static final long MILLI = 1_000_000L;

    private final StoppedTime time = new StoppedTime();
    private final Traffic traffic = new Traffic(time);

    /** It goes by when somebody says so. */
    private static final class StoppedTime implements Time {
        long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return nanos / MILLI;
        }

        @Override
        public void letOthersRun() {}

        @Override
        public void sleep(long more) {
            nanos += more;
        }

        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            throw new AssertionError("nobody waits here");
        }
    }

    /** Clients move so many bytes each millisecond, work in the background as much as it may; returns what that was. */
    private long background(int millis, long clientBytes, int workers) {
        long moved = 0;
        long[] due = new long[workers];
        for (int i = 0; i < millis; i++) {
            time.nanos += MILLI;
            traffic.note(clientBytes);
            for (int worker = 0; worker < workers; worker++) {
                if (due[worker] <= time.nanos) {
                    due[worker] = time.nanos + traffic.turnNanos(MIB);
                    moved += due[worker] <= time.nanos ? MIB : 0;
                    moved += due[worker] > time.nanos ? MIB : 0;
                }
            }
        }
        return moved;
    }

    @Test
    void while_clients_are_at_work_all_of_it_together_moves_no_more_than_they_do() {
        background(1000, MIB / 10, 0);
        long theirs = 5000 * (MIB / 10);
        long moved = background(5000, MIB / 10, 4);
        assertThat(moved).isBetween(theirs * 8 / 10, theirs + 8 * MIB);
    }

    @Test
    void it_always_gets_on() {
        background(1000, 100, 0);
        long moved = background(10_000, 100, 3);
        assertThat(moved).isBetween(35 * MIB, 45 * MIB);
    }

    @Test
    void it_gives_way_as_soon_as_clients_begin_and_stops_soon_after_they_end() {
        time.nanos += 1000 * MILLI;
        assertThat(traffic.turnNanos(MIB)).isZero();
        traffic.note(1);
        assertThat(traffic.turnNanos(MIB)).isZero();
        assertThat(traffic.turnNanos(MIB)).as("in a queue from now on").isPositive();
        time.nanos += 2000 * MILLI;
        traffic.turnNanos(0);
        time.nanos += 2000 * MILLI;
        traffic.turnNanos(0);
        assertThat(traffic.turnNanos(MIB)).isZero();
        assertThat(traffic.turnNanos(MIB)).isZero();
    }
}
