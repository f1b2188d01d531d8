package cairn.attack.power;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnInput;
import cairn.client.CairnWriter;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.FileOp;
import cairn.simulation.check.Violation;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The client in the guest. {@code write}: producers, a namer and an overwriter work until the power goes, and a marker writes
 * into the log of writes what was acknowledged so far. {@code verify} is given the last such mark and looks whether all of
 * it is there; then whether the cell still takes what is new.
 */
public final class GuestWork {

    private static final ServerAddress MASTER = new ServerAddress("127.0.0.1", 7433);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LENGTH_MAX = 3000;
    private static final int SLOTS = 8;
    private static final int SLOT_BYTES = 4 << 10;
    private static final int SLOT_STRIDE = 40 << 10; // slots share checksum blocks with others, and span two at times
    private static final int REPLICATED_PRODUCER = Progress.PRODUCERS;

    private final Cairn cairn;
    private final AtomicLong[] synced = new AtomicLong[Progress.PRODUCERS];
    private final AtomicLong replicated = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong slots = new AtomicLong();

    private GuestWork(Cairn cairn) {
        this.cairn = cairn;
        Arrays.setAll(synced, i -> new AtomicLong());
    }

    /** {@code write}, or {@code verify MARK MARK-OF-SOME-SECONDS-BEFORE}. */
    public static void main(String[] arguments) throws Exception {
        ClientOptions options = ClientOptions.DEFAULTS.withOperationTimeout(PATIENCE);
        try (Cairn cairn = Cairn.connect(List.of(MASTER), options, RealWorld.create())) {
            GuestWork work = new GuestWork(cairn);
            if (arguments[0].equals("write")) {
                work.write();
            } else {
                work.verify(Progress.parse(arguments[1]), Progress.parse(arguments[2]));
            }
        } catch (Violation | IOException broken) {
            System.out.println("BROKEN " + broken.getMessage());
            System.exit(1);
        }
    }

    /** Something that is done again and again, until the power goes. */
    private interface Endless {
        void run() throws IOException;
    }

    private void write() throws IOException, InterruptedException {
        for (String directory : List.of("/names")) {
            cairn.mkdir(directory, true);
        }
        cairn.create("/slots", CreateOptions.DEFAULTS).close();
        for (int i = 0; i < Progress.PRODUCERS; i++) {
            int producer = i;
            start(() -> produce(producer, "/synced", true, synced[producer]));
        }
        start(() -> produce(REPLICATED_PRODUCER, "/replicated", false, replicated));
        start(this::name);
        start(this::overwrite);
        while (true) {
            Thread.sleep(50);
            mark();
        }
    }

    private static void start(Endless body) {
        Thread.ofPlatform().start(() -> {
            try {
                body.run();
            } catch (IOException e) {
                System.out.println("BROKEN a client failed without any fault: " + e);
            }
        });
    }

    /** What was acknowledged is counted first, then marked: the mark never says too much. */
    private void mark() throws IOException, InterruptedException {
        Progress now = new Progress(
                Arrays.stream(synced).mapToLong(AtomicLong::get).toArray(),
                replicated.get(),
                names.get(),
                slots.get(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        Process dmsetup = new ProcessBuilder("dmsetup", "message", "log", "0", "mark", now.toString())
                .inheritIO()
                .start();
        if (dmsetup.waitFor() == 0) {
            System.out.println("MARK " + now);
        }
    }

    private void produce(int producer, String path, boolean sync, AtomicLong done) throws IOException {
        try (CairnAppender appender = cairn.append(path, AppendOptions.DEFAULTS.withSynced(sync))) {
            while (true) {
                appender.append(
                        ByteBuffer.wrap(record(producer, (int) done.get()).bytes()));
                done.incrementAndGet();
            }
        }
    }

    /** The record with this number: always the same, so that nothing else has to be remembered. */
    private static AppendRecord record(int producer, int number) {
        int length = 10 + Math.floorMod(number * 0x9e3779b1 + producer * 7919, LENGTH_MAX);
        return new AppendRecord(producer, number, length, 0);
    }

    /** Step 2n makes directory n, step 2n + 1 renames it. */
    private void name() throws IOException {
        while (true) {
            long step = names.get();
            if (step % 2 == 0) {
                cairn.mkdir(made(step / 2), false);
            } else {
                cairn.rename(made(step / 2), renamed(step / 2), false);
            }
            names.incrementAndGet();
        }
    }

    private static String made(long number) {
        return "/names/made-" + number;
    }

    private static String renamed(long number) {
        return "/names/renamed-" + number;
    }

    private void overwrite() throws IOException {
        try (CairnWriter writer = cairn.openForWrite("/slots")) {
            while (true) {
                long number = slots.get();
                writer.write(slotAt(number), ByteBuffer.wrap(slotBytes(number)));
                writer.sync();
                slots.incrementAndGet();
            }
        }
    }

    private static long slotAt(long number) {
        return number % SLOTS * SLOT_STRIDE;
    }

    private static byte[] slotBytes(long number) {
        byte[] bytes = new byte[SLOT_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = FileOp.byteOf((int) number + 1, i);
        }
        return bytes;
    }

    private void verify(Progress acknowledged, Progress earlier) throws IOException {
        long[] counts = checkRecords("/synced", acknowledged.total() > 0);
        for (int i = 0; i < Progress.PRODUCERS; i++) {
            Violation.unless(
                    counts[i] >= acknowledged.synced()[i],
                    "producer %d: %d synced records were acknowledged, and %d are there",
                    i,
                    acknowledged.synced()[i],
                    counts[i]);
        }
        long loose = checkRecords("/replicated", earlier.replicated() > 0)[REPLICATED_PRODUCER];
        Violation.unless(
                loose >= earlier.replicated(),
                "%d records were acknowledged more than the time to sync before the power went, and %d are there",
                earlier.replicated(),
                loose);
        checkNames(acknowledged.names());
        checkSlots(acknowledged.slots());
        checkAlive();
        System.out.printf(
                "WHOLE synced records %s, others %d of %d acknowledged, %d changes of names, %d overwrites%n",
                Arrays.toString(counts), loose, acknowledged.replicated(), acknowledged.names(), acknowledged.slots());
    }

    /** The file is whole records, each producer's from 0 on without a gap. Returns how many of each producer. */
    private long[] checkRecords(String path, boolean mustExist) throws IOException {
        long[] next = new long[Progress.PRODUCERS + 1];
        if (!mustExist && !cairn.exists(path)) {
            return next;
        }
        byte[] file = read(path);
        int at = 0;
        while (at < file.length) {
            AppendRecord.Found here = AppendRecord.Found.at(file, at);
            Violation.unless(
                    here.producer() < next.length && here.number() == next[here.producer()],
                    "%s: at %d stands %s, after %s",
                    path,
                    at,
                    here,
                    Arrays.toString(next));
            byte[] expected = record(here.producer(), here.number()).bytes();
            int end = Math.min(file.length, at + expected.length);
            Violation.unless(
                    Arrays.equals(expected, Arrays.copyOfRange(file, at, end)), "%s: %s is not whole", path, here);
            next[here.producer()]++;
            at += expected.length;
        }
        return next;
    }

    private byte[] read(String path) throws IOException {
        try (CairnInput input = cairn.open(path)) {
            ByteBuffer into = ByteBuffer.allocate(Math.toIntExact(input.length()));
            while (into.hasRemaining() && input.read(into) >= 0) {
                // until it is full, or the file ends
            }
            return Arrays.copyOf(into.array(), into.position());
        }
    }

    private void checkNames(long steps) throws IOException {
        if (steps == 0 && !cairn.exists("/names")) {
            return;
        }
        Set<String> there = new TreeSet<>();
        cairn.list("/names").forEach(entry -> there.add("/names/" + entry.name()));
        for (long number = 0; 2 * number < steps; number++) {
            boolean moved = 2 * number + 1 < steps;
            boolean right = there.contains(renamed(number)) || (!moved && there.contains(made(number)));
            Violation.unless(right, "directory %d of %d steps is missing", number, steps);
            Violation.unless(
                    !(there.contains(made(number)) && there.contains(renamed(number))),
                    "directory %d is there twice",
                    number);
        }
    }

    /** Each slot shows its last acknowledged overwrite, or the one that was under way. */
    private void checkSlots(long done) throws IOException {
        byte[] file = done == 0 ? new byte[0] : read("/slots");
        for (long slot = 0; slot < Math.min(done, SLOTS); slot++) {
            long last = done - 1 - Math.floorMod(done - 1 - slot, SLOTS);
            int at = (int) slotAt(slot);
            Violation.unless(file.length >= at + SLOT_BYTES, "/slots ends at %d, before slot %d", file.length, slot);
            byte[] seen = Arrays.copyOfRange(file, at, at + SLOT_BYTES);
            boolean later = false;
            for (long number = last; number <= last + 64L * SLOTS; number += SLOTS) {
                later |= Arrays.equals(seen, slotBytes(number));
            }
            Violation.unless(later, "slot %d shows neither overwrite %d nor a whole later one", slot, last);
        }
    }

    private void checkAlive() throws IOException {
        try (CairnAppender appender = cairn.append("/after", AppendOptions.DEFAULTS.withSynced(true))) {
            appender.append(ByteBuffer.wrap(record(0, 0).bytes()));
        }
        Violation.unless(
                Arrays.equals(record(0, 0).bytes(), read("/after")), "what was appended afterwards cannot be read");
        try {
            cairn.mkdir("/names", false);
        } catch (CairnException e) {
            Violation.unless(e.code() == ErrorCode.EXISTS, "a change of names failed: %s", e);
        }
    }
}
