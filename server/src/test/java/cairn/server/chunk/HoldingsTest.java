package cairn.server.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HoldingsTest {

    @Test
    void the_disks_of_a_server_share_a_quarter_of_its_descriptors_and_leave_the_rest_to_connections() {
        assertThat(Holdings.openFilesOfEach(20_000, 1)).isEqualTo(5_000);
        assertThat(Holdings.openFilesOfEach(20_000, 5)).isEqualTo(1_000);
        assertThat(Holdings.openFilesOfEach(1_048_576, 2)).isEqualTo(8_192);
        assertThat(Holdings.openFilesOfEach(Integer.MAX_VALUE, 4)).isEqualTo(4_096);
        assertThat(Holdings.openFilesOfEach(64, 100)).isEqualTo(1);
    }
}
