package cairn.simulation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.WorkloadKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who waits for a search hears how far it is. */
class WatchTest {

    @Test
    void work_that_takes_its_time_is_told_of_until_it_is_over() {
        CountDownLatch heard = new CountDownLatch(2);
        List<String> said = new CopyOnWriteArrayList<>();
        boolean over = Watch.over(
                Duration.ofMillis(1),
                () -> {
                    try {
                        heard.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                () -> "on the way",
                words -> {
                    said.add(words);
                    heard.countDown();
                });
        assertTrue(over);
        assertTrue(said.size() >= 2);
        assertEquals("on the way", said.getFirst());
    }

    @Test
    void a_search_that_has_nothing_to_count_yet_says_so() {
        MutantSearch mutants =
                new MutantSearch(seed -> new Request(seed, WorkloadKind.of(seed), Set.of(), Set.of()), 7, 10);
        assertEquals("0 of 10 seeds run or under way, not noticed yet", mutants.progress());
        SeedSearch seeds =
                new SeedSearch(seed -> new Request(seed, WorkloadKind.of(seed), Set.of(), Set.of()), 7, 1, 10);
        assertTrue(seeds.progress().startsWith("no seed is through yet after 0 s"), seeds.progress());
    }
}
