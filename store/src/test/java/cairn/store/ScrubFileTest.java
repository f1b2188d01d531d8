package cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** How far scrubbing has come is known after a restart, and never a reason not to start. */
final class ScrubFileTest {

    @Test
    void the_place_is_found_again_and_a_torn_one_is_the_beginning() throws IOException {
        CrashDisk disk = new CrashDisk();
        assertThat(ScrubFile.read(disk)).isZero();
        ScrubFile.write(disk, 0xfedc_ba98_7654_3210L);
        ScrubFile.write(disk, 0xfedc_ba98_7654_3211L);
        assertThat(ScrubFile.read(disk)).isEqualTo(0xfedc_ba98_7654_3211L);
        try (var file = disk.open(Names.SCRUB)) {
            file.truncate(7);
        }
        assertThat(ScrubFile.read(disk)).isZero();
        try (var file = disk.open(Names.SCRUB)) {
            file.write(ByteBuffer.wrap("not a handle at all".getBytes(java.nio.charset.StandardCharsets.US_ASCII)), 0);
        }
        assertThat(ScrubFile.read(disk)).isZero();
    }
}
