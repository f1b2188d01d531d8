package cairn.server.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.server.chunk.DiskChoice.Room;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Between which of a server's disks replicas are moved. */
final class UnevennessTest {
    private static final long CHUNK = 10;

    private static Room disk(String fileSystem, long used, long usable) {
        return new Room(fileSystem, false, usable, used, 0);
    }

    @Test
    void from_the_fullest_to_the_emptiest_and_no_more_than_makes_them_equal() {
        Unevenness uneven =
                Unevenness.of(List.of(disk("a", 500, 500), disk("b", 900, 100), disk("c", 0, 500)), CHUNK, 0.1);
        assertThat(uneven).isNotNull();
        assertThat(uneven.from()).isEqualTo(1);
        assertThat(uneven.to()).isEqualTo(2);
        assertThat((900.0 - uneven.bytesMax()) / 1000)
                .isGreaterThanOrEqualTo(uneven.bytesMax() / 500.0)
                .isLessThan((uneven.bytesMax() + 10) / 500.0);
    }

    @Test
    void disks_that_are_nearly_equal_are_left_alone() {
        assertThat(Unevenness.of(List.of(disk("a", 500, 500), disk("b", 420, 580)), CHUNK, 0.1))
                .isNull();
        assertThat(Unevenness.of(List.of(disk("a", 500, 500)), CHUNK, 0.1)).isNull();
        assertThat(Unevenness.of(List.of(), CHUNK, 0.1)).isNull();
    }

    @Test
    void directories_on_one_file_system_are_one_disk() {
        assertThat(Unevenness.of(List.of(disk("a", 900, 100), disk("a", 0, 100)), CHUNK, 0.1))
                .as("nothing is won by a move on the same disk")
                .isNull();
        Unevenness uneven =
                Unevenness.of(List.of(disk("a", 100, 100), disk("a", 800, 100), disk("b", 0, 1000)), CHUNK, 0.1);
        assertThat(uneven).isNotNull();
        assertThat(uneven.from()).as("the directory that holds most").isEqualTo(1);
    }

    @Test
    void a_disk_that_fails_or_has_no_room_takes_nothing() {
        Room failing = new Room("b", true, 1000, 0, 0);
        assertThat(Unevenness.of(List.of(disk("a", 900, 100), failing), CHUNK, 0.1))
                .isNull();
        assertThat(Unevenness.of(List.of(disk("a", 900, 100), disk("b", 0, CHUNK - 1)), CHUNK, 0.1))
                .as("something else has filled it")
                .isNull();
    }
}
