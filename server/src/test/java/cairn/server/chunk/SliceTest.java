package cairn.server.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.Patience;
import cairn.model.Slice;
import org.junit.jupiter.api.Test;

/** What a heartbeat shows of the replicas that a server has. */
final class SliceTest {
    private static final long HEARTBEATS_IN_A_ROUND = Slice.ROUND_NANOS / Patience.HEARTBEAT_NANOS;

    private static int slice(int replicas) {
        return Slice.of(replicas, Patience.HEARTBEAT_NANOS);
    }

    @Test
    void a_server_shows_all_that_it_has_within_five_minutes_up_to_60_000_replicas() {
        int most = (int) (Slice.REPLICAS_MAX * HEARTBEATS_IN_A_ROUND);
        assertThat(most).isEqualTo(60_000);
        for (int replicas = 0; replicas <= most; replicas++) {
            assertThat(slice(replicas) * HEARTBEATS_IN_A_ROUND).isGreaterThanOrEqualTo(replicas);
        }
    }

    @Test
    void the_fewer_replicas_a_server_has_the_fewer_it_shows_but_ten() {
        assertThat(slice(0)).isEqualTo(10);
        assertThat(slice(6_000)).isEqualTo(10);
        assertThat(slice(15_000)).as("GFS 6.2.5").isEqualTo(25);
    }

    @Test
    void no_heartbeat_shows_more_than_a_hundred_of_any_number() {
        assertThat(slice(60_000)).isEqualTo(100);
        assertThat(slice(Integer.MAX_VALUE)).isEqualTo(100);
    }

    @Test
    void heartbeats_that_are_sent_less_often_show_more() {
        assertThat(Slice.of(15_000, 2 * Patience.HEARTBEAT_NANOS)).isEqualTo(50);
        assertThat(Slice.of(15_000, 2 * Slice.ROUND_NANOS)).isEqualTo(100);
    }
}
