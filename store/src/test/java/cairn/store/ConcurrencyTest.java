package cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.chunk.Mutation;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerId;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real threads on a real file system: readers and syncs against appends, overwrites, cuts and compactions. */
class ConcurrencyTest {
    private static final Geometry SMALL = new Geometry(1 << 20, 512);
    private static final ChunkVersion V1 = new ChunkVersion(1);

    @TempDir
    Path directory;

    @Test
    void a_reader_never_takes_a_change_under_way_for_damage() throws Exception {
        StoreOptions options =
                StoreOptions.STANDARD.withReserve(0).withOpenFiles(3).withJournal(4_000, 20_000);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ChunkStore store = ChunkStore.open(RealWorld.create().disks().open(directory.toString()), options)) {
            store.adopt(new StoreIdentity("cell", new ServerId(1), 2, SMALL));
            AtomicBoolean done = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Replica replica = store.create(new ChunkHandle(i), V1);
                int seed = i;
                threads.add(start(failure, () -> read(replica, done, new Random(seed))));
                threads.add(start(failure, () -> sync(replica, done)));
            }
            List<Thread> writers = new ArrayList<>();
            for (Replica replica : store.replicas()) {
                writers.add(start(failure, () -> mutate(replica, new Random(9))));
            }
            join(writers);
            done.set(true);
            join(threads);
        }
        assertThat(failure.get()).isNull();
        try (ChunkStore store = ChunkStore.open(RealWorld.create().disks().open(directory.toString()), options)) {
            assertThat(store.replicas()).hasSize(3);
            for (Replica replica : store.replicas()) {
                replica.read(0, 1 << 20, ByteBuffer.allocateDirect(1 << 20));
            }
        }
    }

    @Test
    void chunks_that_many_threads_create_and_delete_are_each_there_or_not() throws Exception {
        StoreOptions options = StoreOptions.STANDARD.withReserve(0);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Set<Long> expected = new TreeSet<>();
        try (ChunkStore store = ChunkStore.open(RealWorld.create().disks().open(directory.toString()), options)) {
            store.adopt(new StoreIdentity("cell", new ServerId(1), 2, SMALL));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                threads.add(start(failure, () -> createAndDelete(store, new Random(seed))));
            }
            join(threads);
            store.replicas().forEach(replica -> expected.add(replica.handle().value()));
            assertThat(store.quarantined()).isEmpty();
        }
        assertThat(failure.get()).isNull();
        try (ChunkStore store = ChunkStore.open(RealWorld.create().disks().open(directory.toString()), options)) {
            assertThat(store.replicas().stream().map(each -> each.handle().value()))
                    .containsExactlyElementsOf(expected);
            assertThat(store.quarantined()).isEmpty();
            for (Replica replica : store.replicas()) {
                assertThat(History.readAll(replica)).hasSizeLessThanOrEqualTo(5).containsOnly((byte)
                        replica.handle().value());
            }
        }
    }

    /** Of few chunks, so that threads meet at the same ones; each holds its own handle as bytes. */
    private static void createAndDelete(ChunkStore store, Random random) throws IOException {
        for (int i = 0; i < 400; i++) {
            ChunkHandle handle = new ChunkHandle(1 + random.nextInt(6));
            try {
                Replica replica = store.create(handle, V1);
                byte[] bytes = new byte[1 + random.nextInt(5)];
                Arrays.fill(bytes, (byte) handle.value());
                replica.apply(
                        V1,
                        new Mutation(
                                1,
                                Mutation.Kind.APPEND,
                                0,
                                bytes.length,
                                bytes.length,
                                List.of(),
                                History.sums(0, bytes),
                                false),
                        History.direct(bytes));
            } catch (CairnException e) {
                assertThat(e.code()).isIn(ErrorCode.EXISTS, ErrorCode.NO_SUCH_CHUNK); // deleted meanwhile
            }
            if (random.nextInt(3) > 0) {
                store.delete(handle);
            }
        }
    }

    private static void mutate(Replica replica, Random random) throws IOException {
        for (int serial = 1; serial <= 1_500; serial++) {
            int length = (int) replica.state().length();
            int dice = random.nextInt(10);
            byte[] payload = History.bytes(random, 1 + random.nextInt(3_000));
            int offset = dice < 7 ? length : random.nextInt(length + 1);
            Mutation.Kind kind = Mutation.Kind.WRITE;
            long newLength = Math.max(length, offset + payload.length);
            if (dice == 9 || newLength > 1 << 20) {
                kind = Mutation.Kind.SET_LENGTH;
                payload = new byte[0];
                newLength = length / 2;
                offset = 0;
            }
            int[] sums = new int[Pieces.count(offset, payload.length, 512)];
            ByteBuffer direct = History.direct(payload);
            for (int i = 0; i < sums.length; i++) {
                int begin = Pieces.begin(i, offset, 512);
                sums[i] = Blocks.sum(direct, begin, Pieces.end(i, offset, payload.length, 512) - begin);
            }
            replica.apply(
                    V1, new Mutation(serial, kind, offset, payload.length, newLength, List.of(), sums, false), direct);
        }
    }

    private static void read(Replica replica, AtomicBoolean done, Random random) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(64 << 10);
        while (!done.get()) {
            long length = replica.state().length();
            replica.read(random.nextInt((int) length + 1), random.nextInt(64 << 10), into.clear());
        }
    }

    private static void sync(Replica replica, AtomicBoolean done) throws IOException {
        while (!done.get()) {
            replica.sync();
        }
    }

    private interface Body {
        void run() throws IOException;
    }

    private static Thread start(AtomicReference<Throwable> failure, Body body) {
        return Thread.ofPlatform().start(() -> {
            try {
                body.run();
            } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
