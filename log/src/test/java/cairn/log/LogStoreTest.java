package cairn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.model.Geometry;
import cairn.model.proof.Probe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

final class LogStoreTest {
    private static final CellIdentity CELL = new CellIdentity(77, Geometry.STANDARD);
    private static final LogOptions SMALL = new LogOptions(300, 120);

    private final List<String> notes = new ArrayList<>();
    private final Set<Probe> met = new ConcurrentSkipListSet<>();

    private LogStore.Setting setting() {
        return new LogStore.Setting(
                SMALL,
                (name, body) -> Thread.ofPlatform().daemon().name(name).start(body),
                ListImage::new,
                notes::add,
                failed -> {},
                met::add);
    }

    private LogStore format(MemoryDisk disk) throws IOException {
        return LogStore.format(DataDirectory.open(disk), CELL, bytes("first"), setting());
    }

    private LogStore recover(MemoryDisk disk) throws IOException {
        return LogStore.recover(DataDirectory.open(disk), setting());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> records(LogStore store) {
        return ((ListImage) store.image()).records;
    }

    /** Appends "r2".."rN" and returns what was confirmed. */
    private static List<String> append(OperationLog log, int from, int to) throws IOException {
        List<String> confirmed = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            log.awaitDurable(log.append(bytes("r" + i)));
            confirmed.add("r" + i);
        }
        return confirmed;
    }

    @Test
    void a_restart_finds_every_confirmed_record_in_order() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        List<String> confirmed = append(store.log(), 2, 60);
        store.log().close();
        LogStore again = recover(disk.copy());
        assertThat(records(again).getFirst()).isEqualTo("first");
        assertThat(records(again).subList(1, 60)).isEqualTo(confirmed);
        assertThat(again.lastIndex()).isEqualTo(60);
        assertThat(notes).isEmpty();
        again.log().close();
    }

    @Test
    void many_writers_share_syncs_and_each_record_has_its_place() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 8; w++) {
            writers.add(Thread.startVirtualThread(() -> {
                try {
                    append(store.log(), 1, 200);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        store.log().close();
        LogStore again = recover(disk.copy());
        assertThat(again.lastIndex()).isEqualTo(1 + 8 * 200);
        again.log().close();
    }

    @Test
    void a_tail_torn_at_any_byte_is_cut_and_said() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        append(store.log(), 2, 4);
        String last = Files.segment(1);
        byte[] whole = disk.copy().bytes(last);
        for (int keep = FileHeader.BYTES + LogRecord.HEADER_BYTES + 5; keep < whole.length; keep++) {
            MemoryDisk torn = disk.copy();
            torn.put(last, Arrays.copyOf(whole, keep));
            notes.clear();
            LogStore again = recover(torn);
            assertThat(again.lastIndex()).as("kept %d bytes", keep).isBetween(1L, 3L);
            boolean clean = keep == FileHeader.BYTES + 29
                    || keep == FileHeader.BYTES + 29 + 26
                    || keep == FileHeader.BYTES + 29 + 52;
            assertThat(notes.isEmpty()).as("kept %d bytes: %s", keep, notes).isEqualTo(clean);
            append(again.log(), 9, 9);
            again.log().close();
            LogStore third = recover(torn.copy());
            assertThat(records(third).getLast()).isEqualTo("r9");
            third.log().close();
        }
    }

    @Test
    void a_flipped_bit_before_the_last_batch_refuses_to_start() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        append(store.log(), 2, 5);
        store.log().close();
        String segment = Files.segment(1);
        byte[] whole = disk.bytes(segment);
        int endMark = whole.length - LogRecord.HEADER_BYTES;
        for (int at = 0; at < endMark; at++) {
            for (int bit = 0; bit < 8; bit++) {
                MemoryDisk flipped = disk.copy();
                flipped.bytes(segment)[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> recover(flipped))
                        .as("bit %d of byte %d", bit, at)
                        .isInstanceOf(StartRefused.class)
                        .hasMessageContaining(segment);
                assertThat(flipped.bytes(segment)).hasSameSizeAs(whole);
            }
        }
        assertThat(met).contains(Probe.LOG_DAMAGED);
    }

    @Test
    void a_segment_that_a_crash_left_without_a_header_is_made_anew() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        append(store.log(), 2, 5);
        store.log().close();
        disk.put(Files.segment(6), new byte[FileHeader.BYTES - 1]);
        LogStore again = recover(disk.copy());
        assertThat(again.lastIndex()).isEqualTo(5);
        again.log().close();
        assertThat(met).containsExactly(Probe.LOG_SEGMENT_STILLBORN);
        assertThat(notes).hasSize(1);
    }

    @Test
    void a_missing_segment_refuses_to_start() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        append(store.log(), 2, 60);
        store.log().close();
        List<Long> segments = Files.indexes(disk, Files.SEGMENT_PREFIX);
        assertThat(segments.size()).isGreaterThan(3);
        for (long first : segments.subList(0, segments.size() - 1)) {
            MemoryDisk broken = disk.copy();
            broken.delete(Files.segment(first));
            assertThatThrownBy(() -> recover(broken)).isInstanceOf(StartRefused.class);
        }
        assertThat(met).contains(Probe.LOG_INCOMPLETE);
    }

    @Test
    void a_segment_of_another_cell_or_a_newer_format_refuses_to_start() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        format(disk).log().close();
        MemoryDisk foreign = disk.copy();
        byte[] segment = foreign.bytes(Files.segment(1));
        FileHeader.encode(FileHeader.LOG_MAGIC, 78, 1).get(0, segment, 0, FileHeader.BYTES);
        assertThatThrownBy(() -> recover(foreign))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("belongs to cell");
        MemoryDisk newer = disk.copy();
        newer.put("cell", bytes("cairn-master-format 2\ncell 4d\n"));
        assertThatThrownBy(() -> recover(newer))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("newer");
    }

    @Test
    void a_flipped_bit_anywhere_in_the_file_that_says_whose_the_directory_is_refuses_to_start() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        format(disk).log().close();
        for (int bit = 0; bit < 8 * disk.bytes("cell").length; bit++) {
            MemoryDisk broken = disk.copy();
            broken.bytes("cell")[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> recover(broken))
                    .as("bit %d", bit)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("cell");
        }
    }

    @Test
    void a_directory_in_use_or_of_somebody_else_is_refused() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        DataDirectory.open(disk);
        assertThatThrownBy(() -> DataDirectory.open(disk))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("in use by a running process");
        MemoryDisk photos = new MemoryDisk();
        photos.put("holiday.jpg", bytes("x"));
        assertThatThrownBy(() -> DataDirectory.open(photos))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void a_checkpoint_and_the_tail_give_the_same_state_as_the_whole_log() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        int next = 2;
        for (int round = 0; round < 4; round++) {
            append(store.log(), next, next + 30);
            next += 31;
            long through = store.log().roll();
            assertThat(store.checkpoints().make(through)).isEqualTo(next - 1L);
        }
        append(store.log(), next, next + 5);
        store.log().close();
        assertThat(Files.indexes(disk, Files.CHECKPOINT_PREFIX)).hasSize(2);
        LogStore again = recover(disk.copy());
        assertThat(again.checkpointIndex()).isEqualTo(next - 1L);
        assertThat(records(again)).hasSize(next + 5).contains("r2", "r" + (next + 5));
        again.log().close();
    }

    @Test
    void a_damaged_newest_checkpoint_is_passed_over_and_said() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        append(store.log(), 2, 30);
        store.checkpoints().make(store.log().roll());
        append(store.log(), 31, 60);
        long newest = store.checkpoints().make(store.log().roll());
        store.log().close();
        String name = Files.checkpoint(newest);
        for (int at = 0; at < disk.bytes(name).length; at++) {
            MemoryDisk damaged = disk.copy();
            damaged.bytes(name)[at] ^= 1;
            notes.clear();
            LogStore again = recover(damaged);
            assertThat(records(again)).hasSize(60);
            assertThat(notes).hasSize(1);
            again.log().close();
        }
        assertThat(met).contains(Probe.CHECKPOINT_DAMAGED);
    }

    @Test
    void the_newest_checkpoint_may_be_damaged_again_and_again() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        LogStore store = format(disk);
        int next = 2;
        for (int round = 0; round < 4; round++) {
            append(store.log(), next, next + 29);
            next += 30;
            long newest = store.checkpoints().make(store.log().roll());
            store.log().close();
            disk = disk.copy();
            disk.bytes(Files.checkpoint(newest))[FileHeader.BYTES + 1] ^= 1;
            store = recover(disk);
            assertThat(records(store)).as("round %d", round).hasSize(next - 1);
        }
        store.log().close();
    }

    @Test
    void a_crash_at_any_disk_call_loses_nothing_confirmed() throws IOException {
        for (long seed = 0; seed < 3; seed++) {
            boolean crashed = true;
            for (int call = 0; crashed; call++) {
                crashed = liveAndCrash(call, seed);
            }
        }
    }

    /** A life with appends, rolls and checkpoints on a disk that fails at a call, then a restart. */
    private boolean liveAndCrash(int call, long seed) throws IOException {
        MemoryDisk disk = new MemoryDisk();
        format(disk).log().close();
        MemoryDisk first = disk.copy().failAfter(call);
        List<String> confirmed = new ArrayList<>();
        boolean crashed = false;
        try {
            LogStore store = recover(first);
            for (int round = 0; round < 3; round++) {
                confirmed.addAll(append(store.log(), 2 + round * 12, 13 + round * 12));
                store.checkpoints().make(store.log().roll());
            }
            store.log().close();
        } catch (IOException powerLoss) {
            crashed = true;
        }
        MemoryDisk left = first.afterPowerLoss(seed * 1000 + call);
        LogStore again = recover(left);
        assertThat(records(again)).as("call %d, seed %d", call, seed).startsWith("first");
        assertThat(records(again).size()).isGreaterThan(confirmed.size());
        assertThat(records(again).subList(1, confirmed.size() + 1)).isEqualTo(confirmed);
        again.log().close();
        return crashed;
    }

    @Test
    void a_crash_while_a_cell_is_made_leaves_a_directory_that_can_be_used() throws IOException {
        boolean crashed = true;
        for (int call = 0; crashed; call++) {
            crashed = false;
            MemoryDisk disk = new MemoryDisk().failAfter(call);
            try {
                format(disk).log().close();
            } catch (IOException powerLoss) {
                crashed = true;
            }
            MemoryDisk left = disk.afterPowerLoss(call);
            DataDirectory directory = DataDirectory.open(left);
            LogStore store = directory.identity() == null
                    ? LogStore.format(directory, CELL, bytes("first"), setting())
                    : LogStore.recover(directory, setting());
            assertThat(store.lastIndex()).isEqualTo(1);
            store.log().close();
        }
        assertThat(met).contains(Probe.CELL_UNFINISHED);
    }
}
