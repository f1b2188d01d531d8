package cairn.server.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CreationsTest {
    private final Creations creations = new Creations();

    @Test
    void who_creates_what_is_being_created_waits_until_that_has_ended() throws InterruptedException {
        creations.begin(1);
        creations.begin(2); // of another chunk: at once
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean endedBefore = new AtomicBoolean();
        Thread second = Thread.ofPlatform().start(() -> {
            creations.begin(1);
            endedBefore.set(ended.get());
            creations.end(1);
        });
        while (second.isAlive() && second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(creations.has(1)).isTrue();
        ended.set(true);
        creations.end(1);
        second.join();
        assertThat(endedBefore).isTrue();
        assertThat(creations.has(1)).isFalse();
    }
}
