package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DiskTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What a process does with its only disk. */
    private interface Use {
        void of(Disk disk) throws IOException;
    }

    /** What is looked at afterwards. */
    private interface Look {
        void at(SimDisk disk) throws IOException;
    }

    private static void use(Use use) {
        runThen(1, SimOptions.calm(), use, disk -> {});
    }

    private static void runThen(long seed, SimOptions options, Use use, Look look) {
        try (Simulation simulation = new Simulation(seed, options)) {
            AtomicBoolean done = new AtomicBoolean();
            SimNode node = simulation.node("a");
            node.start(world -> {
                use.of(world.disks().open("/d"));
                done.set(true);
            });
            simulation.run(MINUTE, done::get);
            look.at(node.disk("/d"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void afterPowerLoss(long seed, Use use, Look look) {
        try (Simulation simulation = new Simulation(seed, SimOptions.calm())) {
            AtomicBoolean done = new AtomicBoolean();
            SimNode node = simulation.node("a");
            node.start(world -> {
                use.of(world.disks().open("/d"));
                done.set(true);
            });
            simulation.run(MINUTE, done::get);
            node.powerLoss();
            look.at(node.disk("/d"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void what_was_written_is_read_across_pages_and_gaps_are_zeros() {
        use(disk -> {
            DiskFile file = disk.create("f");
            file.write(bytes(10_000, 7), 5_000);
            assertEquals(15_000, file.bytes());
            ByteBuffer all = ByteBuffer.allocate(20_000);
            assertEquals(15_000, file.read(all, 0));
            for (int i = 0; i < 15_000; i++) {
                assertEquals(i < 5_000 ? 0 : 7, all.get(i));
            }
            assertEquals(0, file.read(ByteBuffer.allocate(5), 15_000));
        });
    }

    @Test
    void truncate_cuts_and_extends_with_zeros() {
        use(disk -> {
            DiskFile file = disk.create("f");
            file.write(bytes(100, 7), 0);
            file.truncate(50);
            file.truncate(200);
            ByteBuffer all = ByteBuffer.allocate(200);
            assertEquals(200, file.read(all, 0));
            assertEquals(7, all.get(49));
            assertEquals(0, all.get(50));
            assertEquals(0, all.get(199));
        });
    }

    @Test
    void names_behave_as_in_a_file_system() {
        use(disk -> {
            disk.makeDirectories("x/y");
            disk.create("x/y/1");
            disk.create("x/2");
            assertEquals(List.of("2", "y"), disk.list("x"));
            assertEquals(List.of(), disk.list("nowhere"));
            assertThrows(FileAlreadyExistsException.class, () -> disk.create("x/2"));
            assertThrows(NoSuchFileException.class, () -> disk.open("x/3"));
            assertThrows(NoSuchFileException.class, () -> disk.create("z/3"));
            disk.rename("x/2", "x/y/1");
            assertEquals(List.of("1"), disk.list("x/y"));
            disk.delete("x/y/1");
            disk.delete("x/y/1");
            assertEquals(List.of(), disk.list("x/y"));
        });
    }

    @Test
    void a_deleted_file_stays_usable_while_open() {
        use(disk -> {
            DiskFile file = disk.create("f");
            disk.delete("f");
            file.write(bytes(3, 7), 0);
            assertEquals(3, file.bytes());
            file.close();
            assertThrows(IOException.class, file::bytes);
        });
    }

    @Test
    void a_power_loss_keeps_what_was_synced_and_may_lose_keep_or_tear_the_rest() {
        Set<String> outcomes = new TreeSet<>();
        for (long seed = 0; seed < 300; seed++) {
            afterPowerLoss(
                    seed,
                    disk -> {
                        DiskFile file = disk.create("f");
                        file.write(bytes(4, 1), 0);
                        file.sync();
                        disk.syncDirectory("");
                        file.write(bytes(4, 2), 0);
                        file.write(bytes(4, 3), 4);
                    },
                    disk -> outcomes.add(Arrays.toString(disk.contents("f"))));
        }
        assertTrue(outcomes.contains("[1, 1, 1, 1]"), "none");
        assertTrue(outcomes.contains("[2, 2, 2, 2, 3, 3, 3, 3]"), "all");
        assertTrue(outcomes.contains("[1, 1, 1, 1, 3, 3, 3, 3]"), "the later one alone");
        assertTrue(outcomes.contains("[2, 2, 1, 1]"), "a torn one");
        assertTrue(outcomes.stream().allMatch(o -> o.matches("\\[(2, )*(1, )*[12](, 3)*]")), outcomes.toString());
    }

    @Test
    void a_power_loss_that_neither_tears_nor_disorders_keeps_some_first_writes_whole() {
        Set<String> outcomes = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimOptions options = SimOptions.calm().disk(d -> d.withPowerLoss(false, false));
            try (Simulation simulation = new Simulation(seed, options)) {
                SimNode node = simulation.node("a");
                node.start(world -> {
                    Disk disk = world.disks().open("/d");
                    DiskFile file = disk.create("f");
                    disk.syncDirectory("");
                    file.write(bytes(2, 1), 0);
                    file.write(bytes(2, 2), 2);
                });
                simulation.runFor(MINUTE);
                node.powerLoss();
                outcomes.add(Arrays.toString(node.disk("/d").contents("f")));
                assertEquals(
                        0,
                        simulation.faults().of(Fault.TORN) + simulation.faults().of(Fault.DISORDER));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        assertEquals(Set.of("[]", "[1, 1, 2, 2]"), outcomes);
    }

    @Test
    void a_power_loss_during_a_sync_may_lose_what_it_was_syncing() {
        try (Simulation simulation = new Simulation(
                3, SimOptions.calm().disk(d -> d.withDelays(Duration.ofNanos(1_000), Duration.ofSeconds(10))))) {
            SimNode node = simulation.node("a");
            AtomicBoolean synced = new AtomicBoolean();
            node.start(world -> {
                DiskFile file = world.disks().open("/d").create("f");
                file.write(bytes(4, 1), 0);
                file.sync();
                synced.set(true);
            });
            simulation.runFor(Duration.ofMillis(1));
            node.powerLoss();
            simulation.runFor(MINUTE);
            assertTrue(!synced.get());
        }
    }

    @Test
    void a_name_that_was_not_synced_may_be_lost_and_a_synced_one_is_kept() {
        Set<List<String>> outcomes = new java.util.HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            afterPowerLoss(
                    seed,
                    disk -> {
                        disk.create("kept").sync();
                        disk.syncDirectory("");
                        disk.create("new").sync();
                        disk.rename("kept", "renamed");
                    },
                    disk -> outcomes.add(disk.names("")));
        }
        assertEquals(
                Set.of(List.of("kept"), List.of("kept", "new"), List.of("renamed"), List.of("new", "renamed")),
                outcomes);
    }

    @Test
    void a_renamed_file_is_never_under_two_names() {
        for (long seed = 0; seed < 200; seed++) {
            boolean first = seed % 3 == 0;
            boolean none = seed % 3 == 1;
            afterPowerLoss(
                    seed,
                    disk -> {
                        disk.makeDirectories("x");
                        disk.makeDirectories("y");
                        disk.syncDirectory("");
                        disk.create("x/f");
                        disk.rename("x/f", "y/f");
                        disk.rename("y/f", "y/g");
                        if (!none) {
                            disk.syncDirectory(first ? "y" : "x");
                        }
                    },
                    disk -> {
                        int names = disk.names("x").size() + disk.names("y").size();
                        assertTrue(first ? disk.names("y").equals(List.of("g")) && names == 1 : names <= 1);
                    });
        }
    }

    @Test
    void a_full_disk_says_so_and_takes_what_fits() {
        use(disk -> {
            ((SimDisk) disk).limitTo(8 << 10);
            assertEquals(8 << 10, disk.usableBytes());
            DiskFile file = disk.create("f");
            file.write(bytes(4 << 10, 1), 0);
            IOException full = assertThrows(IOException.class, () -> file.write(bytes(10_000, 2), 4 << 10));
            assertEquals("a:/d/f: write: No space left on device", full.getMessage());
            assertEquals(8 << 10, file.bytes());
            assertEquals(0, disk.usableBytes());
            file.write(bytes(100, 3), 0); // in place: takes no room
            file.truncate(4 << 10);
            assertEquals(4 << 10, disk.usableBytes());
            assertThrows(IOException.class, () -> file.write(bytes(4 << 10, 2), (4 << 10) + 1)); // over two pages
            file.truncate(4 << 10);
            assertEquals(4 << 10, disk.usableBytes());
            disk.delete("f");
            assertEquals(8 << 10, disk.usableBytes());
        });
    }

    @Test
    void an_injected_error_is_marked() {
        use(disk -> {
            DiskFile file = disk.create("f");
            ((SimDisk) disk).failAtRate(1);
            InjectedFault fault = assertThrows(InjectedFault.class, () -> file.write(bytes(1, 1), 0));
            assertTrue(fault.getMessage().contains("a:/d/f"), fault.getMessage());
        });
    }

    @Test
    void a_failed_sync_may_have_lost_its_writes_for_good() {
        Set<String> outcomes = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            afterPowerLoss(
                    seed,
                    disk -> {
                        DiskFile file = disk.create("f");
                        disk.syncDirectory("");
                        file.write(bytes(2, 1), 0);
                        ((SimDisk) disk).failAtRate(1);
                        assertThrows(InjectedFault.class, file::sync);
                        ((SimDisk) disk).failAtRate(0);
                        file.sync();
                    },
                    disk -> outcomes.add(Arrays.toString(disk.contents("f"))));
        }
        assertEquals(Set.of("[]", "[1, 1]"), outcomes);
    }

    @Test
    void rot_flips_bits_for_good() {
        runThen(
                1,
                SimOptions.calm(),
                disk -> {
                    DiskFile file = disk.create("f");
                    file.write(bytes(8, 0), 0);
                    assertTrue(((SimDisk) disk).flipBit("f", 3, 1));
                },
                disk -> assertArrayEquals(new byte[] {0, 0, 0, 2, 0, 0, 0, 0}, disk.contents("f")));
        runThen(
                1,
                SimOptions.calm().disk(d -> d.withRot(1)),
                disk -> {
                    DiskFile file = disk.create("f");
                    file.write(bytes(8, 0), 0);
                    file.read(ByteBuffer.allocate(8), 0);
                },
                disk -> assertEquals(1, onesIn(disk.contents("f"))));
    }

    private static int onesIn(byte[] bytes) {
        int ones = 0;
        for (byte b : bytes) {
            ones += Integer.bitCount(b & 0xff);
        }
        return ones;
    }
}
