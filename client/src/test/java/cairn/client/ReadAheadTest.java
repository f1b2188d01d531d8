package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.proof.Probe;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sequential readers, whose own thread takes what was asked for ahead off the socket (docs/decisions/0015). */
@Timeout(120)
final class ReadAheadTest {
    private static final String PATH = "/a";
    private static final int BYTES = 600_001;

    /** Pieces of 4 blocks, 4 in a chunk. */
    private static final int READ_AHEAD_BYTES = 16 << 10;

    private static final long SLOW_NANOS = 300_000_000;
    private static final long NEVER_NANOS = 3_600_000_000_000L;

    private final Set<Probe> met = new ConcurrentSkipListSet<>();
    private final World world = noting(RealWorld.create());
    private final byte[] content = new byte[BYTES];
    private FakeCell cell;
    private Cairn cairn;

    private World noting(World real) {
        return new World(real.time(), real.threads(), real.network(), real.disks(), real.entropy(), met::add);
    }

    @BeforeEach
    void start() throws IOException {
        cell = new FakeCell(world);
        cairn = connect(0.05);
        new Random(1).nextBytes(content);
        try (CairnOutput output = cairn.create(PATH, CreateOptions.DEFAULTS)) {
            output.write(content);
        }
    }

    private Cairn connect(double hedgedShare) throws IOException {
        ClientOptions options = ClientOptions.DEFAULTS
                .withBytesInFlight(8 << 20, READ_AHEAD_BYTES)
                .withHedgedReads(hedgedShare);
        return Cairn.connect(List.of(cell.address()), options, world);
    }

    @AfterEach
    void stop() {
        cairn.close();
        cell.close();
    }

    private void assertReads(CairnInput input, int position, ByteBuffer into) throws IOException {
        int begin = into.position();
        int count = input.read(into);
        assertThat(count).isPositive();
        assertThat(into.position()).isEqualTo(begin + count);
        byte[] got = new byte[count];
        into.get(begin, got);
        assertThat(Arrays.equals(got, 0, count, content, position, position + count))
                .isTrue();
    }

    private void assertAllRead(CairnInput input, ByteBuffer into) throws IOException {
        for (int at = (int) input.position(); at < BYTES; at = (int) input.position()) {
            assertReads(input, at, into.clear());
        }
        assertThat(input.read(into.clear())).isEqualTo(-1);
    }

    @Test
    void a_file_is_read_into_buffers_of_every_kind_and_size() throws IOException {
        for (int size : new int[] {1 << 20, 8192, 5000, 1024, 700}) {
            for (boolean direct : new boolean[] {true, false}) {
                ByteBuffer into = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
                try (CairnInput input = cairn.open(PATH)) {
                    assertAllRead(input, into);
                }
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (CairnInput input = cairn.open(PATH)) {
            input.transferTo(Channels.newChannel(all));
        }
        assertThat(all.toByteArray()).isEqualTo(content);
        assertThat(met).doesNotContain(Probe.READ_AHEAD_FAILED, Probe.READ_ELSEWHERE);
    }

    @Test
    void a_reader_that_goes_back_and_forth_gets_what_is_there() throws IOException {
        Random random = new Random(2);
        ByteBuffer direct = ByteBuffer.allocateDirect(20_000);
        ByteBuffer heap = ByteBuffer.allocate(20_000);
        try (CairnInput input = cairn.open(PATH)) {
            int at = 0;
            for (int i = 0; i < 3_000; i++) {
                if (at == BYTES || random.nextInt(10) == 0) {
                    at = random.nextInt(BYTES);
                    input.seek(at);
                }
                ByteBuffer into = random.nextBoolean() ? direct : heap;
                int limit = 1 + random.nextInt(into.capacity());
                assertReads(input, at, into.clear().limit(limit).position(random.nextInt(limit)));
                at = (int) input.position();
            }
        }
    }

    @Test
    void answers_that_overtake_one_another_are_put_in_order() throws IOException {
        Random random = new Random(3);
        cell.readDelay = (request, server) -> random.nextInt(3) == 0 ? 1_000_000 : 0;
        try (CairnInput input = cairn.open(PATH)) {
            assertAllRead(input, ByteBuffer.allocateDirect(3_000));
        }
        assertThat(met).doesNotContain(Probe.READ_AHEAD_FAILED);
    }

    @Test
    void one_that_is_late_is_asked_of_another_replica_whose_answer_counts() throws IOException {
        AtomicLong slow = new AtomicLong();
        AtomicInteger reads = new AtomicInteger();
        cell.readDelay = (request, server) -> {
            boolean first = reads.incrementAndGet() == 100 && slow.compareAndSet(0, server);
            return first || slow.get() == server ? NEVER_NANOS : 0;
        };
        try (Cairn hasty = connect(1);
                CairnInput input = hasty.open(PATH)) {
            long began = System.nanoTime();
            assertAllRead(input, ByteBuffer.allocateDirect(1 << 20));
            assertThat(System.nanoTime() - began).isLessThan(Chunks.ATTEMPT_NANOS);
            assertThat(hasty.readCounts().hedgesWon()).isPositive();
        }
        assertThat(met).contains(Probe.READ_HEDGED);
    }

    @Test
    void without_hedges_one_that_is_late_is_waited_for() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        cell.readDelay = (request, server) -> reads.incrementAndGet() == 50 ? SLOW_NANOS : 0;
        try (Cairn patient = connect(0);
                CairnInput input = patient.open(PATH)) {
            assertAllRead(input, ByteBuffer.allocateDirect(1 << 20));
        }
        assertThat(met).doesNotContain(Probe.READ_HEDGED, Probe.READ_AHEAD_FAILED);
    }

    @Test
    void a_server_that_dies_amid_its_answers_is_left_for_another() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        AtomicLong last = new AtomicLong();
        cell.readScript = (request, server) -> {
            reads.incrementAndGet();
            last.set(server);
            return false;
        };
        try (CairnInput input = cairn.open(PATH)) {
            ByteBuffer into = ByteBuffer.allocateDirect(2_000);
            while (reads.get() < 40) {
                assertReads(input, (int) input.position(), into.clear());
            }
            cell.stop(last.get());
            assertAllRead(input, into);
        }
        assertThat(met).containsAnyOf(Probe.READ_AHEAD_FAILED, Probe.READ_AHEAD_NOT_SENT);
    }

    @Test
    void damaged_blocks_are_never_given_out_and_their_server_is_reported() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        cell.readScript = (request, server) -> reads.incrementAndGet() % 7 == 0;
        for (boolean direct : new boolean[] {true, false}) {
            try (CairnInput input = cairn.open(PATH)) {
                assertAllRead(input, direct ? ByteBuffer.allocateDirect(1 << 14) : ByteBuffer.allocate(1 << 14));
            }
        }
        assertThat(met).contains(Probe.READ_AHEAD_FAILED, Probe.BYTES_DAMAGED);
        assertThat(cell.badReported).isNotEmpty();
    }

    @Test
    void one_reader_after_the_other_uses_the_same_connections() throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(1 << 14);
        for (int i = 0; i < 20; i++) {
            try (CairnInput input = cairn.open(PATH)) {
                assertAllRead(input, into);
            }
        }
        // One for all calls and one for readers, to each of three servers.
        assertThat(cell.readerConnections()).isBetween(2, 2 * 3);
    }
}
