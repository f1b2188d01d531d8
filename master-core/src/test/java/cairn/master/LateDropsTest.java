package cairn.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LateDropsTest {
    private static final ServerId SERVER = new ServerId(1);
    private static final ServerId OTHER = new ServerId(2);
    private static final long SECOND = LateDrops.DELAY_NANOS;

    private final LateDrops late = new LateDrops();

    private record Told(ServerId server, List<ChunkHandle> chunks) {}

    private static List<ChunkHandle> chunks(long first, long count) {
        return LongStream.range(first, first + count).mapToObj(ChunkHandle::new).toList();
    }

    private List<Told> tick(long nanos) {
        List<Told> told = new ArrayList<>();
        late.tick(nanos, (server, chunks) -> told.add(new Told(server, chunks)));
        return told;
    }

    @Test
    void a_holder_is_told_after_a_second_of_all_chunks_that_had_gone_by_then() {
        late.add(SERVER, chunks(1, 2), 0);
        late.add(SERVER, chunks(3, 1), SECOND / 2);
        late.add(OTHER, chunks(9, 1), SECOND / 2);
        late.add(SERVER, chunks(4, 1), SECOND);
        assertEquals(List.of(), tick(SECOND - 1));
        assertEquals(List.of(new Told(SERVER, chunks(1, 3)), new Told(OTHER, chunks(9, 1))), tick(SECOND + SECOND / 2));
        assertEquals(List.of(new Told(SERVER, chunks(4, 1))), tick(2 * SECOND));
        assertEquals(List.of(), tick(3 * SECOND));
    }

    @Test
    void of_many_chunks_it_is_told_in_several_orders_and_not_of_all_at_once() {
        late.add(SERVER, chunks(1, 2_000), 0);
        List<Told> first = tick(SECOND);
        assertTrue(first.size() > 1 && first.stream().allMatch(told -> told.chunks.size() <= 128));
        List<ChunkHandle> all = new ArrayList<>();
        for (List<Told> told = first; !told.isEmpty(); told = tick(SECOND)) {
            told.forEach(each -> all.addAll(each.chunks));
            assertTrue(told.stream().mapToInt(each -> each.chunks.size()).sum() < 1_000);
        }
        assertEquals(chunks(1, 2_000), all);
    }
}
