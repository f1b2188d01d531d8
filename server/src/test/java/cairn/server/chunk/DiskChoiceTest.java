package cairn.server.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.server.chunk.DiskChoice.Room;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On which of its disks a server puts a new replica. */
final class DiskChoiceTest {
    private static final long CHUNK = 64;

    private static int[] shares(int creations, List<Room> disks) {
        List<Room> now = new ArrayList<>(disks);
        int[] shares = new int[disks.size()];
        for (int i = 0; i < creations; i++) {
            int best = DiskChoice.best(now, CHUNK);
            shares[best]++;
            Room room = now.get(best);
            now.set(best, new Room(room.fileSystem(), false, room.usableBytes(), room.usedBytes(), room.begun() + 1));
        }
        return shares;
    }

    @Test
    void directories_on_one_file_system_share_what_comes() {
        List<Room> disks = List.of(new Room("a", false, 9000, 0, 0), new Room("a", false, 8999, 0, 0));
        assertThat(shares(10, disks)).containsExactly(5, 5);
        List<Room> uneven = List.of(new Room("a", false, 9000, 4 * CHUNK, 0), new Room("a", false, 8999, 0, 0));
        assertThat(shares(10, uneven)).as("the one that holds less").containsExactly(3, 7);
    }

    @Test
    void an_emptier_disk_gets_more_and_not_all() {
        List<Room> disks = List.of(new Room("a", false, 100 * CHUNK, 0, 0), new Room("b", false, 90 * CHUNK, 0, 0));
        assertThat(shares(30, disks)).containsExactly(20, 10);
    }

    @Test
    void a_disk_that_fails_or_is_full_gets_nothing_while_there_is_another() {
        Room failing = new Room("a", true, 100 * CHUNK, 0, 0);
        Room full = new Room("b", false, 0, 0, 0);
        Room busy = new Room("c", false, CHUNK, 0, 50);
        assertThat(DiskChoice.best(List.of(failing, full, busy), CHUNK)).isEqualTo(2);
        assertThat(DiskChoice.best(List.of(failing, full), CHUNK))
                .as("it says so itself")
                .isEqualTo(1);
        assertThat(DiskChoice.best(List.of(failing), CHUNK)).isEqualTo(DiskChoice.NONE);
    }
}
