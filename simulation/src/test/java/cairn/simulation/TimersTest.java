package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimersTest {

    @Test
    void timers_come_by_time_and_then_in_the_order_of_asking_and_cancelled_ones_never() {
        SimRandom random = new SimRandom(1);
        Timers timers = new Timers();
        TreeMap<Long, Timers.Timer> expected = new TreeMap<>(); // by time and sequence
        List<Timers.Timer> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            switch (random.below(5)) {
                case 0, 1 -> {
                    Timers.Timer timer = timers.at(random.below(1000), () -> {});
                    expected.put(timer.atNanos() << 32 | timer.sequence(), timer);
                    all.add(timer);
                }
                case 2, 3 -> {
                    if (!all.isEmpty()) {
                        Timers.Timer timer = all.get(random.below(all.size()));
                        timers.cancel(timer);
                        expected.remove(timer.atNanos() << 32 | timer.sequence());
                    }
                }
                default -> {
                    if (!expected.isEmpty()) {
                        assertEquals(expected.pollFirstEntry().getValue(), timers.take());
                    }
                }
            }
            assertEquals(expected.size(), timers.size());
            assertEquals(
                    expected.isEmpty()
                            ? Long.MAX_VALUE
                            : expected.firstEntry().getValue().atNanos(),
                    timers.nextNanos());
        }
    }
}
