package cairn.world.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest {
    @TempDir
    Path top;

    private Disk disk;

    @BeforeEach
    void open() throws IOException {
        disk = RealWorld.create().disks().open(top.resolve("made").toString());
    }

    @Test
    void bytes_are_read_back_where_they_were_written() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5);
            file.sync();
            assertThat(file.bytes()).isEqualTo(8);
            ByteBuffer into = ByteBuffer.allocateDirect(10);
            assertThat(file.read(into, 4)).isEqualTo(4);
            assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}));
            assertThat(file.read(ByteBuffer.allocate(1), 8)).isZero();
            file.truncate(6);
            file.truncate(9);
            assertThat(file.bytes()).isEqualTo(9);
            assertThat(file.read(into.clear(), 5)).isEqualTo(4);
            assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 0, 0}));
        }
    }

    @Test
    void names_are_made_listed_in_order_renamed_and_deleted() throws IOException {
        disk.makeDirectories("d/e");
        for (String name : new String[] {"d/c", "d/a", "d/b"}) {
            disk.create(name).close();
        }
        disk.rename("d/c", "d/a");
        assertThat(disk.list("d")).containsExactly("a", "b", "e");
        disk.delete("d/a");
        disk.delete("d/a");
        disk.syncDirectory("d");
        disk.syncDirectory("");
        assertThat(disk.list("d")).containsExactly("b", "e");
        assertThat(disk.list("nowhere")).isEmpty();
        assertThat(disk.exists("d/b")).isTrue();
        assertThat(disk.exists("d/a")).isFalse();
        assertThat(disk.usableBytes()).isBetween(1L, disk.totalBytes());
    }

    @Test
    void exceptions_name_the_file() throws IOException {
        disk.create("a").close();
        assertThatThrownBy(() -> disk.create("a"))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(disk.describe("a"));
        assertThatThrownBy(() -> disk.open("b"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(disk.describe("b"));
        DiskFile closed = disk.open("a");
        closed.close();
        assertThatThrownBy(() -> closed.write(ByteBuffer.allocate(1), 0)).hasMessageContaining(disk.describe("a"));
        assertThatThrownBy(() -> disk.open("../b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_lock_is_had_by_one_holder_at_a_time() throws IOException {
        try (Closeable held = disk.lock("lock")) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> disk.lock("lock"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("lock")
                    .hasMessageContaining("already");
        }
        disk.lock("lock").close();
    }

    @Test
    void a_full_disk_says_so_and_names_the_file() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        try (DiskFile file = RealWorld.create().disks().open("/dev").open("full")) {
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0))
                    .hasMessageContaining("/dev/full")
                    .hasMessageContaining(LocalFile.NO_SPACE);
        }
    }
}
