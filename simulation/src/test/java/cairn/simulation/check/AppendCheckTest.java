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

    private AppendRecord at(long invokedAt, long returnedAt) {
        AppendRecord record = send(0, 20, 0);
        record.invokedAt = invokedAt;
        acknowledge(record);
        record.returnedAt = returnedAt;
        return record;
    }

    private void judge(boolean good, AppendLook... looks) {
        AppendCheck check = new AppendCheck(file.toByteArray(), sent);
        check.run();
        if (good) {
            assertDoesNotThrow(() -> check.judge(List.of(looks)));
        } else {
            assertThrows(Violation.class, () -> check.judge(List.of(looks)));
        }
    }

    private AppendLook saw(int bytes, boolean end, long invokedAt, long returnedAt) {
        byte[] seen = java.util.Arrays.copyOf(file.toByteArray(), bytes);
        return new AppendLook("reader", 0, seen, end, invokedAt, returnedAt);
    }

    @Test
    void an_acknowledged_record_is_seen_from_then_on() {
        at(0, 1);
        at(2, 5);
        judge(true, saw(20, true, 3, 4), saw(40, true, 6, 7));
        judge(false, saw(20, true, 6, 7));
        judge(false, AppendLook.length("reader", 20, 6, 7));
    }

    @Test
    void what_one_reader_has_seen_no_later_one_misses() {
        at(0, 1);
        at(2, 90);
        judge(true, saw(20, true, 3, 4), saw(40, true, 5, 6));
        judge(false, saw(40, true, 3, 4), saw(20, true, 5, 6));
        judge(false, saw(40, false, 3, 4), AppendLook.length("reader", 20, 5, 6));
    }

    @Test
    void a_record_is_not_seen_before_it_was_sent() {
        at(0, 1);
        at(6, 9);
        judge(false, saw(40, false, 2, 3));
    }

    @Test
    void a_record_stands_behind_those_that_were_acknowledged_before_it_was_sent() {
        at(4, 5);
        at(0, 1);
        judge(false);
    }

    @Test
    void nobody_sees_an_end_within_a_record_or_a_batch() {
        at(0, 1);
        at(2, 90);
        judge(false, saw(30, true, 3, 4));
        AppendRecord one = send(1, 20, 1);
        AppendRecord two = send(1, 30, 1);
        acknowledge(one);
        acknowledge(two);
        judge(false, saw(60, true, 91, 92));
        judge(true, saw(60, false, 91, 92));
    }

    @Test
    void nobody_sees_other_bytes() {
        at(0, 1);
        judge(false, new AppendLook("reader", 3, new byte[] {1, 2, 3}, false, 5, 6));
        judge(false, new AppendLook("reader", 19, new byte[] {1, 2, 3}, false, 5, 6));
    }

    @Test
    void no_record_lies_in_two_chunks() {
        at(0, 1);
        at(2, 3);
        AppendCheck check = new AppendCheck(file.toByteArray(), sent);
        check.run();
        assertDoesNotThrow(() -> check.judgeChunks(List.of(20L, 20L)));
        assertDoesNotThrow(() -> check.judgeChunks(List.of(40L)));
        assertThrows(Violation.class, () -> check.judgeChunks(List.of(30L, 10L)));
        assertThrows(Violation.class, () -> check.judgeChunks(List.of(20L)));
    }
}
