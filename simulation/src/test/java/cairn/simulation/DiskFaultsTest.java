package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What can be done to a disk, each fault marked and counted. */
class DiskFaultsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private final SimNode node = simulation.node("a");

    /** What a process does with its only disk. */
    private interface Use {
        void of(Disk disk, SimDisk harm) throws IOException;
    }

    private void use(Use use) {
        AtomicBoolean done = new AtomicBoolean();
        node.start(world -> {
            Disk disk = world.disks().open("/d");
            use.of(disk, (SimDisk) disk);
            done.set(true);
        });
        simulation.run(MINUTE, done::get);
    }

    private static DiskFile written(Disk disk, String name, int value) throws IOException {
        DiskFile file = disk.create(name);
        byte[] bytes = {(byte) value, (byte) value, (byte) value, (byte) value};
        file.write(ByteBuffer.wrap(bytes), 0);
        return file;
    }

    private static byte[] read(DiskFile file) throws IOException {
        byte[] bytes = new byte[(int) file.bytes()];
        file.read(ByteBuffer.wrap(bytes), 0);
        return bytes;
    }

    @Test
    void a_misread_gives_one_wrong_bit_once_and_the_platter_is_right() {
        use((disk, harm) -> {
            DiskFile file = written(disk, "f", 0);
            assertTrue(harm.misreadOnce("f"));
            int ones = 0;
            for (byte each : read(file)) {
                ones += Integer.bitCount(each & 0xff);
            }
            assertEquals(1, ones);
            assertArrayEquals(new byte[4], read(file));
            assertFalse(harm.misreadOnce("none"));
        });
        assertEquals(1, simulation.faults().of(Fault.MISREAD));
    }

    @Test
    void a_misdirected_write_is_lost_where_it_belongs_and_lands_in_another_file() {
        use((disk, harm) -> {
            DiskFile file = written(disk, "f", 1);
            DiskFile other = written(disk, "g", 2);
            assertTrue(harm.misdirectOnce("f", "g"));
            file.write(ByteBuffer.wrap(new byte[] {7, 7, 7, 7}), 0);
            assertArrayEquals(new byte[] {1, 1, 1, 1}, read(file));
            assertEquals(4, other.bytes());
            assertEquals(7, read(other)[3]);
            file.write(ByteBuffer.wrap(new byte[] {5, 5, 5, 5}), 0);
            assertArrayEquals(new byte[] {5, 5, 5, 5}, read(file));
        });
        assertEquals(1, simulation.faults().of(Fault.MISDIRECTED));
    }

    @Test
    void a_directory_that_is_gone_is_missed_by_name_and_an_open_file_of_it_goes_on() {
        use((disk, harm) -> {
            disk.makeDirectories("x");
            DiskFile file = written(disk, "x/f", 1);
            IOException before = assertThrows(NoSuchFileException.class, () -> disk.open("none"));
            assertFalse(InjectedFault.isBehind(before));
            harm.removeTree("x");
            IOException gone = assertThrows(NoSuchFileException.class, () -> disk.open("x/f"));
            assertTrue(InjectedFault.isBehind(gone));
            assertEquals(4, file.bytes());
            assertEquals(List.of(), disk.list("x"));
        });
        node.powerLoss();
        assertEquals(List.of(), node.disk("/d").names("x"));
    }

    @Test
    void a_disk_that_was_filled_says_so_with_a_mark_and_one_that_is_just_small_without() {
        use((disk, harm) -> {
            harm.leaveRoom(0);
            DiskFile file = disk.create("f");
            IOException full =
                    assertThrows(FileSystemException.class, () -> file.write(ByteBuffer.wrap(new byte[] {1}), 0));
            assertTrue(full.getMessage().contains("No space"), full.getMessage());
            assertTrue(InjectedFault.isBehind(new IOException("wrapped", full)));
            harm.makeRoom();
            file.write(ByteBuffer.wrap(new byte[] {1}), 0);
        });
        assertEquals(1, simulation.faults().of(Fault.FULL));
    }

    @Test
    void only_the_mark_tells_an_injected_error() {
        assertFalse(InjectedFault.isBehind(new IOException("Input/output error (injected)")));
        assertTrue(InjectedFault.isBehind(new IllegalStateException(new InjectedFault("x"))));
    }

    /** The crash comes just before the change: what was written before it stays, the change itself does not happen. */
    @Test
    void a_crash_can_be_ordered_between_any_two_changes() throws IOException {
        for (int changes = 2; changes <= 5; changes++) {
            try (Simulation each = new Simulation(changes, SimOptions.calm())) {
                SimNode host = each.node("a");
                SimDisk harm = host.disk("/d");
                harm.beforeChange(changes, host::crash);
                host.start(world -> {
                    DiskFile file = world.disks().open("/d").create("f");
                    for (int i = 0; i < 4; i++) {
                        file.write(ByteBuffer.wrap(new byte[] {1}), i);
                    }
                });
                each.runFor(MINUTE);
                assertFalse(host.isRunning());
                assertEquals(changes - 2, harm.contents("f").length);
            }
        }
    }

    @Test
    void a_replaced_disk_is_empty_and_good() {
        use((disk, harm) -> {
            written(disk, "f", 1).sync();
            disk.syncDirectory("");
            harm.failAtRate(1);
            assertThrows(InjectedFault.class, () -> disk.exists("f"));
        });
        assertEquals(1, simulation.faults().of(Fault.DEAD_DISK));
        assertThrows(IllegalStateException.class, node.disk("/d")::replace);
        node.crash();
        node.disk("/d").replace();
        use((disk, harm) -> assertFalse(disk.exists("f")));
    }

    @Test
    void an_observer_sees_everything_at_once_and_changes_nothing() throws IOException {
        use((disk, harm) -> written(disk, "f", 3));
        Disk seen = node.disk("/d").inspect();
        long before = simulation.hash();
        try (DiskFile file = seen.open("f")) {
            assertArrayEquals(new byte[] {3, 3, 3, 3}, read(file));
            assertThrows(UnsupportedOperationException.class, () -> file.truncate(0));
        }
        assertThrows(UnsupportedOperationException.class, () -> seen.delete("f"));
        assertEquals(before, simulation.hash());
    }
}
