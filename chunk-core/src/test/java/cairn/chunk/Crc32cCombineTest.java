package cairn.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class Crc32cCombineTest {

    @Test
    void the_sum_of_two_halves_is_the_sum_of_the_whole() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(1 << random.nextInt(18)) + 1];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            int sum =
                    Crc32cCombine.combine(sum(bytes, 0, cut), sum(bytes, cut, bytes.length - cut), bytes.length - cut);
            assertThat(sum).as("%d bytes cut at %d", bytes.length, cut).isEqualTo(sum(bytes, 0, bytes.length));
        }
    }

    @Test
    void zeros_are_added_without_being_there() {
        Random random = new Random(2);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(100_000) + 1];
            int zeros = random.nextInt(bytes.length + 1);
            int filled = bytes.length - zeros;
            for (int i = 0; i < filled; i++) {
                bytes[i] = (byte) random.nextInt();
            }
            assertThat(Crc32cCombine.appendZeros(sum(bytes, 0, filled), zeros)).isEqualTo(sum(bytes, 0, bytes.length));
        }
        assertThat(Crc32cCombine.ofZeros(64 << 20)).isEqualTo(sum(new byte[64 << 20], 0, 64 << 20));
    }

    @Test
    void the_largest_lengths_work() {
        int half = Crc32cCombine.ofZeros(1 << 30);
        assertThat(Crc32cCombine.combine(half, Crc32cCombine.ofZeros(Integer.MAX_VALUE), Integer.MAX_VALUE))
                .isEqualTo(Crc32cCombine.appendZeros(half, Integer.MAX_VALUE));
    }

    private static int sum(byte[] bytes, int from, int count) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, count);
        return (int) sum.getValue();
    }
}
