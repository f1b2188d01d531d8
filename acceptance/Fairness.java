import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.ServerAddress;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The clients of {@code acceptance/fairness}, each a process of its own.
 *
 * <pre>
 * Fairness MASTER prepare           makes /big, 256 MiB
 * Fairness MASTER modest SECONDS    one thread: appends 1 KiB, reads 4 KiB, asks for a file's state, in turn; prints what that took
 * Fairness MASTER greedy SECONDS    writers, readers and askers, as many and as fast as they can
 * Fairness MASTER readers SECONDS   many sequential readers; the script stops the process, so that they take nothing
 * </pre>
 */
public final class Fairness {
    private static final int BIG_BYTES = 256 << 20;
    private static final int MIB = 1 << 20;
    private static final int GREEDY_OF_EACH_KIND = 24;
    private static final int READERS = 400;
    private static final double SLOW_MILLIS = 1_000;

    private final Cairn cairn;
    private final long end;

    private Fairness(Cairn cairn, long seconds) {
        this.cairn = cairn;
        this.end = System.nanoTime() + seconds * 1_000_000_000L;
    }

    public static void main(String[] arguments) throws Exception {
        ServerAddress master = ServerAddress.parse(arguments[0]);
        ClientOptions options = ClientOptions.DEFAULTS.withShortCircuit(false).withHedgedReads(0);
        long seconds = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
        try (Cairn cairn = Cairn.connect(List.of(master), options, RealWorld.create())) {
            Fairness client = new Fairness(cairn, seconds);
            switch (arguments[1]) {
                case "prepare" -> client.prepare();
                case "modest" -> client.modest();
                case "greedy" -> client.greedy();
                case "readers" -> client.readers();
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }
    }

    private void prepare() throws IOException {
        try (CairnOutput output = cairn.create("/big", CreateOptions.DEFAULTS)) {
            byte[] piece = new byte[MIB];
            new java.util.Random(1).nextBytes(piece);
            for (int i = 0; i < BIG_BYTES / MIB; i++) {
                output.write(piece);
            }
        }
    }

    /** One kind of operation, and how long each took. */
    private static final class Kind {
        private final String name;
        private final List<Double> millis = new ArrayList<>();

        Kind(String name) {
            this.name = name;
        }

        void done(long start) {
            millis.add((System.nanoTime() - start) / 1e6);
        }

        boolean print() {
            double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf(
                    "  %-8s %6d, ms: p50 %.2f, p99 %.2f, longest %.2f%n",
                    name, sorted.length, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]);
            return sorted[sorted.length * 99 / 100] < SLOW_MILLIS;
        }
    }

    private void modest() throws IOException {
        List<Kind> kinds = List.of(new Kind("append"), new Kind("read"), new Kind("stat"));
        ByteBuffer record = ByteBuffer.allocateDirect(1024);
        ByteBuffer into = ByteBuffer.allocateDirect(4096);
        SplittableRandom random = new SplittableRandom(2);
        AppendOptions created = AppendOptions.DEFAULTS.withCreate(true);
        try (CairnAppender log = cairn.append("/modest", created);
                CairnInput big = cairn.open("/big")) {
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                log.append(record.duplicate());
                kinds.get(0).done(start);
                start = System.nanoTime();
                big.read(random.nextLong(BIG_BYTES - 4096), into.clear());
                kinds.get(1).done(start);
                start = System.nanoTime();
                cairn.stat("/big");
                kinds.get(2).done(start);
            }
        }
        boolean well = true;
        for (Kind kind : kinds) {
            well &= kind.print();
        }
        if (!well) {
            System.exit(3);
        }
    }

    private interface Task {
        void run(int number) throws Exception;
    }

    private List<Thread> start(int count, Task task) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    task.run(number);
                } catch (Exception e) {
                    System.out.println("  " + e);
                    System.exit(4);
                }
            }));
        }
        return threads;
    }

    private void greedy() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        threads.addAll(start(GREEDY_OF_EACH_KIND, this::write));
        threads.addAll(start(GREEDY_OF_EACH_KIND, this::readAll));
        threads.addAll(start(GREEDY_OF_EACH_KIND, number -> {
            while (System.nanoTime() < end) {
                cairn.stat("/big");
            }
        }));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void write(int number) throws IOException {
        byte[] piece = new byte[MIB];
        Arrays.fill(piece, (byte) number);
        for (int file = 0; System.nanoTime() < end; file++) {
            String path = "/greedy." + number + "." + file % 2;
            try (CairnOutput output = cairn.create(path, CreateOptions.DEFAULTS.withOverwrite(true))) {
                for (int i = 0; i < 32 && System.nanoTime() < end; i++) {
                    output.write(piece);
                }
            }
        }
    }

    private void readAll(int number) throws IOException {
        byte[] into = new byte[MIB];
        while (System.nanoTime() < end) {
            try (InputStream input = cairn.open("/big").asStream()) {
                while (System.nanoTime() < end && input.read(into) >= 0) {}
            }
        }
    }

    private void readers() throws InterruptedException {
        for (Thread thread : start(READERS, this::readAll)) {
            thread.join();
        }
    }
}
