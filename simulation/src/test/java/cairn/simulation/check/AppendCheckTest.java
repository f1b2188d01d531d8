package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppendCheckTest {

    private final List<List<AppendRecord>> sent = List.of(new ArrayList<>(), new ArrayList<>());
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private AppendRecord send(int producer, int length, int batch) {
        AppendRecord record = new AppendRecord(producer, sent.get(producer).size(), length, batch);
        sent.get(producer).add(record);
        return record;
    }

    private void write(AppendRecord record) {
        file.writeBytes(record.bytes());
    }

    private void acknowledge(AppendRecord record) {
        record.offset = file.size();
        write(record);
    }

    private void passes() {
        assertDoesNotThrow(() -> new AppendCheck(file.toByteArray(), sent).run());
    }

    private void fails() {
        assertThrows(Violation.class, () -> new AppendCheck(file.toByteArray(), sent).run());
    }

    @Test
    void records_of_all_sizes_and_producers_may_alternate() {
        acknowledge(send(0, 1, 0));
        acknowledge(send(1, 100, 0));
        acknowledge(send(0, 5000, 0));
        acknowledge(send(1, 1, 0));
        passes();
    }

    @Test
    void what_was_not_acknowledged_is_there_once_or_not_at_all() {
        AppendRecord unsure = send(0, 50, 0);
        send(0, 60, 0);
        acknowledge(send(1, 1, 0));
        passes();
        write(unsure);
        passes();
        write(unsure);
        fails();
    }

    @Test
    void an_acknowledged_record_is_not_lost() {
        acknowledge(send(0, 10, 0));
        send(0, 20, 0).offset = 10;
        fails();
    }

    @Test
    void an_acknowledged_record_is_not_there_twice() {
        AppendRecord record = send(0, 20, 0);
        acknowledge(record);
        write(record);
        fails();
    }

    @Test
    void a_tiny_record_is_not_there_twice() {
        AppendRecord record = send(0, 1, 0);
        acknowledge(record);
        write(record);
        fails();
    }

    @Test
    void an_acknowledged_record_stands_where_it_was_said() {
        AppendRecord record = send(0, 20, 0);
        write(record);
        record.offset = 7;
        fails();
    }

    @Test
    void a_producers_records_keep_their_order() {
        AppendRecord first = send(0, 20, 0);
        AppendRecord second = send(0, 30, 0);
        acknowledge(second);
        acknowledge(first);
        fails();
    }

    @Test
    void nothing_else_is_in_the_file() {
        acknowledge(send(0, 20, 0));
        file.writeBytes(new byte[100]);
        fails();
    }

    @Test
    void a_torn_record_is_noticed() {
        file.writeBytes(java.util.Arrays.copyOf(send(0, 200, 0).bytes(), 150));
        fails();
    }

    @Test
    void a_batch_is_there_as_a_whole() {
        AppendRecord one = send(0, 20, 1);
        AppendRecord two = send(0, 30, 1);
        write(one);
        fails();
        write(two);
        passes();
    }

    @Test
    void nothing_comes_between_the_records_of_a_batch() {
        AppendRecord one = send(0, 20, 1);
        AppendRecord two = send(0, 30, 1);
        write(one);
        acknowledge(send(1, 20, 0));
        write(two);
        fails();
    }
}
