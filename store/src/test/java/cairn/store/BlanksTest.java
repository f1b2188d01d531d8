package cairn.store;

import static cairn.store.History.OPTIONS;
import static cairn.store.History.TINY;
import static cairn.store.History.bytes;
import static cairn.store.History.direct;
import static cairn.store.History.readAll;
import static cairn.store.History.sums;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.chunk.Mutation;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BlanksTest {
    private static final ChunkVersion V1 = new ChunkVersion(1);
    private static final StoreIdentity OWNER = new StoreIdentity("cell", new ServerId(3), 4, TINY);
    private static final ChunkHandle A = new ChunkHandle(0xa);
    private static final ChunkHandle B = new ChunkHandle(0xb);
    private static final int SEEDS = Integer.getInteger("cairn.store.seeds", 60);

    private final Set<Probe> met = EnumSet.noneOf(Probe.class);
    private final StoreOptions options = OPTIONS.withWitness(met::add);

    @Test
    void the_files_of_a_deleted_replica_become_those_of_the_next_and_nothing_of_it_is_left() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(store.create(A, V1), new byte[20]);
        List<CrashDisk.Node> files = nodes(disk, A);
        store.delete(A);
        assertThat(disk.list("chunks")).hasSize(2).noneMatch(name -> name.endsWith(".journal"));
        Replica next = store.create(B, V1);
        assertThat(nodes(disk, B)).containsExactlyInAnyOrderElementsOf(files);
        assertThat(disk.list("chunks")).hasSize(2);
        assertThat(readAll(next)).isEmpty();
        assertThat(met).contains(Probe.BLANK_USED);
    }

    @Test
    void a_file_that_is_being_read_keeps_its_bytes_when_its_replica_is_deleted() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = store.create(A, V1);
        append(replica, new byte[] {1, 2, 3});
        CrashDisk.Node data = nodes(disk, A).getFirst();
        disk.underSync = () -> store.delete(A); // it holds the data file
        replica.sync();
        assertThat(met).contains(Probe.DELETED_WHILE_READ);
        assertThat(data.bytes).containsExactly(1, 2, 3);
        store.create(B, V1);
        assertThat(nodes(disk, B)).doesNotContain(data);
    }

    @Test
    void who_deletes_a_chunk_twice_in_one_call_gets_its_files_once() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(store.create(A, V1), new byte[20]);
        store.delete(List.of(A, A));
        append(store.create(A, V1), new byte[20]);
        append(store.create(B, V1), new byte[10]);
        assertThat(nodes(disk, A)).doesNotContainAnyElementsOf(nodes(disk, B));
        assertThat(readAll(store.find(A).orElseThrow())).hasSize(20);
    }

    @Test
    void a_file_that_stands_in_the_way_of_a_new_replica_is_not_replaced() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        store.create(B, V1);
        store.delete(B);
        disk.create("chunks/%s.chunk".formatted(A)).close();
        assertThatThrownBy(() -> store.create(A, V1)).hasMessageContaining("cannot create");
    }

    @Test
    void a_blank_that_somebody_removed_is_not_missed() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        store.create(A, V1);
        store.delete(A);
        disk.list("chunks").forEach(name -> disk.delete("chunks/" + name));
        append(store.create(B, V1), new byte[10]);
        assertThat(readAll(store.find(B).orElseThrow())).hasSize(10);
    }

    @Test
    void a_blank_whose_new_content_cannot_be_synced_is_not_used() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(store.create(A, V1), new byte[20]);
        store.delete(A);
        disk.failSyncs = true;
        assertThatThrownBy(() -> store.create(B, V1)).hasMessageContaining("cannot create");
        disk.failSyncs = false;
        assertThat(disk.list("chunks")).hasSize(1).allMatch(name -> name.endsWith(".blank"));
        assertThat(store.health().failing()).isTrue();
        assertThat(store.find(B)).isEmpty();
    }

    @Test
    void a_creation_whose_name_cannot_be_synced_leaves_nothing_in_the_way_of_the_next() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        disk.failDirectorySyncs = true;
        assertThatThrownBy(() -> store.create(A, V1)).hasMessageContaining("cannot create");
        disk.failDirectorySyncs = false;
        assertThat(store.health().failing()).isTrue();
        assertThat(disk.list("chunks")).isEmpty();
        append(store.create(A, V1), new byte[10]);
    }

    @Test
    void a_name_that_was_not_durable_when_a_sync_failed_is_never_believed_to_be() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        store.create(A, V1);
        Replica second = store.create(B, V1);
        append(second, new byte[10]);
        disk.failDirectorySyncs = true;
        assertThatThrownBy(() -> store.delete(A)).hasMessageContaining("cannot delete");
        disk.failDirectorySyncs = false;
        Replica third = store.create(new ChunkHandle(0xc), V1);
        append(third, new byte[10]);
        third.sync(); // a name given later says nothing of that one
        assertThatThrownBy(second::sync).hasMessageContaining("a sync of its names has failed before");
    }

    @Test
    void a_creation_that_failed_late_is_undone_durably_by_an_orderly_stop() throws IOException {
        for (int tear = 0; tear < 10; tear++) {
            CrashDisk disk = new CrashDisk();
            ChunkStore store = adopted(disk);
            disk.failCreate = "chunks/%s.chunk".formatted(A);
            assertThatThrownBy(() -> store.create(A, V1)).hasMessageContaining("no space");
            store.close();
            ChunkStore again = ChunkStore.open(disk.afterPowerLoss(new Random(tear)), options);
            assertThat(again.find(A)).isEmpty();
            assertThat(again.quarantined()).isEmpty();
        }
    }

    @Test
    void files_of_a_disk_that_has_failed_are_not_used_again() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Replica replica = store.create(A, V1);
        append(replica, new byte[20]);
        disk.failSyncs = true;
        assertThatThrownBy(replica::sync).hasMessageContaining("cannot sync");
        disk.failSyncs = false;
        store.delete(A);
        assertThat(disk.list("chunks")).isEmpty();
    }

    @Test
    void a_gap_in_a_file_that_was_another_replicas_reads_as_zeros() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(store.create(A, V1), bytes(new Random(1), 60));
        store.delete(A);
        Replica next = store.create(B, V1);
        byte[] end = {1, 2, 3};
        next.apply(V1, mutation(next, Mutation.Kind.WRITE, 50, end, false), direct(end));
        byte[] expected = new byte[53];
        System.arraycopy(end, 0, expected, 50, 3);
        assertThat(readAll(next)).isEqualTo(expected);
    }

    @Test
    void a_blank_keeps_a_block_of_the_file_system_and_no_more() throws IOException {
        CrashDisk disk = new CrashDisk();
        Blanks blanks = new Blanks(disk, options);
        for (int bytes : List.of(4096, 4097)) {
            Blanks.Opened fresh = blanks.open();
            fresh.file().write(ByteBuffer.allocate(bytes), 0);
            fresh.file().close();
            blanks.keep(new Blanks.Nameless(fresh.name(), bytes));
            Blanks.Opened again = blanks.open();
            assertThat(again.name()).isEqualTo(fresh.name());
            assertThat(again.file().bytes()).isEqualTo(bytes == 4096 ? 4096 : 0);
        }
    }

    @Test
    void a_used_file_that_is_longer_than_was_thought_is_cut() throws IOException {
        CrashDisk disk = new CrashDisk();
        Blanks blanks = new Blanks(disk, options);
        Blanks.Opened fresh = blanks.open();
        fresh.file().write(ByteBuffer.allocate(5000), 0); // as a write that failed may leave behind the length
        blanks.keep(new Blanks.Nameless(fresh.name(), 10));
        assertThat(blanks.openAs("chunks/x").bytes()).isZero();
    }

    @Test
    void who_deletes_a_chunk_while_it_is_created_deletes_only_what_was_put_aside_of_it() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(store.create(A, V1), new byte[20]);
        store.quarantine(A, "a test");
        disk.underSync = () -> store.delete(A); // its new data file has its name
        append(store.create(A, V1), new byte[10]);
        assertThat(store.quarantined()).isEmpty();
        ChunkStore again = ChunkStore.open(disk.afterKill(), options);
        assertThat(readAll(again.find(A).orElseThrow())).hasSize(10);
        assertThat(again.quarantined()).isEmpty();
    }

    @Test
    void a_deletion_takes_what_was_put_aside_of_the_chunk_with_it() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        append(store.create(A, V1), new byte[20]);
        store.quarantine(A, "a test");
        append(store.create(A, V1), new byte[20]);
        store.delete(A);
        assertThat(disk.list("chunks")).noneMatch(name -> name.endsWith(".corrupt"));
    }

    @Test
    void data_whose_journal_was_lost_is_in_nobodys_way_when_the_chunk_comes_again() throws IOException {
        for (int tear = 0; tear < 20; tear++) {
            CrashDisk disk = new CrashDisk();
            append(adopted(disk).create(A, V1), new byte[20]);
            CrashDisk damaged = disk.afterKill();
            damaged.delete("chunks/%s.journal".formatted(A));
            ChunkStore store = ChunkStore.open(damaged, options);
            assertThat(store.quarantined()).hasSize(1);
            assertThat(store.lookAgain(A)).isEmpty();
            store.create(A, V1);
            ChunkStore again = ChunkStore.open(damaged.afterPowerLoss(new Random(tear)), options);
            assertThat(again.find(A)).isPresent();
            assertThat(again.quarantined()).isEmpty();
        }
    }

    @Test
    void an_orderly_stop_waits_for_a_creation() throws Exception {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        Thread closer = Thread.ofPlatform().unstarted(() -> {
            try {
                store.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        AtomicBoolean waited = new AtomicBoolean();
        disk.underSync = () -> {
            closer.start();
            while (closer.isAlive() && closer.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            waited.set(closer.isAlive());
        };
        store.create(A, V1);
        closer.join();
        assertThat(waited).isTrue();
        assertThat(ChunkStore.open(disk.afterKill(), options).find(A)).isPresent();
    }

    @Test
    void a_closed_store_creates_nothing() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        store.close();
        assertThatThrownBy(() -> store.create(A, V1)).hasMessageContaining("is closed");
        assertThat(disk.list("chunks")).isEmpty();
    }

    @Test
    void a_data_file_whose_name_a_power_loss_has_taken_is_made_anew_until_something_in_it_is_durable()
            throws IOException {
        for (boolean synced : List.of(false, true)) {
            for (int tear = 0; tear < 40; tear++) {
                CrashDisk disk = new CrashDisk();
                ChunkStore store = adopted(disk);
                append(store.create(A, V1), new byte[20]);
                store.delete(A);
                Replica next = store.create(B, V1);
                byte[] more = bytes(new Random(tear), 30);
                next.apply(V1, mutation(next, Mutation.Kind.APPEND, 0, more, synced), direct(more));
                CrashDisk after = disk.afterPowerLoss(new Random(tear));
                ChunkStore again = ChunkStore.open(after, options);
                assertThat(again.quarantined()).isEmpty();
                byte[] found = readAll(again.find(B).orElseThrow());
                assertThat(found).isEqualTo(Arrays.copyOf(more, found.length));
                assertThat(found.length).isGreaterThanOrEqualTo(synced ? more.length : 0);
                assertThat(after.names).containsKey("chunks/%s.chunk".formatted(B));
            }
        }
        assertThat(met).contains(Probe.DATA_FILE_MISSING);
    }

    @Test
    void a_sealed_empty_replica_whose_data_file_a_power_loss_has_taken_takes_part_in_the_next_version()
            throws IOException {
        for (int tear = 0; tear < 20; tear++) {
            CrashDisk disk = new CrashDisk();
            Replica replica = adopted(disk).create(A, V1);
            replica.seal(V1, 0);
            replica.sync();
            Replica again = ChunkStore.open(disk.afterPowerLoss(new Random(tear)), options)
                    .find(A)
                    .orElseThrow();
            again.fence(new ChunkVersion(2));
            again.establish(new ChunkVersion(2), 0, 0, again.producers());
            append(new ChunkVersion(2), again, new byte[10]);
            assertThat(readAll(again)).hasSize(10);
        }
    }

    @Test
    void after_an_orderly_stop_a_power_loss_takes_no_name() throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        store.create(A, V1);
        store.close();
        for (int tear = 0; tear < 10; tear++) {
            assertThat(disk.afterPowerLoss(new Random(tear)).list("chunks")).hasSize(2);
        }
    }

    @Test
    void no_crash_brings_back_what_a_file_was_before() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Lives lives = new Lives(seed);
            for (int call = 0; !lives.ended; call++) {
                lives = new Lives(seed);
                CrashDisk disk = lived(lives, call);
                judged(lives, disk.afterKill(), true, "seed %d, killed at call %d".formatted(seed, call));
                for (int second = 0; second < 6; second++) {
                    String where =
                            "seed %d, killed at call %d and at call %d of the start".formatted(seed, call, second);
                    judged(lives, killedInStart(disk.afterKill(), second).afterKill(), true, where);
                    CrashDisk lost = killedInStart(disk.afterPowerLoss(new Random(call)), second);
                    judged(lives, lost.afterPowerLoss(new Random(second)), false, where + ", power lost");
                }
                for (int second = 0; second < 10; second++) {
                    CrashDisk killed = killedInStart(disk.afterKill(), second);
                    String where = "seed %d, killed at call %d and at call %d of the start, then power lost"
                            .formatted(seed, call, second);
                    judged(lives, killed.afterPowerLoss(new Random(second)), false, where);
                }
                for (int tear = 0; tear < 4; tear++) {
                    CrashDisk after = disk.afterPowerLoss(new Random(tear + 10L * call));
                    judged(lives, after, false, "seed %d, power lost at call %d, tear %d".formatted(seed, call, tear));
                }
            }
        }
        assertThat(met).contains(Probe.BLANK_USED);
    }

    private CrashDisk lived(Lives lives, int call) throws IOException {
        CrashDisk disk = new CrashDisk();
        ChunkStore store = adopted(disk);
        disk.crashAt(disk.calls() + call);
        try {
            lives.run(store);
        } catch (CrashDisk.Crashed e) {
            return disk;
        }
        return disk;
    }

    private CrashDisk killedInStart(CrashDisk disk, int call) throws IOException {
        disk.crashAt(call);
        try {
            ChunkStore.open(disk, options);
        } catch (CrashDisk.Crashed e) {
            return disk;
        }
        return disk;
    }

    private void judged(Lives lives, CrashDisk disk, boolean whole, String where) throws IOException {
        ChunkStore store = ChunkStore.open(disk, options);
        assertThat(store.quarantined()).as(where).isEmpty();
        assertThat(disk.list("chunks"))
                .as(where)
                .allMatch(name -> name.matches("[0-9a-f]{16}[.](chunk|journal)([.]corrupt)?"));
        for (long handle = 1; handle <= Lives.CHUNKS; handle++) {
            lives.judge(handle, store.find(new ChunkHandle(handle)).orElse(null), whole, where);
        }
    }

    /** Chunks that come, grow and go; what is appended says which chunk and which of its lives it is of. */
    private static final class Lives {
        static final int CHUNKS = 3;
        private static final int STEPS = 40;

        /** How much of a life there is, and how much must be. */
        private record Life(long number, int length, int durable) {}

        private final Random random;
        private final TreeMap<Long, Life> lives = new TreeMap<>();
        private long born;
        private long underWay;
        private boolean deleting;
        private int growing;
        boolean ended;

        Lives(long seed) {
            random = new Random(seed);
        }

        void run(ChunkStore store) throws IOException {
            for (int i = 0; i < STEPS; i++) {
                underWay = 1L + random.nextInt(CHUNKS);
                growing = 0;
                deleting = false;
                step(store, new ChunkHandle(underWay), lives.get(underWay));
                underWay = 0;
            }
            ended = true;
        }

        private void step(ChunkStore store, ChunkHandle handle, Life life) throws IOException {
            int dice = random.nextInt(10);
            if (life == null) {
                store.create(handle, V1);
                lives.put(handle.value(), new Life(++born, 0, 0));
            } else if (dice < 5) {
                growing = Math.min(1 + random.nextInt(30), 120 - life.length);
                byte[] more = Arrays.copyOfRange(of(handle, life), life.length, life.length + growing);
                Replica replica = store.find(handle).orElseThrow();
                boolean synced = random.nextInt(4) == 0;
                replica.apply(V1, mutation(replica, Mutation.Kind.APPEND, life.length, more, synced), direct(more));
                int length = life.length + growing;
                lives.put(handle.value(), new Life(life.number, length, synced ? length : life.durable));
            } else if (dice < 7) {
                store.find(handle).orElseThrow().sync();
                lives.put(handle.value(), new Life(life.number, life.length, life.length));
            } else {
                deleting = true;
                store.delete(handle);
                lives.remove(handle.value());
            }
        }

        private static byte[] of(ChunkHandle handle, Life life) {
            return bytes(new Random(handle.value() * 1000 + life.number), 120);
        }

        void judge(long value, Replica found, boolean whole, String where) throws IOException {
            Life life = lives.get(value);
            boolean changing = value == underWay;
            if (life == null) {
                assertThat(found == null || (changing && readAll(found).length == 0))
                        .as(where)
                        .isTrue();
                return;
            }
            if (found == null) {
                assertThat(changing && deleting).as(where).isTrue();
                return;
            }
            byte[] bytes = readAll(found);
            int most = life.length + (changing ? growing : 0);
            assertThat(bytes).as(where).isEqualTo(Arrays.copyOf(of(found.handle(), life), bytes.length));
            assertThat(bytes.length).as(where).isBetween(whole ? life.length : life.durable, most);
        }
    }

    private ChunkStore adopted(CrashDisk disk) throws IOException {
        ChunkStore store = ChunkStore.open(disk, options);
        store.adopt(OWNER);
        return store;
    }

    /** Data and journal. */
    private static List<CrashDisk.Node> nodes(CrashDisk disk, ChunkHandle handle) {
        return List.of(
                disk.names.get("chunks/%s.chunk".formatted(handle)),
                disk.names.get("chunks/%s.journal".formatted(handle)));
    }

    private static void append(Replica replica, byte[] more) throws IOException {
        append(V1, replica, more);
    }

    private static void append(ChunkVersion version, Replica replica, byte[] more) throws IOException {
        int offset = (int) replica.state().length();
        replica.apply(version, mutation(replica, Mutation.Kind.APPEND, offset, more, false), direct(more));
    }

    private static Mutation mutation(Replica replica, Mutation.Kind kind, int offset, byte[] more, boolean synced) {
        long serial = replica.state().serial() + 1;
        int end = offset + more.length;
        return new Mutation(serial, kind, offset, more.length, end, List.of(), sums(offset, more), synced);
    }
}
