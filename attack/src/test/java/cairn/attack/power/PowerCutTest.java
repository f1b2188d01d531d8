package cairn.attack.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.attack.power.PowerCut.Mood;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log written by hand: two writes, a flush, a mark, two writes more, one of them forced. */
final class PowerCutTest {

    private static final int SECTOR = 512;
    private static final int WRITES_SECTORS = 2;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int entries;

    @BeforeEach
    void a_log_of_two_safe_writes_one_loose_and_one_forced() throws IOException {
        write(0, 'a', 0);
        write(2, 'b', 0);
        entry(0, 0, 1, 0, ""); // the flush
        entry(0, 0, 8, 9, "1_2_3_4_5\0".substring(0, 9));
        write(0, 'c', 0);
        write(4, 'd', 2);
        ByteBuffer head = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(0x6a736677736872L).putLong(1).putLong(entries).putInt(SECTOR);
        Files.write(directory.resolve("log"), head.array());
        Files.write(directory.resolve("log"), log.toByteArray(), java.nio.file.StandardOpenOption.APPEND);
        Files.write(directory.resolve("before"), new byte[6 * SECTOR]);
    }

    private void write(long sector, char fill, long flags) throws IOException {
        entry(sector, WRITES_SECTORS, flags, 0, "");
        byte[] data = new byte[WRITES_SECTORS * SECTOR];
        Arrays.fill(data, (byte) fill);
        log.write(data);
    }

    private void entry(long sector, long sectors, long flags, long bytes, String text) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        entry.putLong(sector).putLong(sectors).putLong(flags).putLong(bytes);
        entry.put(text.getBytes(StandardCharsets.US_ASCII));
        log.write(entry.array());
        entries++;
    }

    private String sectorsAfter(int at, Mood mood) throws IOException {
        try (WriteLog read = WriteLog.open(directory.resolve("log"))) {
            new PowerCut(at, mood, 3).apply(read, directory.resolve("before"), directory.resolve("disk"));
        }
        byte[] disk = Files.readAllBytes(directory.resolve("disk"));
        StringBuilder seen = new StringBuilder();
        for (int sector = 0; sector < disk.length / SECTOR; sector++) {
            byte first = disk[sector * SECTOR];
            seen.append(first == 0 ? '.' : (char) first);
        }
        return seen.toString();
    }

    @Test
    void what_a_flush_followed_is_there_in_every_mood_of_an_honest_disk() throws IOException {
        for (Mood mood : Mood.HONEST) {
            assertThat(sectorsAfter(4, mood)).as("%s", mood).isEqualTo("aabb..");
        }
    }

    @Test
    void a_forced_write_is_there_and_a_loose_one_may_be_lost() throws IOException {
        assertThat(sectorsAfter(6, Mood.ALL_LOST)).isEqualTo("aabbdd");
        assertThat(sectorsAfter(6, Mood.ALL_KEPT)).isEqualTo("ccbbdd");
    }

    @Test
    void before_the_flush_nothing_is_safe() throws IOException {
        assertThat(sectorsAfter(2, Mood.ALL_LOST)).isEqualTo("......");
        assertThat(sectorsAfter(2, Mood.ALL_KEPT)).isEqualTo("aabb..");
    }

    @Test
    void the_last_mark_before_the_cut_says_what_was_acknowledged() throws IOException {
        try (WriteLog read = WriteLog.open(directory.resolve("log"))) {
            assertThat(new PowerCut(3, Mood.ALL_LOST, 0).mark(read)).isEmpty();
            assertThat(new PowerCut(5, Mood.ALL_LOST, 0).mark(read)).isEqualTo("1_2_3_4_5");
        }
    }

    @Test
    void a_log_that_ends_too_early_is_refused() throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve("log"));
        Files.write(directory.resolve("short"), Arrays.copyOf(whole, 3 * SECTOR));
        assertThatThrownBy(() -> WriteLog.open(directory.resolve("short"))).isInstanceOf(EOFException.class);
    }

    @Test
    void progress_survives_being_a_mark() {
        Progress progress = new Progress(new long[] {7, 8}, 9, 10, 11, 12);
        assertThat(Progress.parse(progress.toString()).toString()).isEqualTo(progress.toString());
        assertThat(Progress.parse("").total()).isZero();
    }
}
