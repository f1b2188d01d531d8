package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cairn.simulation.check.FileOp.Kind;
import cairn.simulation.check.FileOp.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileCheckTest {

    private static final int CHUNK = 64;

    private final List<FileOp> history = new ArrayList<>();
    private long now;

    private FileOp call(Kind kind, int number, long offset, int length) {
        FileOp op = new FileOp(kind, "me", number, new Range(offset, length), now++);
        history.add(op);
        return op;
    }

    private void end(FileOp op) {
        op.returnedAt = now++;
    }

    private FileOp write(int number, long offset, int length) {
        FileOp op = call(Kind.WRITE, number, offset, length);
        end(op);
        return op;
    }

    private void read(long offset, int length, byte[] got) {
        FileOp op = call(Kind.READ, 0, offset, length);
        op.got = got;
        end(op);
    }

    private FileCheck passes() {
        FileCheck check = new FileCheck("/f", CHUNK, history);
        check.run();
        return check;
    }

    private void fails() {
        assertThrows(Violation.class, this::passes);
    }

    @Test
    void a_read_has_the_newest_write_and_zeros_in_gaps() {
        FileOp write = write(1, 10, 20);
        byte[] seen = new byte[30];
        System.arraycopy(write.bytes(), 0, seen, 10, 20);
        read(0, 40, seen);
        assertEquals(1, passes().judged());
    }

    @Test
    void a_read_has_nothing_that_was_overwritten() {
        FileOp old = write(1, 0, 20);
        write(2, 0, 20);
        read(0, 20, old.bytes());
        fails();
    }

    @Test
    void a_read_does_not_go_back_before_what_another_has_seen() {
        FileOp old = write(1, 0, 20);
        FileOp unsure = call(Kind.WRITE, 2, 0, 20);
        read(0, 20, unsure.bytes());
        read(0, 20, old.bytes());
        fails();
    }

    @Test
    void a_read_sees_a_write_whole() {
        FileOp old = write(1, 0, 20);
        FileOp open = call(Kind.WRITE, 2, 0, 20);
        byte[] mixed = old.bytes();
        System.arraycopy(open.bytes(), 0, mixed, 0, 10);
        read(0, 20, mixed);
        fails();
    }

    @Test
    void bytes_that_nobody_wrote_are_noticed() {
        byte[] flipped = write(1, 0, 20).bytes();
        flipped[7] ^= 1;
        read(0, 20, flipped);
        fails();
    }

    @Test
    void an_end_before_what_was_acknowledged_is_noticed() {
        FileOp write = write(1, 0, 20);
        read(0, 20, Arrays.copyOf(write.bytes(), 10));
        fails();
    }

    @Test
    void each_chunk_is_judged_by_itself() {
        FileOp old = write(1, 0, 2 * CHUNK);
        FileOp open = call(Kind.WRITE, 2, 0, 2 * CHUNK);
        byte[] halves = old.bytes();
        System.arraycopy(open.bytes(), CHUNK, halves, CHUNK, CHUNK);
        read(0, 2 * CHUNK, halves);
        assertEquals(0, passes().givenUp());
    }
}
