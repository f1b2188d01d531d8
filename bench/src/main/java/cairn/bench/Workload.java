package cairn.bench;

import static cairn.bench.client.JobKind.APPEND;
import static cairn.bench.client.JobKind.APPEND_PIPELINED;
import static cairn.bench.client.JobKind.FOLLOW;
import static cairn.bench.client.JobKind.MKDIR;
import static cairn.bench.client.JobKind.PREAD;
import static cairn.bench.client.JobKind.PREAD_NET;
import static cairn.bench.client.JobKind.READ;
import static cairn.bench.client.JobKind.READ_NET;
import static cairn.bench.client.JobKind.RENAME;
import static cairn.bench.client.JobKind.SMALL_CREATE;
import static cairn.bench.client.JobKind.SMALL_DELETE;
import static cairn.bench.client.JobKind.SMALL_READ;
import static cairn.bench.client.JobKind.STAT;
import static cairn.bench.client.JobKind.TOUCH;
import static cairn.bench.client.JobKind.WRITE;

import cairn.bench.client.JobKind;
import cairn.bench.client.Order;
import java.util.List;
import java.util.Locale;

/** What can be measured. Three replicas, and acknowledged from memory, unless it says otherwise. */
public enum Workload {
    WRITE_1(sequential(WRITE, 1), "sequential write"),
    WRITE_4(sequential(WRITE, 4), "sequential write, 4 clients"),
    WRITE_R1_1(sequential(WRITE, 1).replicas(1), "sequential write, 1 replica"),
    WRITE_R1_4(sequential(WRITE, 4).replicas(1), "sequential write, 1 replica, 4 clients"),
    WRITE_SYNCED_1(sequential(WRITE, 1).durable(), "sequential write, synced before close"),
    READ_1(sequential(READ, 1), "sequential read"),
    READ_4(sequential(READ, 4), "sequential read, 4 clients"),
    PREAD_4K_1(random(4 << 10, 1), "random read of 4 KiB"),
    PREAD_4K_8(random(4 << 10, 8), "random read of 4 KiB, 8 threads"),
    PREAD_64K_1(random(64 << 10, 1), "random read of 64 KiB"),
    PREAD_64K_8(random(64 << 10, 8), "random read of 64 KiB, 8 threads"),
    READ_NET_1(sequential(READ_NET, 1), "sequential read through the network"),
    READ_NET_4(sequential(READ_NET, 4), "sequential read through the network, 4 clients"),
    PREAD_NET_4K_1(random(4 << 10, 1).job(PREAD_NET), "random read of 4 KiB through the network"),
    PREAD_NET_4K_8(random(4 << 10, 8).job(PREAD_NET), "random read of 4 KiB through the network, 8 threads"),
    PREAD_NET_64K_1(random(64 << 10, 1).job(PREAD_NET), "random read of 64 KiB through the network"),
    PREAD_NET_64K_8(random(64 << 10, 8).job(PREAD_NET), "random read of 64 KiB through the network, 8 threads"),
    APPEND_1K_1(records(APPEND, 1 << 10, 1), "record append of 1 KiB, one under way"),
    APPEND_1K_16(records(APPEND, 1 << 10, 16), "record append of 1 KiB, 16 producers, one file"),
    APPEND_1K_64(records(APPEND, 1 << 10, 64), "record append of 1 KiB, 64 producers, one file"),
    APPEND_64K_1(records(APPEND, 64 << 10, 1), "record append of 64 KiB, one under way"),
    APPEND_64K_16(records(APPEND, 64 << 10, 16), "record append of 64 KiB, 16 producers, one file"),
    APPEND_64K_64(records(APPEND, 64 << 10, 64), "record append of 64 KiB, 64 producers, one file"),
    APPEND_PIPELINED_1(records(APPEND_PIPELINED, 1 << 10, 1), "record append of 1 KiB, pipelined"),
    APPEND_PIPELINED_4(
            records(APPEND_PIPELINED, 1 << 10, 4), "record append of 1 KiB, pipelined, 4 producers, one file"),
    APPEND_PIPELINED_16(
            records(APPEND_PIPELINED, 1 << 10, 16), "record append of 1 KiB, pipelined, 16 producers, one file"),
    APPEND_PIPELINED_64(
            records(APPEND_PIPELINED, 1 << 10, 64), "record append of 1 KiB, pipelined, 64 producers, one file"),
    APPEND_PIPELINED_64K_1(records(APPEND_PIPELINED, 64 << 10, 1), "record append of 64 KiB, pipelined"),
    APPEND_PIPELINED_64K_16(
            records(APPEND_PIPELINED, 64 << 10, 16), "record append of 64 KiB, pipelined, 16 producers, one file"),
    APPEND_SYNCED_1(records(APPEND, 1 << 10, 1).durable(), "record append of 1 KiB, on disk first"),
    APPEND_SYNCED_16(
            records(APPEND, 1 << 10, 16).durable(), "record append of 1 KiB, on disk first, 16 producers, one file"),
    FOLLOW_1(records(FOLLOW, 1 << 10, 2), "a reader follows 1 KiB records: from call to arrival"),
    FOLLOW_4(records(FOLLOW, 1 << 10, 5), "four readers follow 1 KiB records"),
    SMALL_CREATE_1(small(SMALL_CREATE).threads(1), "create, write 1 KiB, close"),
    SMALL_CREATE_16(small(SMALL_CREATE), "create, write 1 KiB, close; 16 threads"),
    SMALL_SYNCED_16(small(SMALL_CREATE).durable(), "create, write 1 KiB, close; 16 threads; on disk first"),
    SMALL_READ_16(small(SMALL_READ), "open, read 1 KiB; 16 threads"),
    SMALL_DELETE_16(small(SMALL_DELETE), "delete files of 1 KiB; 16 threads"),
    STAT_1(names(STAT, 1), "stat"),
    STAT_16(names(STAT, 16), "stat, 16 threads"),
    MKDIR_16(names(MKDIR, 16), "mkdir, 16 threads"),
    RENAME_16(names(RENAME, 16), "rename, 16 threads"),
    TOUCH_16(names(TOUCH, 16), "create of empty files, 16 threads"),
    PAPER_READ(random(4 << 20, 16), "6.1: 16 clients read 4 MiB at random places"),
    PAPER_WRITE(sequential(WRITE, 16), "6.1: 16 clients write a file each, 1 MiB at a time"),
    PAPER_APPEND(records(APPEND, 64 << 10, 16), "6.1: 16 clients append 64 KiB to one file");

    /** What a workload is about; decides what its rate and its cost are given in. */
    enum Kind {
        /** Rate in MiB/s, cost in CPU seconds for each GiB. */
        BYTES,
        /** Rate in operations a second, cost in CPU microseconds for each; with latencies. */
        OPERATIONS
    }

    /** The parts of an order that do not depend on the scale. */
    private record Shape(Kind kind, JobKind job, int unit, int threads, int replicas, boolean synced) {
        Shape replicas(int copies) {
            return new Shape(kind, job, unit, threads, copies, synced);
        }

        Shape job(JobKind other) {
            return new Shape(kind, other, unit, threads, replicas, synced);
        }

        Shape threads(int count) {
            return new Shape(kind, job, unit, count, replicas, synced);
        }

        Shape durable() {
            return new Shape(kind, job, unit, threads, replicas, true);
        }
    }

    private static final int COPIES = 3;

    // A record of values.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Shape shape;

    private final String sentence;

    Workload(Shape shape, String sentence) {
        this.shape = shape;
        this.sentence = sentence;
    }

    private static Shape sequential(JobKind job, int threads) {
        return new Shape(Kind.BYTES, job, 0, threads, COPIES, false);
    }

    private static Shape random(int unit, int threads) {
        return new Shape(Kind.OPERATIONS, PREAD, unit, threads, COPIES, false);
    }

    private static Shape records(JobKind job, int unit, int threads) {
        return new Shape(Kind.OPERATIONS, job, unit, threads, COPIES, false);
    }

    private static Shape small(JobKind job) {
        return new Shape(Kind.OPERATIONS, job, 1 << 10, 16, COPIES, false);
    }

    private static Shape names(JobKind job, int threads) {
        return new Shape(Kind.OPERATIONS, job, 0, threads, COPIES, false);
    }

    /** As it is named on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String sentence() {
        return sentence;
    }

    Kind kind() {
        return shape.kind;
    }

    /** Whether it is bytes that it moves, rather than operations that it does. */
    public boolean movesBytes() {
        return shape.kind == Kind.BYTES;
    }

    /** What CPU time is given in. */
    public String cpuUnit() {
        return movesBytes() ? "s/GiB" : "us/op";
    }

    /** Whether single operations are timed in a way that says something. */
    boolean hasLatency() {
        return shape.kind == Kind.OPERATIONS && shape.job != APPEND_PIPELINED;
    }

    JobKind job() {
        return shape.job;
    }

    boolean synced() {
        return shape.synced;
    }

    int threads() {
        return shape.threads;
    }

    /** The order for client processes; sequential clients share the bytes among them. */
    Order order(Scale scale) {
        long bytes = movesBytes() ? Math.max(scale.bytes() / shape.threads, 1) : scale.bytes();
        boolean timed = !movesBytes() && shape.job != SMALL_DELETE && scale.operations() == 0;
        return new Order(
                shape.job,
                shape.threads,
                shape.unit,
                bytes,
                shape.replicas,
                shape.synced,
                timed ? scale.seconds() : 0,
                scale.files(),
                scale.operations());
    }

    /** About how many bytes of files a run makes, all replicas together; for those that time ends, a guess. */
    long written(Scale scale) {
        return switch (shape.job) {
            case WRITE, APPEND, APPEND_PIPELINED, FOLLOW -> scale.bytes() * shape.replicas;
            case READ, PREAD, READ_NET, PREAD_NET, STAT, MKDIR, RENAME, TOUCH, SMALL_CREATE, SMALL_READ, SMALL_DELETE ->
                0;
        };
    }

    /** The workloads whose names are these, or begin with one of these and a dash; all when there are none. */
    public static List<Workload> named(List<String> words) {
        for (String word : words) {
            if (List.of(values()).stream().noneMatch(each -> each.isMeant(word))) {
                throw new IllegalArgumentException("there is no workload '" + word + "'");
            }
        }
        return List.of(values()).stream()
                .filter(each -> words.isEmpty() || words.stream().anyMatch(each::isMeant))
                .toList();
    }

    private boolean isMeant(String word) {
        return word().equals(word) || word().startsWith(word + "-");
    }
}
