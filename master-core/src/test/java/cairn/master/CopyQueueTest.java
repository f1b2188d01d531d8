package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.master.CopyQueue.Cause;
import cairn.master.CopyQueue.Wanted;
import cairn.model.ChunkHandle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which chunk is copied next (GFS 4.3). */
final class CopyQueueTest {
    private final CopyQueue queue = new CopyQueue();

    private void want(long chunk, Cause cause, int copies, boolean trashed, boolean sought) {
        queue.put(new Wanted(new ChunkHandle(chunk), cause, copies, trashed, sought, false));
    }

    private List<Long> order(long nanos) {
        return queue.first(100, nanos).stream()
                .map(wanted -> wanted.chunk().value())
                .toList();
    }

    @Test
    void few_copies_come_before_many_live_before_deleted_met_by_a_client_before_others_and_moves_last() {
        want(1, Cause.BALANCE, 3, false, false);
        want(2, Cause.LEAVING, 3, false, false);
        want(3, Cause.MISSING, 3, false, false);
        want(4, Cause.MISSING, 2, true, false);
        want(5, Cause.MISSING, 2, false, false);
        want(6, Cause.MISSING, 1, true, false);
        want(7, Cause.MISSING, 3, false, true);
        want(8, Cause.MISSING, 1, false, false);
        want(9, Cause.MISSING, 1, false, true);
        assertThat(order(0)).containsExactly(9L, 8L, 6L, 5L, 7L, 4L, 3L, 2L, 1L);
    }

    @Test
    void what_is_said_last_of_a_chunk_counts_and_it_is_there_once() {
        want(1, Cause.MISSING, 2, false, false);
        want(2, Cause.MISSING, 2, false, false);
        want(2, Cause.MISSING, 1, false, false);
        assertThat(order(0)).containsExactly(2L, 1L);
        queue.remove(new ChunkHandle(2));
        queue.remove(new ChunkHandle(1));
        assertThat(queue.size()).isZero();
        assertThat(queue.hasMissing()).isFalse();
    }

    @Test
    void what_rests_is_not_in_the_way_and_comes_back() {
        want(1, Cause.MISSING, 1, false, false);
        want(2, Cause.MISSING, 2, false, false);
        queue.rest(queue.first(1, 0).getFirst(), 50);
        want(1, Cause.MISSING, 1, false, true);
        assertThat(order(49)).containsExactly(2L);
        assertThat(order(50)).containsExactly(1L, 2L);
    }
}
