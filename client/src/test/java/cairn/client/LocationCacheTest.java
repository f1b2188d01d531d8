package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.wire.proto.ChunkLocation;
import cairn.world.Time;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

final class LocationCacheTest {
    private final HandTime time = new HandTime();

    /** A clock that stands until it is moved. */
    static final class HandTime implements Time {
        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public void letOthersRun() {}

        @Override
        public void sleep(long nanos) {
            now += nanos;
        }

        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            throw new AssertionError("nothing waits here");
        }
    }

    private Located chunk(int index, long offset, long length) {
        boolean sealed = length >= 0;
        ChunkLocation at = ChunkLocation.newBuilder()
                .setHandle(1000 + index)
                .setIndex(index)
                .setSealed(sealed)
                .setLength(Math.max(0, length))
                .build();
        return new Located(at, offset, length, !sealed, time.nanos());
    }

    @Test
    void an_offset_leads_to_the_chunk_that_holds_it() {
        LocationCache cache = new LocationCache(time);
        cache.put(1, chunk(0, 0, 100));
        cache.put(1, chunk(1, 100, 50));
        cache.put(1, chunk(2, 150, -1));
        assertThat(cache.find(1, 99).index()).isZero();
        assertThat(cache.find(1, 100).index()).isEqualTo(1);
        assertThat(cache.find(1, 1_000_000).index())
                .as("an open last chunk holds all behind it")
                .isEqualTo(2);
        assertThat(cache.find(2, 0)).isNull();
    }

    @Test
    void behind_the_last_known_chunk_nothing_is_found_but_a_place_to_look_from() {
        LocationCache cache = new LocationCache(time);
        cache.put(1, chunk(0, 0, 100));
        assertThat(cache.find(1, 100)).isNull();
        assertThat(cache.before(1, 150).index()).isZero();
        assertThat(cache.before(1, 50)).isNull();
    }

    @Test
    void what_is_old_is_asked_for_again() {
        LocationCache cache = new LocationCache(time);
        cache.put(1, chunk(0, 0, 100));
        time.sleep(LocationCache.FRESH_NANOS);
        assertThat(cache.find(1, 0)).isNull();
    }

    @Test
    void the_file_used_longest_ago_goes_first() {
        LocationCache cache = new LocationCache(time, 3);
        cache.put(1, chunk(0, 0, 100));
        cache.put(2, chunk(0, 0, 100));
        cache.put(3, chunk(0, 0, 100));
        assertThat(cache.find(1, 0)).isNotNull();
        cache.put(4, chunk(0, 0, 100));
        assertThat(cache.find(2, 0)).isNull();
        assertThat(cache.find(1, 0)).isNotNull();
        assertThat(cache.size()).isEqualTo(3);
        cache.forget(1);
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void an_empty_chunk_does_not_hide_the_one_behind_it() {
        LocationCache cache = new LocationCache(time);
        cache.put(1, chunk(1, 0, 100));
        cache.put(1, chunk(0, 0, 0));
        assertThat(cache.find(1, 0).index()).isEqualTo(1);
    }
}
