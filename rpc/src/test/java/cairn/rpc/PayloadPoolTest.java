package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.model.Invariant;
import cairn.world.Time;
import cairn.world.real.RealWorld;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PayloadPoolTest {
    private static final int LARGE = 16 << 20;

    private final Time time = RealWorld.create().time();
    private final PayloadPool pool = new PayloadPool(time, LARGE);

    @Test
    void a_released_buffer_is_lent_again_at_the_length_asked_for() {
        Payload first = pool.takeNow(700);
        first.buffer().putInt(0, 4711);
        assertThat(first.length()).isEqualTo(700);
        first.release();
        Payload second = pool.takeNow(1024);
        assertThat(second.buffer().getInt(0)).isEqualTo(4711);
        assertThat(second.length()).isEqualTo(1024);
        assertThat(pool.outstanding()).isEqualTo(1);
        assertThat(pool.usedBytes()).isEqualTo(1024);
        second.release();
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void the_bound_makes_takers_wait_and_then_refuses() throws Exception {
        Payload all = pool.takeNow(LARGE);
        assertThat(pool.take(1, time.nanos() + 1_000_000)).isNull();
        Thread releaser = new Thread(() -> {
            time.sleep(50_000_000);
            all.release();
        });
        releaser.start();
        Payload next = pool.take(LARGE, time.nanos() + 10_000_000_000L);
        assertThat(next).isNotNull();
        Payload beyond = pool.takeNow(LARGE);
        assertThat(pool.usedBytes()).isEqualTo(2L * LARGE);
        next.release();
        beyond.release();
        releaser.join();
        assertThat(pool.usedBytes()).isZero();
    }

    @Test
    void bytes_live_until_the_last_holder_lets_go() {
        Payload whole = pool.takeNow(100);
        whole.buffer().put(40, (byte) 9);
        Payload part = whole.slice(40, 10);
        whole.retain();
        whole.release();
        whole.release();
        assertThat(pool.outstanding()).isEqualTo(1);
        assertThat(part.buffer().get(0)).isEqualTo((byte) 9);
        part.release();
        assertThat(pool.outstanding()).isZero();
        assertThatThrownBy(whole::buffer).isInstanceOf(Invariant.Broken.class);
        assertThatThrownBy(part::release).isInstanceOf(Invariant.Broken.class);
    }

    @Test
    void no_bytes_need_no_memory() {
        assertThat(pool.takeNow(0)).isSameAs(Payload.empty());
        Payload.empty().release();
        Payload.empty().release();
        assertThat(Payload.empty().buffer()).isEqualTo(ByteBuffer.allocate(0));
    }
}
