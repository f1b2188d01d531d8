package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.client.FakeCell.Fault;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Others change a file, or servers fail, at the worst moment of a call: what the call says then, and what becomes of its bytes. */
@Timeout(120)
final class DisturbedClientTest {
    private static final String PATH = "/a";

    private final Set<Probe> met = new ConcurrentSkipListSet<>();
    private final World world = noting(RealWorld.create());
    private FakeCell cell;
    private Cairn cairn;

    private World noting(World real) {
        return new World(real.time(), real.threads(), real.network(), real.disks(), real.entropy(), met::add);
    }

    @BeforeEach
    void start() throws IOException {
        cell = new FakeCell(world);
        cairn = Cairn.connect(
                List.of(cell.address()), ClientOptions.DEFAULTS.withOperationTimeout(Duration.ofSeconds(60)), world);
    }

    @AfterEach
    void stop() {
        cairn.close();
        cell.close();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (1 + i % 251);
        }
        return bytes;
    }

    private void put(int length) throws IOException {
        try (CairnOutput output = cairn.create(PATH, CreateOptions.DEFAULTS)) {
            output.write(bytes(length));
        }
    }

    private void append(Cairn by, int length) throws IOException {
        try (CairnAppender appender = by.append(PATH, AppendOptions.DEFAULTS)) {
            appender.append(ByteBuffer.wrap(bytes(length)));
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static ErrorCode refused(Attempt attempt) {
        return catchThrowableOfType(CairnException.class, attempt::run).code();
    }

    /** Does it once, when the first request of this kind comes. */
    private void onceBefore(Method method, Attempt deed) {
        cell.meanwhile = asked -> {
            if (asked == method) {
                cell.meanwhile = other -> {};
                deed.run();
            }
        };
    }

    // ---- mutations

    @Test
    void mutations_behind_one_that_was_refused_for_load_are_refused_too_and_all_stand_in_order_at_last()
            throws Exception {
        Random random = new Random(1);
        cell.script = request -> random.nextInt(4) == 0 ? Fault.BUSY : Fault.NONE;
        int records = 200;
        int length = 1 << 10; // so that they fill chunks
        try (CairnAppender appender = cairn.append(PATH, AppendOptions.DEFAULTS)) {
            for (int i = 0; i < records; i++) {
                ByteBuffer record = ByteBuffer.allocate(length);
                appender.appendAsync(record.put(0, (byte) i));
            }
            appender.flush();
        }
        byte[] content = cell.content(PATH);
        assertThat(content).hasSize(records * length);
        for (int i = 0; i < records; i++) {
            assertThat(content[i * length]).isEqualTo((byte) i);
        }
        assertThat(met).contains(Probe.MUTATION_MET_LOAD, Probe.MUTATION_MET_GAP);
    }

    /** The first is refused for load until the second is behind it; before that one the chunk is sealed, and then opened. */
    @Test
    void records_that_met_a_seal_are_appended_when_somebody_opens_the_chunk_again_before_it_is_asked()
            throws Exception {
        CountDownLatch both = new CountDownLatch(1);
        onceBefore(Method.LOCATE, () -> awaited(both));
        cell.script = request -> {
            if (request.getSequence() == 1) {
                return Fault.BUSY;
            }
            cell.script = later -> Fault.NONE;
            onceBefore(Method.OPEN_CHUNK, () -> cell.reopen(PATH));
            return Fault.SEALED_BEFORE;
        };
        try (CairnAppender appender = cairn.append(PATH, AppendOptions.DEFAULTS)) {
            Appended first = appender.appendAsync(ByteBuffer.wrap(bytes(10)));
            Appended second = appender.appendAsync(ByteBuffer.wrap(bytes(20)));
            both.countDown();
            assertThat(first.offset()).isZero();
            assertThat(second.offset()).isEqualTo(10);
        }
        assertThat(cell.content(PATH)).hasSize(30);
        assertThat(met).contains(Probe.MUTATION_MET_LOAD, Probe.MUTATION_MET_SEAL);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_record_whose_answer_was_lost_with_its_chunk_is_appended_anew() throws Exception {
        append(cairn, 10);
        cell.script = request -> {
            cell.script = later -> Fault.NONE;
            cell.meanwhile = next -> { // whatever the client does about it
                cell.meanwhile = other -> {};
                cell.cut(PATH, 0);
            };
            return Fault.CUT_AFTER;
        };
        append(cairn, 20);
        assertThat(cell.content(PATH)).isEqualTo(bytes(20));
        assertThat(met).contains(Probe.PLACE_CUT_FROM_FILE);
    }

    @Test
    void records_of_an_appender_that_a_refusal_breaks_give_their_buffers_back() throws Exception {
        append(cairn, 10);
        cell.meanwhile = method -> {
            if (method == Method.MUTATE) {
                throw new CairnException(ErrorCode.INTERNAL, "scripted");
            }
        };
        Core core = new Core(List.of(cell.address()), ClientOptions.DEFAULTS, world);
        core.meet();
        try (CairnAppender appender =
                new CairnAppender(core, cairn.stat(PATH).id().value(), PATH, false)) {
            assertThat(refused(() -> appender.append(ByteBuffer.wrap(bytes(20)))))
                    .isEqualTo(ErrorCode.INTERNAL);
            appender.abort();
            for (int i = 0; i < 5_000 && core.buffers.outstanding() > 0; i++) {
                world.time().sleep(1_000_000); // those of connections come back when they have nothing to send
            }
            assertThat(core.buffers.outstanding()).isZero();
        }
        core.close();
    }

    @Test
    void a_truncation_that_meets_another_one_says_so() throws IOException {
        put(40_000);
        try (CairnWriter writer = cairn.openForWrite(PATH)) {
            onceBefore(Method.TRUNCATE, () -> onceBefore(Method.LOCATE, () -> cell.cut(PATH, 0)));
            assertThat(refused(() -> writer.truncate(20_000))).isEqualTo(ErrorCode.CONFLICT);
        }
        assertThat(met).contains(Probe.TRUNCATED_BY_OTHERS);
        assertThat(cell.content(PATH)).isEmpty();
    }

    @Test
    void a_write_that_ran_out_of_time_is_forgotten_when_its_chunk_has_left_the_file() throws IOException {
        put(100);
        ClientOptions hasty = ClientOptions.DEFAULTS.withOperationTimeout(Duration.ofSeconds(5));
        try (Cairn other = Cairn.connect(List.of(cell.address()), hasty, world);
                CairnWriter writer = other.openForWrite(PATH)) {
            cell.script = request -> Fault.BUSY;
            assertThat(refused(() -> writer.write(0, ByteBuffer.wrap(bytes(50)))))
                    .isEqualTo(ErrorCode.UNREACHABLE);
            onceBefore(Method.MUTATE, () -> cell.cut(PATH, 0));
            cell.script = request -> Fault.NONE;
            writer.write(0, ByteBuffer.wrap(bytes(20)));
        }
        assertThat(met).contains(Probe.UNFINISHED_WRITE_MOVED);
        assertThat(cell.content(PATH)).isEqualTo(bytes(20));
    }

    @Test
    void an_output_that_finds_the_bytes_of_others_in_its_file_says_so() throws IOException {
        CairnOutput output = cairn.create(PATH, CreateOptions.DEFAULTS);
        output.write(bytes(100));
        output.flush();
        try (Cairn other = Cairn.connect(List.of(cell.address()), ClientOptions.DEFAULTS, world)) {
            append(other, 10);
        }
        assertThat(refused(output::close)).isEqualTo(ErrorCode.CONFLICT);
        assertThat(met).contains(Probe.OUTPUT_CHANGED_BY_OTHERS);
    }

    @Test
    void an_output_seals_a_chunk_again_that_the_cell_has_opened_to_prove_it() throws IOException {
        AtomicInteger added = new AtomicInteger();
        cell.meanwhile = method -> {
            if (method == Method.ADD_CHUNK && added.incrementAndGet() == 2) {
                cell.reopen(PATH);
            }
        };
        put(40_000);
        assertThat(met).contains(Probe.OUTPUT_SEALED_AGAIN);
        assertThat(cell.content(PATH)).isEqualTo(bytes(40_000));
        assertThat(cell.allSealed(PATH)).isTrue();
    }

    // ---- lengths

    @Test
    void a_status_of_a_chunk_that_is_cut_while_it_is_asked_for_is_that_of_the_file_without_it() throws IOException {
        append(cairn, 100);
        cell.newVersion(PATH);
        cell.meanwhile = method -> {
            if (method == Method.STAT) {
                onceBefore(Method.AWAIT, () -> {
                    cell.newVersion(PATH);
                    onceBefore(Method.OPEN_CHUNK, () -> {
                        cell.cut(PATH, 0);
                        throw new CairnException(ErrorCode.CONFLICT, "was cut while it was brought up");
                    });
                });
            }
        };
        assertThat(cairn.stat(PATH).length()).isZero();
        assertThat(met).contains(Probe.CUT_WHILE_OPENED, Probe.STAT_CHUNK_GONE);
    }

    @Test
    void a_length_that_is_asked_for_while_the_last_chunk_is_cut_is_that_of_the_rest() throws IOException {
        append(cairn, 100);
        try (CairnInput input = cairn.open(PATH)) {
            onceBefore(Method.AWAIT, () -> cell.cut(PATH, 0));
            assertThat(input.length()).isZero();
        }
        assertThat(met).contains(Probe.LENGTH_CHUNK_CUT);
    }

    @Test
    void a_follower_goes_on_waiting_when_the_chunk_is_cut_and_sees_what_comes_at_its_place() throws IOException {
        append(cairn, 100);
        try (CairnFollower follower = cairn.follow(PATH, 0)) {
            assertThat(follower.read(ByteBuffer.allocate(200))).isEqualTo(100);
            onceBefore(Method.AWAIT, () -> cell.cut(PATH, 0));
            assertThat(follower.read(ByteBuffer.allocate(200), Duration.ofMillis(300)))
                    .isZero();
            assertThat(met).contains(Probe.FOLLOWED_CHUNK_CUT);
            append(cairn, 150);
            ByteBuffer rest = ByteBuffer.allocate(200);
            assertThat(follower.read(rest)).isEqualTo(50);
            assertThat(rest.get(0)).isEqualTo(bytes(150)[100]);
        }
    }

    // ---- reads

    @Test
    void a_read_ahead_whose_bytes_come_damaged_is_done_anew_elsewhere() throws IOException {
        put(100_000);
        AtomicInteger count = new AtomicInteger();
        AtomicLong bad = new AtomicLong();
        cell.readScript = (request, server) -> {
            bad.compareAndSet(0, count.incrementAndGet() == 3 ? server : 0);
            return bad.get() == server;
        };
        assertStreamed(100_000);
        assertThat(met).contains(Probe.READ_AHEAD_FAILED, Probe.BYTES_DAMAGED);
        assertThat(cell.badReported).containsOnly(bad.get());
    }

    @Test
    void a_read_ahead_that_cannot_be_sent_is_done_elsewhere_when_it_is_due() throws IOException {
        put(100_000);
        AtomicLong last = new AtomicLong();
        cell.readScript = (request, server) -> {
            last.set(server);
            return false;
        };
        try (CairnInput input = cairn.open(PATH)) {
            ByteBuffer all = ByteBuffer.allocate(100_000);
            input.read(all.limit(1_000)); // of the first chunk, which comes whole
            cell.stop(last.get());
            while (!met.contains(Probe.CONNECTION_CLOSED_BY_SERVER) && !met.contains(Probe.CONNECTION_BROKEN)) {
                world.time().sleep(1_000_000); // the client has not noticed yet
            }
            all.limit(100_000);
            while (all.hasRemaining()) {
                assertThat(input.read(all)).isPositive();
            }
            assertThat(all.array()).isEqualTo(bytes(100_000));
        }
        assertThat(met).contains(Probe.READ_AHEAD_NOT_SENT);
    }

    @Test
    void when_every_server_says_that_its_replica_is_damaged_the_reader_is_told_so() throws IOException {
        put(1_000);
        cell.meanwhile = method -> {
            if (method == Method.READ) {
                throw new CairnException(ErrorCode.CORRUPT, "does not match its checksums");
            }
        };
        try (CairnInput input = cairn.open(PATH)) {
            assertThat(refused(() -> input.read(ByteBuffer.allocate(1_000)))).isEqualTo(ErrorCode.CORRUPT);
        }
        assertThat(met).contains(Probe.EVERY_REPLICA_DAMAGED);
    }

    @Test
    void a_reader_that_cannot_tell_the_master_of_damage_reads_elsewhere_all_the_same() throws IOException {
        put(1_000);
        AtomicLong first = new AtomicLong();
        cell.readScript = (request, server) -> first.compareAndSet(0, server) || first.get() == server;
        cell.meanwhile = method -> {
            if (method == Method.BAD_REPLICA) {
                throw new CairnException(ErrorCode.INTERNAL, "cannot note it");
            }
        };
        assertStreamed(1_000);
        assertThat(met).contains(Probe.BAD_REPLICA_NOT_TOLD);
        assertThat(cell.badReported).isEmpty();
    }

    private void assertStreamed(int length) throws IOException {
        try (CairnInput input = cairn.open(PATH)) {
            assertThat(input.asStream().readAllBytes()).isEqualTo(bytes(length));
        }
    }
}
