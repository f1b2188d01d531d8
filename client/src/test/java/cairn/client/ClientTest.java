package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.client.FakeCell.Fault;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.wire.Method;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole client against a scripted cell over real connections. */
@Timeout(240)
final class ClientTest {
    private final World world = RealWorld.create();
    private FakeCell cell;
    private Cairn cairn;

    @BeforeEach
    void start() throws IOException {
        cell = new FakeCell(world);
        cairn = Cairn.connect(
                List.of(cell.address()), ClientOptions.DEFAULTS.withOperationTimeout(Duration.ofSeconds(100)), world);
    }

    @AfterEach
    void stop() {
        cairn.close();
        cell.close();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private byte[] readAll(String path) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (CairnInput input = cairn.open(path)) {
            input.transferTo(Channels.newChannel(all));
        }
        return all.toByteArray();
    }

    /** Faults of every kind, one mutation in {@code oneIn}. */
    private static FakeCell.Script faults(long seed, int oneIn) {
        Random random = new Random(seed);
        Fault[] kinds = Fault.values();
        return request -> random.nextInt(oneIn) == 0 ? kinds[random.nextInt(kinds.length)] : Fault.NONE;
    }

    @Test
    void a_file_is_written_over_several_chunks_and_read_back() throws IOException {
        byte[] bytes = random(100_000);
        try (CairnOutput output = cairn.create("/a", CreateOptions.DEFAULTS)) {
            output.write(bytes, 0, 50_001);
            output.flush();
            output.transferFrom(Channels.newChannel(new ByteArrayInputStream(bytes, 50_001, 49_999)));
            assertThat(output.position()).isEqualTo(100_000);
        }
        assertThat(cell.content("/a")).isEqualTo(bytes);
        assertThat(cell.allSealed("/a")).isTrue();
        assertThat(cairn.stat("/a").length()).isEqualTo(100_000);
        assertThat(readAll("/a")).isEqualTo(bytes);
        assertThat(cairn.checksum("/a")).isEqualTo(new FileChecksum(100_000, Pieces.sum(ByteBuffer.wrap(bytes))));
        assertThat(cairn.locate("/a")).hasSize(7);
    }

    @Test
    void a_small_file_takes_one_call_to_the_master_and_one_to_a_server_to_be_written_and_as_many_to_be_read()
            throws IOException {
        byte[] bytes = random(1_000);
        List<Method> calls = new CopyOnWriteArrayList<>();
        cell.meanwhile = calls::add;
        try (CairnOutput output = cairn.create("/a", CreateOptions.DEFAULTS)) {
            output.write(bytes);
        }
        assertThat(calls).containsExactly(Method.CREATE, Method.MUTATE);
        assertThat(cell.allSealed("/a")).isTrue();
        calls.clear();
        ByteBuffer into = ByteBuffer.allocate(bytes.length);
        try (Cairn remote =
                        Cairn.connect(List.of(cell.address()), ClientOptions.DEFAULTS.withShortCircuit(false), world);
                CairnInput input = remote.open("/a")) {
            assertThat(input.read(into)).isEqualTo(bytes.length);
        }
        assertThat(calls).containsExactly(Method.LOCATE, Method.READ);
        assertThat(into.array()).isEqualTo(bytes);
    }

    @Test
    void an_empty_file_takes_one_call_and_has_no_chunk() throws IOException {
        List<Method> calls = new CopyOnWriteArrayList<>();
        cell.meanwhile = calls::add;
        cairn.createEmpty("/a", CreateOptions.DEFAULTS);
        assertThat(calls).containsExactly(Method.CREATE);
        assertThat(cairn.locate("/a")).isEmpty();
    }

    @Test
    void a_file_survives_faults_while_it_is_written() throws IOException {
        byte[] bytes = random(300_000);
        cell.script = faults(1, 5);
        try (CairnOutput output = cairn.create("/a", CreateOptions.DEFAULTS)) {
            for (int at = 0; at < bytes.length; at += 3_000) {
                output.write(bytes, at, 3_000);
                if (at % 9_000 == 0) {
                    output.flush();
                }
                if (at % 90_000 == 0) {
                    output.sync();
                }
            }
        }
        assertThat(cell.content("/a")).isEqualTo(bytes);
    }

    @Test
    void positioned_reads_see_any_part_from_many_threads() throws Exception {
        byte[] bytes = random(70_000);
        try (CairnOutput output = cairn.create("/a", CreateOptions.DEFAULTS)) {
            output.write(bytes);
        }
        try (CairnInput input = cairn.open("/a")) {
            run(4, thread -> {
                Random random = new Random(thread);
                for (int i = 0; i < 100; i++) {
                    int at = random.nextInt(bytes.length + 10);
                    ByteBuffer into = ByteBuffer.allocate(1 + random.nextInt(20_000));
                    int wanted = Math.min(into.capacity(), bytes.length - at);
                    int count = input.read(at, into);
                    assertThat(count).isEqualTo(wanted <= 0 ? -1 : wanted);
                    for (int k = 0; k < count; k++) {
                        assertThat(into.get(k)).isEqualTo(bytes[at + k]);
                    }
                }
                return null;
            });
            assertThat(input.length()).isEqualTo(70_000);
            assertThatThrownBy(() -> input.seek(-1))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("offset -1");
        }
    }

    @Test
    void damaged_replicas_are_reported_and_never_given_out() throws IOException {
        byte[] bytes = random(60_000);
        try (CairnOutput output = cairn.create("/a", CreateOptions.DEFAULTS)) {
            output.write(bytes);
        }
        AtomicLong first = new AtomicLong();
        cell.readScript = (request, server) -> first.compareAndSet(0, server) || first.get() == server;
        assertThat(readAll("/a")).isEqualTo(bytes);
        assertThat(cell.badReported).isNotEmpty().containsOnly(first.get());
    }

    @Test
    void records_of_many_appenders_stand_exactly_once_and_in_order_whatever_fails() throws Exception {
        cell.script = faults(2, 12);
        AtomicInteger records = new AtomicInteger();
        run(4, thread -> {
            Random random = new Random(thread);
            try (CairnAppender appender = cairn.append("/log", AppendOptions.DEFAULTS)) {
                Map<Long, String> expected = new LinkedHashMap<>();
                List<Appended> asynchronous = new ArrayList<>();
                List<String> lines = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    String line = thread + ":" + i + ":"
                            + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 3000 : 80)) + "\n";
                    records.incrementAndGet();
                    if (random.nextInt(4) == 0) {
                        expected.put(appender.append(bytes(line)), line);
                    } else {
                        asynchronous.add(appender.appendAsync(bytes(line)));
                        lines.add(line);
                    }
                }
                appender.flush();
                for (int i = 0; i < lines.size(); i++) {
                    expected.put(asynchronous.get(i).offset(), lines.get(i));
                }
                byte[] content = cell.content("/log");
                expected.forEach((offset, line) -> assertThat(
                                new String(content, offset.intValue(), line.length(), StandardCharsets.UTF_8))
                        .isEqualTo(line));
            }
            return null;
        });
        String[] lines = new String(cell.content("/log"), StandardCharsets.UTF_8).split("\n");
        assertThat(lines).hasSize(records.get());
        int[] next = new int[4];
        for (String line : lines) {
            String[] parts = line.split(":");
            assertThat(Integer.parseInt(parts[1])).isEqualTo(next[Integer.parseInt(parts[0])]++);
        }
        assertThat(cell.chunkCount("/log")).isGreaterThan(3);
        assertThat(readAll("/log")).isEqualTo(cell.content("/log"));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_batch_stands_together_and_a_record_over_the_limit_is_refused_before_it_is_sent() throws IOException {
        try (CairnAppender appender = cairn.append("/log", AppendOptions.DEFAULTS)) {
            assertThat(appender.append(bytes("one"))).isZero();
            assertThat(appender.appendBatch(List.of(bytes("two"), bytes("three"))))
                    .containsExactly(3, 6);
            assertThatThrownBy(() -> appender.append(ByteBuffer.allocate(appender.recordBytesMax() + 1)))
                    .isInstanceOf(RecordTooLargeException.class);
            appender.sync();
        }
        assertThat(cairn.stat("/log").length()).isEqualTo(11);
        assertThat(cairn.stat("/log").open()).isTrue();
    }

    @Test
    void positioned_writes_agree_with_a_file_in_memory_whatever_fails() throws IOException {
        cell.script = faults(3, 8);
        cairn.create("/a", CreateOptions.DEFAULTS).close();
        byte[] model = new byte[120_000];
        int length = 0;
        Random random = new Random(4);
        try (CairnWriter writer = cairn.openForWrite("/a");
                CairnInput input = cairn.open("/a")) {
            for (int i = 0; i < 300; i++) {
                int at = random.nextInt(Math.min(100_000, length + 5_000));
                if (random.nextInt(15) == 0) {
                    writer.truncate(at);
                    Arrays.fill(model, Math.min(at, length), model.length, (byte) 0);
                    length = at;
                } else {
                    byte[] bytes = new byte[1 + random.nextInt(random.nextInt(5) == 0 ? 20_000 : 500)];
                    random.nextBytes(bytes);
                    writer.write(at, ByteBuffer.wrap(bytes));
                    System.arraycopy(bytes, 0, model, at, bytes.length);
                    length = Math.max(length, at + bytes.length);
                }
                assertThat(writer.length()).isEqualTo(length);
                if (i % 10 == 0) {
                    writer.sync();
                    ByteBuffer all = ByteBuffer.allocate(length + 1);
                    assertThat(input.read(0, all)).isEqualTo(length == 0 ? -1 : length);
                    assertThat(all.array()).startsWith(Arrays.copyOf(model, length));
                }
            }
            assertThatThrownBy(() -> writer.write(-5, bytes("x"))).hasMessageContaining("offset -5");
            assertThatThrownBy(() -> writer.write(1L << 40, bytes("x"))).hasMessageContaining("gap");
        }
        assertThat(cell.content("/a")).isEqualTo(Arrays.copyOf(model, length));
    }

    @Test
    void a_follower_sees_what_is_appended_across_chunks_and_nothing_else() throws Exception {
        try (CairnAppender appender = cairn.append("/log", AppendOptions.DEFAULTS);
                CairnFollower follower = cairn.follow("/log", 0)) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            assertThat(follower.read(ByteBuffer.allocate(10), Duration.ofMillis(50)))
                    .isZero();
            ExecutorService one = Executors.newSingleThreadExecutor();
            Future<?> reader = one.submit(() -> {
                ByteBuffer into = ByteBuffer.allocate(1000);
                while (seen.size() < 60_000) {
                    int count = follower.read(into.clear());
                    seen.write(into.array(), 0, count);
                }
                return null;
            });
            for (int i = 0; i < 60; i++) {
                appender.append(ByteBuffer.wrap(random(1000)));
            }
            reader.get();
            one.shutdown();
            assertThat(seen.toByteArray()).isEqualTo(cell.content("/log"));
        }
    }

    @Test
    void a_reader_at_the_end_sees_what_is_appended_to_a_chunk_that_was_sealed_and_is_opened_again() throws IOException {
        append("/log");
        cell.sealIdle("/log");
        try (CairnInput input = cairn.open("/log")) {
            assertThat(input.read(0, ByteBuffer.allocate(100))).isEqualTo(100);
            assertThat(input.read(100, ByteBuffer.allocate(100))).isEqualTo(-1);
            append("/log");
            assertThat(input.read(100, ByteBuffer.allocate(100))).isEqualTo(100);
        }
        assertThat(cell.chunkCount("/log")).isEqualTo(1);
    }

    /** In another client, whose memory is not this one's. */
    private void append(String path) throws IOException {
        try (Cairn other = Cairn.connect(List.of(cell.address()), ClientOptions.DEFAULTS, world);
                CairnAppender appender = other.append(path, AppendOptions.DEFAULTS)) {
            appender.append(ByteBuffer.wrap(random(100)));
        }
    }

    @Test
    void a_cell_that_does_not_answer_is_named_with_what_to_do() throws IOException {
        ServerAddress nobody = cell.address();
        cell.close();
        assertThatThrownBy(() -> Cairn.connect(List.of(nobody), ClientOptions.DEFAULTS, world))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE))
                .hasMessage(
                        "cell " + nobody
                                + " does not answer (connection refused); start one with 'cairn up' or name another with --cell");
    }

    private interface Work {
        Void run(int thread) throws Exception;
    }

    private static void run(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                all.add(() -> work.run(thread));
            }
            for (Future<Void> each : pool.invokeAll(all)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
