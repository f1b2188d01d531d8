package cairn.simulation;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One disk of a host. It outlives the process: a crash keeps every byte written, a power loss what was synced and, of the
 * rest, whatever luck wants. Beside the port, what can be done to a disk; those methods are instant and for workloads.
 */
public final class SimDisk implements Disk {

    private static final long DEFAULT_CAPACITY_BYTES = 1L << 40;

    private final SimNode host;
    private final String path;
    private final SimScheduler scheduler;
    private final SimOptions.Storage options;
    private final SimRandom random;
    private final StoredTree tree = new StoredTree();
    private final Map<String, Life> locks = new TreeMap<>();
    private long capacityPages = DEFAULT_CAPACITY_BYTES / PagedBytes.PAGE_BYTES;
    private long usedPages;
    private double errorRate;
    private double rotRate;
    private int slowness = 1;

    SimDisk(SimNode host, String path, SimScheduler scheduler, SimOptions.Storage options, SimRandom random) {
        this.host = host;
        this.path = path;
        this.scheduler = scheduler;
        this.options = options;
        this.random = random;
        this.errorRate = options.errorRate();
        this.rotRate = options.rotRate();
    }

    @Override
    public DiskFile open(String name) throws IOException {
        begin("open", name, 0);
        StoredFile file = tree.file(name, describe(name));
        end();
        return new SimDiskFile(this, name, file);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        begin("create", name, 0);
        StoredFile file = tree.create(name, describe(name));
        end();
        return new SimDiskFile(this, name, file);
    }

    @Override
    public boolean exists(String name) throws IOException {
        begin("exists", name, 0);
        return tree.find(name) != null;
    }

    @Override
    public List<String> list(String directory) throws IOException {
        begin("list", directory, 0);
        return tree.list(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        begin("rename", from, 0);
        tree.rename(from, to, describe(from) + " -> " + to);
        usedPages = tree.pages();
        end();
    }

    @Override
    public void delete(String name) throws IOException {
        begin("delete", name, 0);
        tree.delete(name, describe(name));
        usedPages = tree.pages();
        end();
    }

    @Override
    public void makeDirectories(String name) throws IOException {
        begin("mkdir", name, 0);
        tree.makeDirectories(name, describe(name));
        end();
    }

    @Override
    public void syncDirectory(String name) throws IOException {
        begin("syncdir", name, 0);
        scheduler.sleep(slowness * random.exponential(options.syncMeanNanos()));
        tree.syncDirectory(name, describe(name));
        end();
    }

    @Override
    public long usableBytes() throws IOException {
        begin("usable", "", 0);
        return Math.max(0, capacityPages - usedPages) * PagedBytes.PAGE_BYTES;
    }

    @Override
    public long totalBytes() throws IOException {
        begin("total", "", 0);
        return capacityPages * PagedBytes.PAGE_BYTES;
    }

    @Override
    public Closeable lock(String name) throws IOException {
        begin("lock", name, 0);
        Life life = scheduler.current().life();
        Life owner = locks.get(name);
        if (owner != null && owner.isAlive()) {
            throw new IOException(describe(name) + ": locked by another process");
        }
        if (tree.find(name) == null) {
            tree.create(name, describe(name));
        }
        locks.put(name, life);
        return () -> locks.remove(name, life);
    }

    @Override
    public String bootId() {
        return host.bootId();
    }

    @Override
    public String describe(String name) {
        return host + ":" + path + "/" + name;
    }

    /** Every operation starts here: time passes first, so that a crash finds it not yet done. */
    void begin(String operation, String name, long detail) throws IOException {
        if (scheduler.current().life().node() != host) {
            throw new IllegalStateException(scheduler.current() + " uses a disk of " + host);
        }
        Trace trace = scheduler.trace();
        trace.add(Trace.Event.DISK, operation.length() + 31L * name.length(), detail);
        if (trace.on()) {
            trace.line(scheduler.nowNanos(), host.name(), operation + " " + path + "/" + name + " " + detail);
        }
        scheduler.sleep(slowness * random.exponential(options.delayMeanNanos()));
        if (random.chance(errorRate)) {
            trace.add(Trace.Event.FAULT, host.id(), detail);
            throw injected(operation, name);
        }
    }

    /** Every change ends here: half of the time a crash can find it done before the caller knows. */
    void end() {
        if (random.coin()) {
            scheduler.yieldNow();
        }
    }

    InjectedFault injected(String operation, String name) {
        return new InjectedFault(describe(name) + ": " + operation + ": Input/output error (injected)");
    }

    /** Takes room for {@code pages}; returns how many there were. */
    long allocate(long pages) {
        long granted = Math.min(pages, Math.max(0, capacityPages - usedPages));
        usedPages += granted;
        return granted;
    }

    void recount() {
        usedPages = tree.pages();
    }

    void losePower(SimRandom luck) {
        locks.clear();
        tree.losePower(new PowerCut(luck, options.tears(), options.disorders(), host.faults()));
        usedPages = tree.pages();
    }

    long syncNanos() {
        return slowness * random.exponential(options.syncMeanNanos());
    }

    boolean splitsWrites() {
        return random.chance(options.splitRate());
    }

    boolean rots() {
        return random.chance(rotRate);
    }

    SimRandom random() {
        return random;
    }

    SimScheduler scheduler() {
        return scheduler;
    }

    /** From now on at most so many bytes fit, in whole pages of 4 KiB. What is there stays. */
    public void limitTo(long bytes) {
        capacityPages = bytes / PagedBytes.PAGE_BYTES;
    }

    /** The share of operations that fail from now on; 1 is a dead disk. */
    public void failAtRate(double rate) {
        errorRate = rate;
    }

    /** The share of reads that find one more bit flipped, for good. */
    public void rotAtRate(double rate) {
        rotRate = rate;
    }

    /** How many times slower than usual everything is from now on. */
    public void slowDown(int factor) {
        slowness = factor;
    }

    /** Flips one bit of a file, on the platter and in the cache; returns false when there is no such byte. */
    public boolean flipBit(String name, long position, int bit) {
        boolean there = tree.find(name) instanceof StoredFile file
                && position < file.seen().length();
        if (there && tree.find(name) instanceof StoredFile file) {
            file.flipBit(position, bit);
        }
        return there;
    }

    /** A file's bytes as a process sees them, to inspect. */
    public byte[] contents(String name) throws IOException {
        PagedBytes seen = tree.file(name, describe(name)).seen();
        byte[] bytes = new byte[Math.toIntExact(seen.length())];
        seen.read(ByteBuffer.wrap(bytes), 0);
        return bytes;
    }

    /** The names in a directory, to inspect; empty when there is none. */
    public List<String> names(String directory) {
        return tree.list(directory);
    }
}
