package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** In a cell of more than a hundred servers, chance picks those that are looked at for a new replica. */
final class LargeCellTest {
    private static final int SERVERS = 150;
    private static final int CHUNKS = 20;
    private static final long FIRST_ELSEWHERE = SERVERS - 1;

    private static Fleet of(long firstElsewhere) {
        Fleet fleet = new Fleet(2.0); // never evened out
        for (long server = 1; server <= SERVERS; server++) {
            fleet.join(server < firstElsewhere ? "r1" : "r2");
        }
        fleet.pass(20);
        return fleet;
    }

    private static Fleet healed(long firstElsewhere) {
        Fleet fleet = of(firstElsewhere);
        fleet.chunks(CHUNKS, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.away.add(3L);
        fleet.pass(200);
        return fleet;
    }

    @Test
    void a_replica_goes_to_another_rack_even_if_nearly_all_servers_are_on_one() {
        Fleet fleet = healed(FIRST_ELSEWHERE);
        for (long handle = 1; handle <= CHUNKS; handle++) {
            assertThat(fleet.holders(handle)).anyMatch(server -> server >= FIRST_ELSEWHERE);
        }
    }

    @Test
    void replicas_are_spread_over_servers_that_chance_picks() {
        Fleet fleet = healed(SERVERS / 2);
        TreeSet<Long> targets = new TreeSet<>();
        for (long handle = 1; handle <= CHUNKS; handle++) {
            assertThat(fleet.holders(handle)).hasSize(3).doesNotContain(3L);
            targets.addAll(fleet.holders(handle));
        }
        assertThat(targets).hasSizeGreaterThan(CHUNKS);
    }
}
