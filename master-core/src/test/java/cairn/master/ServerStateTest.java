package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ServerId;
import cairn.wire.proto.DiskReport;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerStateTest {

    private static DiskReport disk(String fileSystem, long usable) {
        return DiskReport.newBuilder()
                .setState("ok")
                .setFileSystem(fileSystem)
                .setTotalBytes(100)
                .setUsableBytes(usable)
                .build();
    }

    @Test
    void what_directories_of_one_file_system_share_is_counted_once() {
        ServerState server = new ServerState(new KnownServer(new ServerId(1), "h:1", "r", false));
        server.disks(List.of(disk("a", 40), disk("a", 40), disk("b", 20), disk("", 60), disk("", 60)));
        assertThat(server.usableBytes()).isEqualTo(40 + 20 + 60 + 60);
        assertThat(server.fullness()).isEqualTo(1 - 180.0 / 400);
    }

    @Test
    void a_directory_that_fails_does_not_hide_one_beside_it() {
        ServerState server = new ServerState(new KnownServer(new ServerId(1), "h:1", "r", false));
        server.disks(List.of(
                disk("a", 40), disk("a", 40).toBuilder().setState("failing").build()));
        assertThat(server.usableBytes()).isEqualTo(40);
    }
}
