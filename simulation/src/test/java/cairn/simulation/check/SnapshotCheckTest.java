package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The judge of snapshots finds what is no one instant of the source. */
class SnapshotCheckTest {

    private static AppendRecord record(int number, long invokedAt, long returnedAt) {
        AppendRecord record = new AppendRecord(0, number, 20, 0);
        record.invokedAt = invokedAt;
        record.returnedAt = returnedAt;
        record.offset = returnedAt == Operation.NEVER ? -1 : number * 20L;
        return record;
    }

    private static byte[] fileOf(List<AppendRecord> records) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        records.forEach(record -> file.writeBytes(record.bytes()));
        return file.toByteArray();
    }

    private static byte[] start(byte[] file, int records) {
        return Arrays.copyOf(file, records * 20);
    }

    private static FileOp write(int number, long invokedAt, long returnedAt) {
        FileOp op = new FileOp(FileOp.Kind.WRITE, "writer", number, new FileOp.Range(0, 1), invokedAt);
        op.returnedAt = returnedAt;
        return op;
    }

    private static void found(String words, Executable judged) {
        String message = String.valueOf(assertThrows(Violation.class, judged).getMessage());
        assertTrue(message.contains(words), message);
    }

    private final List<AppendRecord> log = List.of(record(0, 1, 2), record(1, 10, 20), record(2, 30, 40));
    private final byte[] file = fileOf(log);

    @Test
    void a_start_of_the_file_as_it_was_is_fine() {
        SnapshotCheck check = new SnapshotCheck("/clone", 15, 35);
        check.prefix(start(file, 2), file, log);
        check.place(List.of(write(1, 5, 6), write(2, 16, 50)), 1);
        check.judge();
    }

    @Test
    void what_was_acknowledged_before_must_be_in_it() {
        SnapshotCheck check = new SnapshotCheck("/clone", 21, 25);
        check.prefix(start(file, 1), file, log);
        found("record 1", check::judge);
    }

    @Test
    void what_was_sent_afterwards_must_not_be_in_it() {
        SnapshotCheck check = new SnapshotCheck("/clone", 5, 25);
        check.prefix(start(file, 3), file, log);
        found("record 2", check::judge);
    }

    @Test
    void two_files_at_two_instants_are_found() {
        List<AppendRecord> other = List.of(record(0, 21, 22));
        SnapshotCheck check = new SnapshotCheck("/clone", 0, 100);
        check.prefix(start(file, 1), file, log); // before 20
        check.prefix(fileOf(other), fileOf(other), other); // after 21
        found("no one instant", check::judge);
    }

    @Test
    void a_value_that_was_overwritten_before_is_found() {
        SnapshotCheck check = new SnapshotCheck("/clone", 60, 70);
        check.place(List.of(write(1, 5, 6), write(2, 16, 50)), 1);
        found("no one instant", check::judge);
    }

    @Test
    void half_a_record_and_other_bytes_are_found() {
        SnapshotCheck check = new SnapshotCheck("/clone", 0, 100);
        found("within", () -> check.prefix(Arrays.copyOf(file, 30), file, log));
        byte[] changed = start(file, 2);
        changed[25] ^= 1;
        found("not the start", () -> check.prefix(changed, file, log));
        found("nobody made", () -> check.place(List.of(write(1, 5, 6)), 7));
    }
}
