package cairn.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProducerTableTest {

    @Test
    void a_request_is_new_once_and_a_duplicate_ever_after() {
        ProducerTable table = new ProducerTable();
        assertThat(table.lookup(7, 1, 0)).isEqualTo(new ProducerAnswer.New());
        table.record(1, List.of(entry(7, 1, 0, 100, 10)));
        assertThat(table.lookup(7, 1, 0)).isEqualTo(new ProducerAnswer.Duplicate(100, 10));
        assertThat(table.lookup(7, 2, 1)).isEqualTo(new ProducerAnswer.New());
        assertThat(table.lookup(8, 1, 0)).isEqualTo(new ProducerAnswer.New());
    }

    @Test
    void an_answer_that_the_client_has_is_forgotten_and_never_applied_again() {
        ProducerTable table = new ProducerTable();
        table.record(1, List.of(entry(7, 1, 0, 0, 10)));
        table.record(2, List.of(entry(7, 2, 1, 10, 10)));
        assertThat(table.lookup(7, 1, 0)).isEqualTo(new ProducerAnswer.Forgotten());
        assertThat(table.lookup(7, 2, 1)).isEqualTo(new ProducerAnswer.Duplicate(10, 10));
    }

    @Test
    void a_gap_behind_the_last_request_is_out_of_order() {
        ProducerTable table = new ProducerTable();
        table.record(1, List.of(entry(7, 5, 0, 0, 10)));
        assertThat(table.lookup(7, 7, 6)).isEqualTo(new ProducerAnswer.OutOfOrder(5));
        assertThat(table.lookup(7, 7, 5)).isEqualTo(new ProducerAnswer.New());
        assertThat(table.lookup(7, 7, 0)).isEqualTo(new ProducerAnswer.New());
        assertThat(table.lookup(9, 2, 1)).isEqualTo(new ProducerAnswer.OutOfOrder(0));
    }

    @Test
    void the_window_of_answers_is_bounded() {
        ProducerTable table = new ProducerTable(10, 4);
        for (int i = 1; i <= 6; i++) {
            table.record(i, List.of(entry(7, i, 0, i, 1)));
        }
        assertThat(table.answers()).isEqualTo(4);
        assertThat(table.lookup(7, 2, 0)).isEqualTo(new ProducerAnswer.Forgotten());
        assertThat(table.lookup(7, 3, 0)).isEqualTo(new ProducerAnswer.Duplicate(3, 1));
    }

    @Test
    void the_producer_whose_latest_mutation_is_oldest_is_evicted() {
        ProducerTable table = new ProducerTable(2, 4);
        table.record(1, List.of(entry(1, 1, 0, 0, 1)));
        table.record(2, List.of(entry(2, 1, 0, 1, 1)));
        table.record(3, List.of(entry(1, 2, 0, 2, 1)));
        table.lookup(2, 1, 0); // asking is no use
        table.record(4, List.of(entry(3, 1, 0, 3, 1)));
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.lookup(1, 2, 0)).isEqualTo(new ProducerAnswer.Duplicate(2, 1));
        assertThat(table.lookup(2, 1, 0)).isEqualTo(new ProducerAnswer.New());
    }

    @Test
    void what_is_encoded_is_decoded_and_goes_on_alike() throws MalformedRecord {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            ProducerTable table = new ProducerTable();
            int serial = fill(table, random);
            ByteBuffer bytes = encoded(table);
            ProducerTable copy = ProducerTable.decode(bytes);
            assertThat(bytes.hasRemaining()).isFalse();
            assertThat(copy).isEqualTo(table).isEqualTo(table.copy());
            copy.record(serial, List.of(entry(1, 1_000_000, 5, 0, 1)));
            assertThat(copy).isNotEqualTo(table);
            table.record(serial, List.of(entry(1, 1_000_000, 5, 0, 1)));
            assertThat(copy).isEqualTo(table);
        }
    }

    @Test
    void hostile_bytes_are_refused_and_allocate_little() {
        Random random = new Random(4);
        for (int round = 0; round < 5_000; round++) {
            ProducerTable table = new ProducerTable();
            fill(table, random);
            byte[] bytes = new byte[encoded(table).remaining()];
            encoded(table).get(bytes);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                ProducerTable.decode(ByteBuffer.wrap(bytes, 0, 1 + random.nextInt(bytes.length)));
            } catch (MalformedRecord expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
        ByteBuffer many = ByteBuffer.allocate(20);
        Varint.put(many, 1L << 40);
        assertThatThrownBy(() -> ProducerTable.decode(many.flip())).isInstanceOf(MalformedRecord.class);
    }

    private static int fill(ProducerTable table, Random random) {
        int mutations = 1 + random.nextInt(60);
        for (int i = 1; i <= mutations; i++) {
            long producer = random.nextInt(5) - 2L;
            table.record(i, List.of(entry(producer, i, Math.max(0, i - random.nextInt(20)), 3L * i, i)));
        }
        return mutations + 1;
    }

    private static ByteBuffer encoded(ProducerTable table) {
        ByteBuffer bytes = ByteBuffer.allocate(table.encodedBytesMax());
        table.encode(bytes);
        return bytes.flip();
    }

    private static MutationEntry entry(long producer, long sequence, long acknowledged, long offset, int length) {
        return new MutationEntry(producer, sequence, 0, acknowledged, offset, length);
    }
}
