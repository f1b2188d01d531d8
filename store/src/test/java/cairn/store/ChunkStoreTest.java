package cairn.store;

import static cairn.store.History.HANDLE;
import static cairn.store.History.OPTIONS;
import static cairn.store.History.TINY;
import static cairn.store.History.bytes;
import static cairn.store.History.direct;
import static cairn.store.History.readAll;
import static cairn.store.History.sums;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.chunk.ProducerAnswer;
import cairn.chunk.ProducerTable;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkStoreTest {
    private static final ChunkVersion V1 = new ChunkVersion(1);
    private static final StoreIdentity OWNER = new StoreIdentity("cell", new ServerId(3), 4, TINY);
    private static final String DATA = "chunks/000000000000001f.chunk";
    private static final String JOURNAL = "chunks/000000000000001f.journal";

    @Test
    void a_fresh_directory_is_adopted_and_remembers_its_owner() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = ChunkStore.open(disk, OPTIONS);
        assertThat(store.identity()).isEmpty();
        assertThatThrownBy(() -> store.create(HANDLE, V1)).hasMessageContaining("not been adopted");
        store.adopt(OWNER);
        assertThatThrownBy(() -> store.adopt(OWNER)).hasMessageContaining("belongs to server s3 of cell cell");
        store.close();
        assertThat(ChunkStore.open(disk, OPTIONS.forCell("cell")).identity()).contains(OWNER);
    }

    @Test
    void a_directory_that_is_not_ours_is_refused_in_one_clear_line() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        refused(disk, OPTIONS, "/disk/ is in use by another process");
        store.close();
        refused(disk, OPTIONS.forCell("other"), "/disk/ belongs to cell cell, not to other");
        rewrite(disk, text(disk).replace("format = 1", "format = 2"));
        refused(disk, OPTIONS, "/disk/ has format 2 and this build reads format 1");
        rewrite(disk, text(disk).replace("format = 2", "format = 1").replace("server = 3", "server = 4"));
        refused(disk, OPTIONS, "/disk/store is damaged");
        disk.names.get("store").bytes = new byte[0];
        refused(disk, OPTIONS, "/disk/store is damaged");
        CrashDisk foreign = new CrashDisk();
        foreign.create("holiday.jpg").close();
        refused(
                foreign,
                OPTIONS,
                "/disk/ holds other things ('holiday.jpg') and is not the directory of a chunkserver");
        assertThat(foreign.list("")).containsExactly("holiday.jpg");
    }

    private static void refused(CrashDisk disk, StoreOptions options, String message) {
        assertThatThrownBy(() -> ChunkStore.open(disk, options))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("\n")
                .contains(";");
    }

    private static String text(CrashDisk disk) {
        return new String(disk.names.get("store").bytes, StandardCharsets.UTF_8);
    }

    private static void rewrite(CrashDisk disk, String text) {
        disk.names.get("store").bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_flipped_bit_in_the_data_is_found_on_read_wherever_it_is() throws IOException {
        CrashDisk disk = new CrashDisk();
        Replica replica = filled(adopted(disk), 61);
        for (int bit = 0; bit < 61 * 8; bit++) {
            disk.names.get(DATA).bytes[bit / 8] ^= (byte) (1 << bit % 8);
            int block = bit / 64 * 8;
            assertThatThrownBy(() -> readAll(replica))
                    .isInstanceOfSatisfying(
                            CorruptReplica.class,
                            corrupt -> assertThat(corrupt.blockOffset()).isEqualTo(block))
                    .hasMessageContaining("000000000000001f")
                    .hasMessageContaining("/disk/" + DATA);
            assertThatThrownBy(() -> replica.read(block, 1, ByteBuffer.allocate(1)))
                    .isInstanceOf(CorruptReplica.class);
            disk.names.get(DATA).bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(readAll(replica)).hasSize(61);
    }

    @Test
    void a_flipped_bit_in_a_closed_journal_is_found_at_load_and_stops_only_that_replica() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        filled(store, 61);
        store.create(new ChunkHandle(5), V1);
        store.close();
        int bits = disk.names.get(JOURNAL).bytes.length * 8;
        for (int bit = 0; bit < bits; bit++) {
            CrashDisk copy = disk.afterKill();
            copy.names.get(JOURNAL).bytes[bit / 8] ^= (byte) (1 << bit % 8);
            ChunkStore reopened = ChunkStore.open(copy, OPTIONS);
            assertThat(reopened.quarantined()).as("bit %d", bit).hasSize(1);
            assertThat(reopened.find(HANDLE)).isEmpty();
            assertThat(reopened.find(new ChunkHandle(5))).isPresent();
            assertThat(copy.names).containsKeys(DATA + ".corrupt", JOURNAL + ".corrupt");
            reopened.delete(HANDLE);
            assertThat(reopened.quarantined()).isEmpty();
            assertThat(copy.names).doesNotContainKeys(DATA + ".corrupt", JOURNAL + ".corrupt");
        }
    }

    @Test
    void a_replica_put_aside_by_half_is_aside_after_a_restart_and_can_be_taken_back_whole() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = filled(store, 61);
        replica.sync();
        byte[] bytes = readAll(replica);
        CrashDisk copy = disk.afterKill();
        copy.rename(DATA, DATA + ".corrupt");
        Set<Probe> met = EnumSet.noneOf(Probe.class);
        ChunkStore reopened = ChunkStore.open(copy, OPTIONS.withWitness(met::add));
        assertThat(met).contains(Probe.PUTTING_ASIDE_UNFINISHED);
        assertThat(reopened.find(HANDLE)).isEmpty();
        assertThat(reopened.quarantined()).hasSize(1);
        assertThat(readAll(reopened.lookAgain(HANDLE).orElseThrow())).isEqualTo(bytes);
    }

    @Test
    void a_flipped_bit_in_what_was_synced_is_never_taken_for_a_torn_write() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = filled(store, 61);
        replica.sync();
        int synced = disk.names.get(JOURNAL).bytes.length - 30; // before the mark
        for (int at = 0; at < synced; at++) {
            CrashDisk copy = disk.afterKill();
            copy.names.get(JOURNAL).bytes[at] ^= 4;
            ChunkStore reopened = ChunkStore.open(copy, OPTIONS);
            assertThat(reopened.quarantined()).as("byte %d", at).hasSize(1);
        }
    }

    @Test
    void a_mutation_must_fit_the_version_the_order_and_the_chunk() throws IOException {
        ChunkStore store = adopted(new CrashDisk());
        Replica replica = filled(store, 20);
        refused(ErrorCode.STALE_VERSION, () -> append(replica, 2, 2, new byte[3]));
        refused(ErrorCode.OUT_OF_ORDER, () -> append(replica, 1, 3, new byte[3]));
        refused(ErrorCode.BAD_REQUEST, () -> append(replica, 1, 2, new byte[109]));
        replica.fence(new ChunkVersion(3));
        refused(ErrorCode.STALE_VERSION, () -> replica.fence(new ChunkVersion(2)));
        refused(ErrorCode.STALE_VERSION, () -> append(replica, 1, 2, new byte[3]));
        refused(ErrorCode.NOT_SERVING, () -> append(replica, 3, 2, new byte[3]));
        replica.establish(new ChunkVersion(3), 20, 1, replica.producers());
        append(replica, 3, 2, new byte[3]);
        refused(ErrorCode.BAD_REQUEST, () -> replica.seal(new ChunkVersion(3), 22));
        replica.seal(new ChunkVersion(3), 23);
        refused(ErrorCode.SEALED, () -> append(replica, 3, 3, new byte[3]));
        refused(ErrorCode.EXISTS, () -> store.create(HANDLE, V1));
    }

    @Test
    void a_full_disk_refuses_and_leaves_everything_as_it_was() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = filled(store, 20);
        byte[] before = readAll(replica);
        for (int usable = 0; usable < 70; usable++) {
            disk.usable = usable; // of each single write: first the data's, then the journal's
            byte[] payload = new byte[Math.min(usable + 1, 40)];
            assertThatThrownBy(() -> append(replica, 1, 2, payload))
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FAILED))
                    .hasMessageContaining("no space");
            assertThat(readAll(replica)).isEqualTo(before);
            if (usable >= 40) {
                break;
            }
        }
        disk.usable = 0;
        refused(ErrorCode.NO_SPACE, () -> store.create(new ChunkHandle(9), V1));
        assertThat(store.health().failing()).isFalse();
        disk.usable = 1 << 20;
        append(replica, 1, 2, new byte[7]);
        Replica found = ChunkStore.open(disk.afterKill(), OPTIONS).find(HANDLE).orElseThrow();
        assertThat(readAll(found)).isEqualTo(Arrays.copyOf(before, 27));
    }

    @Test
    void what_a_failed_write_left_never_shows_in_a_gap() throws IOException {
        CrashDisk disk = new CrashDisk();
        Replica replica = filled(adopted(disk), 20);
        byte[] before = readAll(replica);
        disk.usable = 9;
        refused(ErrorCode.DISK_FAILED, () -> append(replica, 1, 2, bytes(new Random(1), 10)));
        disk.usable = 1 << 20;
        assertThat(disk.names.get(DATA).bytes).hasSize(29);
        replica.apply(
                V1,
                new Mutation(2, Mutation.Kind.SET_LENGTH, 0, 0, 40, List.of(), new int[0], false),
                ByteBuffer.allocate(0));
        assertThat(readAll(replica)).isEqualTo(Arrays.copyOf(before, 40));
    }

    @Test
    void a_failed_sync_is_never_followed_by_a_success() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = filled(store, 20);
        disk.failSyncs = true;
        refused(ErrorCode.DISK_FAILED, replica::sync);
        disk.failSyncs = false;
        refused(ErrorCode.DISK_FAILED, replica::sync);
        refused(ErrorCode.DISK_FAILED, () -> append(replica, 1, 2, new byte[3]));
        assertThat(store.health().failing()).isTrue();
        assertThat(readAll(replica)).hasSize(20);
    }

    @Test
    void a_clone_appears_whole_or_not_at_all() throws IOException {
        byte[] content = bytes(new Random(1), 77);
        ProducerTable table = new ProducerTable();
        table.record(9, List.of(new MutationEntry(1, 2, 0, 0, 3, 4)));
        for (int call = 0; ; call++) {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            disk.crashAt(disk.calls() + call);
            boolean finished = importInto(store, content, table);
            for (CrashDisk after : List.of(
                    disk.afterKill(), disk.afterPowerLoss(new Random(call)), disk.afterPowerLoss(new Random(-call)))) {
                ChunkStore reopened = ChunkStore.open(after, OPTIONS);
                assertThat(reopened.quarantined()).as("call %d", call).isEmpty();
                Optional<Replica> found = reopened.find(HANDLE);
                assertThat(found.isPresent() || !finished).isTrue();
                if (found.isPresent()) {
                    assertThat(readAll(found.get())).isEqualTo(content);
                    assertThat(found.get().producers()).isEqualTo(table);
                    assertThat(found.get().state().sealed()).isTrue();
                } else {
                    assertThat(after.list("chunks")).isEmpty();
                }
            }
            if (finished) {
                break;
            }
        }
    }

    private static boolean importInto(ChunkStore store, byte[] content, ProducerTable table) throws IOException {
        try (ReplicaImport clone = store.importReplica(HANDLE)) {
            clone.write(direct(Arrays.copyOf(content, 30)), sums(0, Arrays.copyOf(content, 30)));
            byte[] rest = Arrays.copyOfRange(content, 30, 77);
            assertThat(store.find(HANDLE)).isEmpty();
            clone.write(direct(rest), sums(30, rest));
            Replica replica = clone.finish(new ChunkVersion(4), 9, true, table);
            assertThat(readAll(replica)).isEqualTo(content);
            return true;
        } catch (CrashDisk.Crashed e) {
            return false;
        }
    }

    @Test
    void a_deletion_never_leaves_half_a_replica() throws IOException {
        for (int call = 0; ; call++) {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            filled(store, 50).sync();
            disk.crashAt(disk.calls() + call);
            boolean finished = deleted(store);
            for (CrashDisk after : List.of(disk.afterKill(), disk.afterPowerLoss(new Random(call)))) {
                ChunkStore reopened = ChunkStore.open(after, OPTIONS);
                assertThat(reopened.quarantined()).isEmpty();
                assertThat(reopened.find(HANDLE).isPresent() && finished).isFalse();
                if (reopened.find(HANDLE).isPresent()) {
                    assertThat(readAll(reopened.find(HANDLE).get())).hasSize(50);
                } else {
                    assertThat(after.list("chunks")).isEmpty();
                }
            }
            if (finished) {
                break;
            }
        }
    }

    @Test
    void of_replicas_that_are_deleted_together_each_is_whole_or_gone_wherever_that_is_interrupted() throws IOException {
        List<ChunkHandle> handles = List.of(new ChunkHandle(41), new ChunkHandle(42), new ChunkHandle(43));
        boolean finished = false;
        for (int call = 0; !finished; call++) {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            for (ChunkHandle handle : handles) {
                Replica replica = store.create(handle, V1);
                append(replica, 1, 1, bytes(new Random(9), 50));
                replica.sync();
            }
            disk.crashAt(disk.calls() + call);
            finished = deleted(store, handles);
            for (CrashDisk after : List.of(disk.afterKill(), disk.afterPowerLoss(new Random(call)))) {
                ChunkStore reopened = ChunkStore.open(after, OPTIONS);
                assertThat(reopened.quarantined()).isEmpty();
                assertThat(reopened.replicas().isEmpty() || !finished).isTrue();
                for (Replica left : reopened.replicas()) {
                    assertThat(readAll(left)).hasSize(50);
                }
                assertThat(after.list("chunks")).hasSize(2 * reopened.replicas().size());
            }
        }
    }

    private static boolean deleted(ChunkStore store) throws IOException {
        return deleted(store, List.of(HANDLE));
    }

    private static boolean deleted(ChunkStore store, List<ChunkHandle> handles) throws IOException {
        try {
            store.delete(handles);
            return true;
        } catch (CrashDisk.Crashed e) {
            return false;
        }
    }

    @Test
    void any_range_is_read_with_the_sums_of_its_pieces() throws IOException {
        Replica replica = filled(adopted(new CrashDisk()), 61);
        byte[] all = readAll(replica);
        for (int offset = 0; offset < 64; offset++) {
            for (int length = 0; length < 66; length++) {
                ByteBuffer into = ByteBuffer.allocateDirect(100).position(3);
                ReadResult result = replica.read(offset, length, into);
                byte[] expected = Arrays.copyOfRange(all, Math.min(61, offset), Math.min(61, offset + length));
                byte[] read = new byte[result.length()];
                into.get(3, read);
                assertThat(read).isEqualTo(expected);
                assertThat(into.position()).isEqualTo(3 + expected.length);
                assertThat(result.pieceSums()).isEqualTo(sums(offset, expected));
                assertThat(result.replicaLength()).isEqualTo(61);
            }
        }
    }

    @Test
    void what_is_dirty_is_listed_until_it_is_synced() throws IOException {
        ChunkStore store = adopted(new CrashDisk());
        Replica replica = filled(store, 20);
        assertThat(store.dirty(100)).containsExactly(new DirtyReplica(replica, 100));
        assertThat(store.dirty(130)).containsExactly(new DirtyReplica(replica, 100));
        replica.sync();
        assertThat(store.dirty(140)).isEmpty();
        append(replica, 1, 2, new byte[1]);
        assertThat(store.dirty(150)).containsExactly(new DirtyReplica(replica, 150));
        assertThat(store.usedBytes()).isEqualTo(21);
    }

    @Test
    void the_bytes_held_are_counted_over_cuts_restarts_and_what_is_put_aside_taken_back_or_deleted()
            throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = filled(store, 20);
        replica.cut(7);
        assertThat(store.usedBytes()).isEqualTo(7);
        store.close();
        ChunkStore again = ChunkStore.open(disk, OPTIONS);
        assertThat(again.usedBytes()).isEqualTo(7);
        again.quarantine(HANDLE, "a block is damaged");
        assertThat(again.usedBytes()).isZero();
        again.lookAgain(HANDLE);
        assertThat(again.usedBytes()).isEqualTo(7);
        again.delete(HANDLE);
        assertThat(again.usedBytes()).isZero();
    }

    @Test
    void a_small_synced_append_is_durable_after_one_sync() throws IOException {
        CrashDisk disk = new CrashDisk();
        Replica replica = filled(adopted(disk), 20);
        replica.sync();
        int before = disk.calls();
        append(replica, 1, 2, bytes(new Random(2), 13), true);
        assertThat(disk.calls() - before)
                .as("the record, its bytes, the sync, the data")
                .isEqualTo(4);
        byte[] all = readAll(replica);
        for (int tear = 0; tear < 100; tear++) {
            CrashDisk after = disk.afterPowerLoss(new Random(tear));
            Replica found = ChunkStore.open(after, OPTIONS).find(HANDLE).orElseThrow();
            assertThat(readAll(found)).as("tear %d", tear).isEqualTo(all);
            assertThat(found.lookup(7, 2, 1)).isEqualTo(new ProducerAnswer.Duplicate(20, 13));
        }
    }

    @Test
    void a_dump_shows_the_records_and_what_they_add_up_to() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        filled(store, 20);
        store.close();
        StringBuilder one = new StringBuilder();
        StoreDump.write(disk, Optional.of(HANDLE), one);
        assertThat(one.toString())
                .contains("snapshot  fence v1", "extended  serial 1 length 20", "synced", "block     2")
                .contains("000000000000001f fence v1 established v1 length 20 serial 1\n")
                .contains("last 1 in mutation 1: 1 at 0+20");
        StringBuilder all = new StringBuilder();
        StoreDump.write(disk, Optional.empty(), all);
        assertThat(all.toString()).contains("cell = cell", "length 20");
    }

    @Test
    void answers_survive_a_restart() throws IOException {
        CrashDisk disk = new CrashDisk();
        filled(adopted(disk), 20);
        Replica found = ChunkStore.open(disk.afterKill(), OPTIONS).find(HANDLE).orElseThrow();
        assertThat(found.lookup(7, 1, 0)).isEqualTo(new ProducerAnswer.Duplicate(0, 20));
        assertThat(found.lookup(7, 3, 2)).isEqualTo(new ProducerAnswer.OutOfOrder(1));
    }

    // ---- put aside and taken back

    @Test
    void a_second_look_leaves_aside_what_is_not_well_although_it_was_never_synced() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(filled(store, 61), 1, 2, bytes(new Random(5), 61));
        disk.names.get(DATA).bytes[3] ^= 1;
        staysAside(store, disk);
    }

    @Test
    void a_second_look_at_a_sealed_replica_does_not_unseal_it() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = filled(store, 61);
        append(replica, 1, 2, bytes(new Random(5), 61));
        replica.seal(V1, 122);
        disk.names.get(DATA).bytes[100] ^= 1;
        staysAside(store, disk);
    }

    @Test
    void a_second_look_leaves_aside_what_has_a_record_that_is_none() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(filled(store, 61), 1, 2, bytes(new Random(5), 61));
        byte[] journal = disk.names.get(JOURNAL).bytes;
        journal[journal.length - 1] ^= 1;
        staysAside(store, disk);
    }

    private static void staysAside(ChunkStore store, CrashDisk disk) throws IOException {
        byte[] data = disk.names.get(DATA).bytes.clone();
        byte[] journal = disk.names.get(JOURNAL).bytes.clone();
        store.quarantine(HANDLE, "found bad while it was served");
        assertThatThrownBy(() -> store.lookAgain(HANDLE)).hasMessageContaining("chunk 000000000000001f: ");
        assertThat(store.find(HANDLE)).isEmpty();
        assertThat(store.quarantined()).hasSize(1);
        assertThat(disk.list("chunks")).containsExactly(name(DATA) + ".corrupt", name(JOURNAL) + ".corrupt");
        assertThat(disk.names.get(DATA + ".corrupt").bytes).isEqualTo(data);
        assertThat(disk.names.get(JOURNAL + ".corrupt").bytes).isEqualTo(journal);
    }

    private static String name(String path) {
        return path.substring(path.indexOf('/') + 1);
    }

    @Test
    void what_is_not_well_is_aside_wherever_a_second_look_is_interrupted() throws IOException {
        eachCall(call -> {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            filled(store, 61).sync();
            disk.names.get(DATA).bytes[3] ^= 1;
            store.quarantine(HANDLE, "found bad while it was served");
            disk.crashAt(disk.calls() + call);
            assertThatThrownBy(() -> store.lookAgain(HANDLE)).isInstanceOf(CorruptReplica.class);
            ChunkStore reopened = ChunkStore.open(disk.afterKill(), OPTIONS);
            assertThat(reopened.find(HANDLE)).isEmpty();
            assertThat(reopened.quarantined()).hasSize(1);
            return true;
        });
    }

    @Test
    void what_is_well_is_whole_or_aside_wherever_a_second_look_is_interrupted() throws IOException {
        for (int length : List.of(0, 61)) {
            for (boolean sealed : List.of(true, false)) {
                eachCall(call -> isWholeOrAside(call, length, sealed));
            }
        }
    }

    private static boolean isWholeOrAside(int call, int length, boolean sealed) throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        byte[] content = readAll(copied(store, length, sealed));
        store.quarantine(HANDLE, "misread");
        disk.crashAt(disk.calls() + call);
        boolean finished = finishes(() -> store.lookAgain(HANDLE));
        for (CrashDisk after : afterwards(disk, call)) {
            ChunkStore reopened = ChunkStore.open(after, OPTIONS);
            assertThat(reopened.find(HANDLE).isPresent() || !finished).isTrue();
            Replica found = reopened.find(HANDLE).isPresent()
                    ? reopened.find(HANDLE).get()
                    : reopened.lookAgain(HANDLE).orElseThrow();
            assertThat(readAll(found)).isEqualTo(content);
            assertThat(found.state().established()).isEqualTo(V1);
            assertThat(found.state().sealed()).isEqualTo(sealed);
            assertThat(found.state().suspect()).isEqualTo(!sealed);
            assertThat(reopened.quarantined()).isEmpty();
        }
        return finished;
    }

    @Test
    void a_replica_put_aside_again_is_itself_or_aside_wherever_that_is_interrupted() throws IOException {
        eachCall(call -> {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            copied(store, 61, true);
            store.quarantine(HANDLE, "once");
            byte[] content = readAll(copied(store, 40, true));
            disk.crashAt(disk.calls() + call);
            boolean finished = finishes(() -> store.quarantine(HANDLE, "twice"));
            for (CrashDisk after : afterwards(disk, call)) {
                ChunkStore reopened = ChunkStore.open(after, OPTIONS);
                assertThat(reopened.find(HANDLE).isEmpty() || !finished).isTrue();
                Replica found = reopened.find(HANDLE).isPresent()
                        ? reopened.find(HANDLE).get()
                        : reopened.lookAgain(HANDLE).orElseThrow();
                assertThat(readAll(found)).isEqualTo(content);
            }
            return finished;
        });
    }

    @Test
    void a_damaged_replica_takes_the_place_of_one_that_was_put_aside_before() throws IOException {
        eachCall(call -> {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            copied(store, 61, true);
            store.quarantine(HANDLE, "once");
            copied(store, 40, true);
            CrashDisk damaged = disk.afterKill();
            try (DiskFile file = damaged.open(JOURNAL)) {
                file.write(ByteBuffer.allocate(1), JournalFormat.HEADER_BYTES);
                file.sync();
            }
            byte[] journal = damaged.names.get(JOURNAL).bytes;
            damaged.crashAt(damaged.calls() + call);
            boolean finished = finishes(() -> ChunkStore.open(damaged, OPTIONS));
            for (CrashDisk after : afterwards(damaged, call)) {
                ChunkStore reopened = ChunkStore.open(after, OPTIONS);
                assertThat(reopened.find(HANDLE)).isEmpty();
                assertThat(reopened.quarantined()).hasSize(1);
                assertThat(after.names.get(DATA + ".corrupt").bytes).hasSize(40);
                assertThat(after.names.get(JOURNAL + ".corrupt").bytes).isEqualTo(journal);
            }
            return finished;
        });
    }

    @Test
    void a_replica_put_aside_again_by_half_is_no_empty_replica_after_a_restart() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        filled(store, 61);
        store.quarantine(HANDLE, "once");
        byte[] content = readAll(filled(store, 40));
        CrashDisk copy = disk.afterKill();
        copy.rename(DATA, DATA + ".corrupt"); // as builds before this one did
        ChunkStore reopened = ChunkStore.open(copy, OPTIONS);
        assertThat(reopened.find(HANDLE)).isEmpty();
        assertThat(readAll(reopened.lookAgain(HANDLE).orElseThrow())).isEqualTo(content);
    }

    @Test
    void a_creation_that_a_power_loss_interrupts_does_no_harm_to_what_is_aside() throws IOException {
        eachCall(call -> {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            byte[] content = readAll(copied(store, 61, true));
            store.quarantine(HANDLE, "once");
            disk.crashAt(disk.calls() + call);
            boolean finished = finishes(() -> store.create(HANDLE, V1));
            for (CrashDisk after : afterwards(disk, call)) {
                ChunkStore reopened = ChunkStore.open(after, OPTIONS);
                if (reopened.find(HANDLE).isEmpty()) {
                    assertThat(readAll(reopened.lookAgain(HANDLE).orElseThrow()))
                            .isEqualTo(content);
                } else {
                    assertThat(after.names).containsKeys(DATA + ".corrupt", JOURNAL + ".corrupt");
                }
            }
            return finished;
        });
    }

    /** A replica all of which is durable. */
    private static Replica copied(ChunkStore store, int length, boolean sealed) throws IOException {
        byte[] content = bytes(new Random(length), length);
        try (ReplicaImport copy = store.importReplica(HANDLE)) {
            copy.write(direct(content), sums(0, content));
            return copy.finish(V1, 1, sealed, new ProducerTable());
        }
    }

    /** Does something that stops at the given call; true when it came to its end before. */
    private interface Stopping {
        boolean before(int call) throws IOException;
    }

    private static void eachCall(Stopping deed) throws IOException {
        int call = 0;
        while (!deed.before(call)) {
            call++;
        }
    }

    private static boolean finishes(Attempt attempt) throws IOException {
        try {
            attempt.run();
            return true;
        } catch (CrashDisk.Crashed e) {
            return false;
        }
    }

    private static List<CrashDisk> afterwards(CrashDisk disk, int call) {
        List<CrashDisk> found = new ArrayList<>(List.of(disk.afterKill()));
        for (int seed = 0; seed < 20; seed++) {
            found.add(disk.afterPowerLoss(new Random(100L * call + seed)));
        }
        return found;
    }

    private static ChunkStore adopted(CrashDisk disk) throws IOException {
        ChunkStore store = ChunkStore.open(disk, OPTIONS);
        store.adopt(OWNER);
        return store;
    }

    private static Replica filled(ChunkStore store, int length) throws IOException {
        Replica replica = store.create(HANDLE, V1);
        append(replica, 1, 1, bytes(new Random(length), length));
        return replica;
    }

    private static void append(Replica replica, long version, long serial, byte[] payload) throws IOException {
        append(replica, version, serial, payload, false);
    }

    private static void append(Replica replica, long version, long serial, byte[] payload, boolean synced)
            throws IOException {
        int offset = (int) replica.state().length();
        List<MutationEntry> entries = List.of(new MutationEntry(7, serial, 0, 0, offset, payload.length));
        Mutation mutation = new Mutation(
                serial,
                Mutation.Kind.APPEND,
                offset,
                payload.length,
                offset + payload.length,
                entries,
                sums(offset, payload),
                synced);
        replica.apply(new ChunkVersion(version), mutation, direct(payload));
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void refused(ErrorCode code, Attempt attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
