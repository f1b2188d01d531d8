package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What repair looks at before it goes round over all chunks. */
final class AttentionTest {
    private final Attention attention = new Attention();

    private static Fleet fleet(int chunks) {
        Fleet fleet = new Fleet(2);
        long server = fleet.join("a");
        fleet.chunks(chunks, server);
        fleet.pass(1);
        return fleet;
    }

    private List<Long> take(int max, Fleet fleet) {
        return attention.take(max, fleet.master.core.view()).stream()
                .map(ChunkHandle::value)
                .toList();
    }

    @Test
    void all_that_a_server_holds_is_looked_at_once_and_a_chunk_that_changes_meanwhile_goes_first() {
        Fleet fleet = fleet(50);
        attention.lookAtAllOf(new ServerId(1));
        List<Long> taken = new ArrayList<>(take(20, fleet));
        attention.look(new ChunkHandle(7));
        assertThat(take(5, fleet)).startsWith(7L).hasSize(5);
        taken.addAll(List.of(21L, 22L, 23L, 24L));
        taken.addAll(take(100, fleet));
        assertThat(taken).hasSize(50).isSorted().doesNotHaveDuplicates();
        assertThat(take(100, fleet)).isEmpty();
    }

    @Test
    void a_server_that_changes_again_is_looked_at_from_its_first_chunk_again() {
        Fleet fleet = fleet(50);
        attention.lookAtAllOf(new ServerId(1));
        take(20, fleet);
        attention.lookAtAllOf(new ServerId(1));
        assertThat(take(100, fleet)).hasSize(50);
    }

    @Test
    void more_changes_than_it_can_hold_are_said_once() {
        Fleet fleet = fleet(1);
        for (long handle = 1; handle <= 200_000; handle++) {
            attention.look(new ChunkHandle(handle));
        }
        attention.look(new ChunkHandle(5));
        assertThat(attention.takeOverflow()).as("one that is there already").isFalse();
        attention.look(new ChunkHandle(300_000));
        assertThat(attention.takeOverflow()).isTrue();
        assertThat(attention.takeOverflow()).isFalse();
        assertThat(take(300_000, fleet)).hasSize(200_000);
    }
}
