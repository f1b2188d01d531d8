package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Crc32cCombineTest {

    private static ByteBuffer random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void the_sum_of_two_parts_is_the_sum_of_the_whole() {
        for (int length : new int[] {0, 1, 2, 63, 64, 65, 4096, 65_536, 100_003}) {
            ByteBuffer whole = random(length);
            for (int cut : new int[] {0, 1, length / 3, length}) {
                int at = Math.min(cut, length);
                int sum = Crc32cCombine.combine(
                        Pieces.sum(whole.slice(0, at)), Pieces.sum(whole.slice(at, length - at)), length - at);
                assertThat(sum).isEqualTo(Pieces.sum(whole));
            }
        }
    }

    @Test
    void pieces_are_cut_at_the_blocks_of_the_chunk() {
        ByteBuffer bytes = random(200);
        List<Integer> sums = Pieces.sums(30, bytes, 64);
        assertThat(sums).hasSize(4); // 34 + 64 + 64 + 38
        assertThat(sums.get(0)).isEqualTo(Pieces.sum(bytes.slice(0, 34)));
        assertThat(Pieces.match(30, bytes, 64, sums)).isTrue();
        assertThat(Pieces.match(31, bytes, 64, sums)).isFalse();
        assertThat(Pieces.match(30, bytes, 64, sums.subList(0, 3))).isFalse();
        assertThat(Pieces.whole(30, 200, 64, sums)).isEqualTo(Pieces.sum(bytes));
        bytes.put(150, (byte) ~bytes.get(150));
        assertThat(Pieces.match(30, bytes, 64, sums)).isFalse();
    }

    @Test
    void the_sum_of_a_chunk_comes_from_its_blocks() {
        ByteBuffer bytes = random(1000);
        ByteBuffer sums = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        Pieces.sums(0, bytes, 64).forEach(sums::putInt);
        assertThat(Checksums.fromBlocks(1000, 64, sums.flip())).isEqualTo(Pieces.sum(bytes));
    }
}
