package cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MoosefsServersTest {
    @TempDir
    private Path directory;

    @Test
    void what_is_not_installed_is_named_with_the_packages_that_have_it() throws IOException {
        for (String program : List.of("mfsmaster", "mfsmount", "mfssetgoal", "ip", "unshare", "nsenter")) {
            Files.createFile(
                    directory.resolve(program),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        assertThatThrownBy(() -> MoosefsServers.checkInstalled(List.of(directory)))
                .isInstanceOf(IOException.class)
                .hasMessage("MooseFS needs mfschunkserver, mfssettrashtime, mfsfileinfo: "
                        + "apt-get install moosefs-master moosefs-chunkserver moosefs-client iproute2 util-linux");
    }

    @Test
    void what_it_cannot_do_is_not_measured_and_what_it_does_otherwise_is_said() {
        assertThat(MoosefsServers.fit(Workload.FOLLOW_1).able()).isFalse();
        assertThat(MoosefsServers.fit(Workload.WRITE_SYNCED_1).able()).isFalse();
        assertThat(MoosefsServers.fit(Workload.APPEND_1K_16).note()).contains("16 files");
        assertThat(MoosefsServers.fit(Workload.READ_4)).isEqualTo(Fit.SAME);
    }
}
