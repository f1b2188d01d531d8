package cairn.simulation.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.CairnWriter;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.world.Disk;
import cairn.world.DiskFile;
import cairn.world.Disks;
import cairn.world.SharedWords;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short-circuit reads on the real kernel: mapped words, locked files. What they may never show, the simulator judges. */
class NearReadsTest {
    private static final ServerAddress ANY_PORT = new ServerAddress("127.0.0.1", 0);
    private static final long LIMIT_NANOS = 100_000_000_000L;
    private static final int FILE_BYTES = 300_000;

    @TempDir
    Path directory;

    private final Set<Probe> met = new ConcurrentSkipListSet<>();
    private final World world = noting(RealWorld.create().disks());

    private World noting(Disks disks) {
        World real = RealWorld.create();
        return new World(real.time(), real.threads(), real.network(), disks, real.entropy(), met::add);
    }

    /** What a test does with a cell of one chunkserver. */
    private interface Body {
        void run(Cairn cairn) throws IOException;
    }

    private void inCell(boolean sharesFiles, World clients, Body body) throws IOException {
        String place = directory.toString();
        MasterOptions cell = MasterOptions.of(place + "/master", ANY_PORT).withReplication(1);
        try (MasterServer master = MasterServer.start(world, cell);
                ChunkServer server = ChunkServer.start(
                        world,
                        ChunkServerOptions.of(List.of(place + "/disk"), master.address(), ANY_PORT)
                                .withSharedFiles(sharesFiles))) {
            server.awaitRegistered(world.time().nanos() + LIMIT_NANOS);
            try (Cairn cairn = Cairn.connect(List.of(master.address()), ClientOptions.DEFAULTS, clients)) {
                body.run(cairn);
            }
        }
    }

    private static byte[] put(Cairn cairn, String path) throws IOException {
        byte[] bytes = new byte[FILE_BYTES];
        new Random(1).nextBytes(bytes);
        try (CairnOutput output = cairn.create(path, CreateOptions.DEFAULTS)) {
            output.write(ByteBuffer.wrap(bytes));
        }
        return bytes;
    }

    private static byte[] read(CairnInput input) throws IOException {
        return read(input, FILE_BYTES + 1);
    }

    private static byte[] read(CairnInput input, int most) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(most);
        for (long at = 0; into.hasRemaining() && input.read(at, into) >= 0; at = into.position()) {}
        byte[] bytes = new byte[into.position()];
        into.flip().get(bytes);
        return bytes;
    }

    @Test
    void a_reader_on_the_servers_host_reads_what_was_written_from_its_file() throws IOException {
        inCell(true, world, cairn -> {
            byte[] bytes = put(cairn, "/f");
            try (CairnInput input = cairn.open("/f")) {
                assertThat(read(input)).isEqualTo(bytes);
            }
            assertThat(cairn.readCounts().nearBytes()).isEqualTo(FILE_BYTES);
            try (CairnInput input = cairn.open("/f")) {
                assertThat(input.asStream().readAllBytes()).isEqualTo(bytes);
            }
            assertThat(cairn.readCounts().nearBytes()).isEqualTo(2 * FILE_BYTES);
        });
    }

    @Test
    void a_small_file_is_read_through_the_network_until_it_is_read_again() throws IOException {
        inCell(true, world, cairn -> {
            try (CairnOutput output = cairn.create("/small", CreateOptions.DEFAULTS)) {
                output.write(new byte[] {1, 2, 3});
            }
            for (int reads = 0; reads < 3; reads++) {
                assertThat(cairn.readCounts().nearReads()).isZero();
                assertThat(cairn.open("/small").asStream().readAllBytes()).containsExactly(1, 2, 3);
                if (cairn.readCounts().nearReads() > 0) {
                    assertThat(reads).isPositive();
                    return;
                }
            }
            throw new AssertionError("it was never read from its file");
        });
    }

    /** The disks of a client that may have only so many files open, and which it has. */
    private final class Granted implements Disks {
        private final int granted;
        private final List<String> open = new CopyOnWriteArrayList<>();
        private final List<String> opened = new CopyOnWriteArrayList<>();

        Granted(int granted) {
            this.granted = granted;
        }

        @Override
        public Disk open(String path) throws IOException {
            return world.disks().open(path);
        }

        @Override
        public SharedWords words(String path) throws IOException {
            return world.disks().words(path);
        }

        @Override
        public int openFilesMax() {
            return granted;
        }

        @Override
        public DiskFile look(String path) throws IOException {
            DiskFile file = new Noted(world.disks().look(path), path, open);
            opened.add(path);
            open.add(path);
            return file;
        }
    }

    private record Noted(DiskFile file, String path, List<String> open) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(from, position);
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public long bytes() throws IOException {
            return file.bytes();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            file.truncate(bytes);
        }

        @Override
        public void close() {
            open.remove(path);
            file.close();
        }
    }

    private static void putSmall(Cairn cairn, String path, int content) throws IOException {
        try (CairnOutput output = cairn.create(path, CreateOptions.DEFAULTS)) {
            output.write(new byte[] {(byte) content});
        }
    }

    private static void readSmall(Cairn cairn, String path, int content) throws IOException {
        try (CairnInput input = cairn.open(path)) {
            assertThat(input.asStream().readAllBytes()).containsExactly(content);
        }
    }

    @Test
    void a_client_keeps_a_part_of_what_it_may_open_and_small_files_push_none_of_it_out() throws IOException {
        Granted disks = new Granted(4 * 8);
        inCell(true, noting(disks), cairn -> {
            for (int i = 0; i < 20; i++) {
                putSmall(cairn, "/small" + i, i);
            }
            for (int turn = 0; turn < 10; turn++) {
                for (int i = 0; i < 20; i++) {
                    readSmall(cairn, "/small" + i, i);
                }
            }
            assertThat(cairn.readCounts().nearReads()).isBetween(40L, 80L); // of 200: those of seven or eight files
            put(cairn, "/large");
            try (CairnInput input = cairn.open("/large")) {
                read(input);
            }
            assertThat(cairn.readCounts().nearBytes()).isGreaterThan(FILE_BYTES);
            assertThat(disks.open).hasSizeLessThanOrEqualTo(8);
        });
        assertThat(disks.open).isEmpty();
    }

    @Test
    void threads_that_read_more_small_files_than_are_kept_do_not_open_them_in_turn() throws IOException {
        int files = 200;
        int threads = 8;
        Granted disks = new Granted(4 * 64);
        inCell(true, noting(disks), cairn -> {
            for (int i = 0; i < files; i++) {
                putSmall(cairn, "/small" + i, i % 100);
            }
            try (ExecutorService readers = Executors.newFixedThreadPool(threads)) {
                List<Future<?>> done = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    int first = thread * files / threads;
                    done.add(readers.submit(() -> {
                        for (int i = 0; i < 10 * files; i++) {
                            int number = (first + i) % files;
                            readSmall(cairn, "/small" + number, number % 100);
                        }
                        return null;
                    }));
                }
                for (Future<?> each : done) {
                    each.get();
                }
            } catch (ExecutionException | InterruptedException e) {
                throw new IOException(e);
            }
            assertThat(disks.opened).hasSizeBetween(56, 120);
            assertThat(disks.open).hasSizeBetween(56, 64);
        });
    }

    @Test
    void a_deleted_file_is_not_kept_open_by_a_client_that_reads_others() throws IOException {
        Granted disks = new Granted(1000);
        inCell(true, noting(disks), cairn -> {
            put(cairn, "/gone");
            try (CairnInput input = cairn.open("/gone")) {
                read(input);
            }
            String gone = disks.open.getFirst();
            cairn.delete("/gone", false, true);
            long until = System.nanoTime() + LIMIT_NANOS / 4; // in a minute it would be closed for want of use
            for (int i = 1; disks.open.contains(gone); i++) {
                assertThat(System.nanoTime()).isLessThan(until);
                world.time().sleep(400_000_000L);
                put(cairn, "/other" + i);
                try (CairnInput input = cairn.open("/other" + i)) {
                    read(input);
                }
            }
        });
    }

    @Test
    void what_is_overwritten_is_seen_by_a_reader_that_has_the_file_open() throws IOException {
        inCell(true, world, cairn -> {
            byte[] bytes = put(cairn, "/f");
            try (CairnInput input = cairn.open("/f");
                    CairnWriter writer = cairn.openForWrite("/f")) {
                for (byte turn = 0; turn < 3; turn++) {
                    assertThat(read(input, FILE_BYTES)).isEqualTo(bytes);
                    bytes[70_000] = turn;
                    writer.write(70_000, ByteBuffer.wrap(bytes, 70_000, 1));
                }
                assertThat(read(input, FILE_BYTES)).isEqualTo(bytes);
            }
            assertThat(cairn.readCounts().nearReads()).isPositive();
            assertThat(met).contains(Probe.NEAR_PERMIT_ENDED);
        });
    }

    @Test
    void a_read_of_more_than_was_permitted_of_an_open_chunk_goes_through_the_network_whole() throws IOException {
        inCell(true, world, cairn -> {
            byte[] bytes = put(cairn, "/f");
            try (CairnInput input = cairn.open("/f");
                    CairnWriter writer = cairn.openForWrite("/f")) {
                writer.write(0, ByteBuffer.wrap(bytes, 0, 1)); // opens the chunk
                assertThat(read(input, FILE_BYTES)).isEqualTo(bytes);
                long near = cairn.readCounts().nearReads();
                assertThat(read(input)).isEqualTo(bytes);
                assertThat(cairn.readCounts().nearReads()).isEqualTo(near);
            }
        });
    }

    @Test
    void a_reader_that_does_not_see_the_servers_directory_goes_through_the_network() throws IOException {
        Disks ofContainer = path -> world.disks().open(path);
        inCell(true, noting(ofContainer), cairn -> {
            byte[] bytes = put(cairn, "/f");
            try (CairnInput input = cairn.open("/f")) {
                assertThat(read(input)).isEqualTo(bytes);
            }
            assertThat(cairn.readCounts().nearReads()).isZero();
            assertThat(met).contains(Probe.NEAR_NOT_HERE);
            assertThat(cairn.shortCircuitObstacle(address(cairn))).contains("cannot open");
        });
    }

    @Test
    void a_server_that_shares_no_files_is_read_through_the_network() throws IOException {
        inCell(false, world, cairn -> {
            byte[] bytes = put(cairn, "/f");
            try (CairnInput input = cairn.open("/f")) {
                assertThat(read(input)).isEqualTo(bytes);
            }
            assertThat(cairn.readCounts().nearReads()).isZero();
            assertThat(cairn.shortCircuitObstacle(address(cairn))).isNotEmpty();
        });
    }

    @Test
    void rot_in_a_file_is_found_by_who_reads_it_and_told_to_the_master() throws IOException {
        inCell(true, world, cairn -> {
            put(cairn, "/f");
            assertThat(cairn.shortCircuitObstacle(address(cairn))).isEmpty();
            flipByte(70_000);
            try (CairnInput input = cairn.open("/f")) {
                assertThat(input.read(0, ByteBuffer.allocate(10))).isEqualTo(10); // of another block
                ByteBuffer into = ByteBuffer.allocate(10);
                assertThatThrownBy(() -> input.read(70_000, into)).hasMessageContaining("damaged");
            }
            assertThat(met).contains(Probe.NEAR_BYTES_DAMAGED);
        });
    }

    private static ServerAddress address(Cairn cairn) throws IOException {
        return cairn.locate("/f").getFirst().replicas().getFirst().address();
    }

    private void flipByte(long position) throws IOException {
        Path data;
        try (Stream<Path> files = Files.walk(directory)) {
            data = files.filter(file -> file.toString().endsWith(".chunk"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel file = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, position);
            one.put(0, (byte) ~one.get(0));
            file.write(one.rewind(), position);
        }
    }
}
