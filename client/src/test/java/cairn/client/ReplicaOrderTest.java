package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.Patience;
import cairn.wire.proto.Member;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplicaOrderTest {
    private static final List<Member> MEMBERS = List.of(member(1), member(2), member(3));

    private final LocationCacheTest.HandTime time = new LocationCacheTest.HandTime();
    private final ReplicaOrder order = new ReplicaOrder(handWorld(), ClientOptions.DEFAULTS);

    private World handWorld() {
        World real = RealWorld.create();
        return new World(time, real.threads(), real.network(), real.disks(), real.entropy(), real.witness());
    }

    private static Member member(long id) {
        return Member.newBuilder()
                .setServerId(id)
                .setAddress("host" + id + ":7434")
                .build();
    }

    private long first() {
        return order.order(MEMBERS, 7).get(0).getServerId();
    }

    @Test
    void a_server_that_failed_comes_last_until_its_chunks_have_versions_without_it() {
        long best = first();
        order.failed(best);
        time.sleep(Patience.PAUSE_MAX_NANOS - 1);
        assertThat(order.order(MEMBERS, 7).get(2).getServerId()).isEqualTo(best);
        time.sleep(1);
        assertThat(first()).isEqualTo(best);
    }

    @Test
    void one_that_fails_again_is_avoided_twice_as_long_until_it_answers() {
        long best = first();
        order.failed(best);
        order.failed(best); // sent before, and failed with it
        time.sleep(Patience.PAUSE_MAX_NANOS);
        order.failed(best);
        time.sleep(Patience.PAUSE_MAX_NANOS);
        assertThat(first()).isNotEqualTo(best);
        time.sleep(Patience.PAUSE_MAX_NANOS);
        assertThat(first()).isEqualTo(best);
        order.worked(best);
        order.failed(best);
        time.sleep(Patience.PAUSE_MAX_NANOS);
        assertThat(first()).isEqualTo(best);
    }
}
