package cairn.simulation;

import cairn.world.Disk;
import cairn.world.DiskFile;
import cairn.world.SharedWords;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One disk of a host. It outlives the process: a crash keeps every byte written, a power loss what was synced and, of the
 * rest, whatever luck wants. Beside the port, what can be done to a disk; those methods are instant and for workloads.
 */
public final class SimDisk implements Disk {

    /** How the name of a file ends that belongs to no chunk, and may become any chunk's. */
    public static final String BLANK = ".blank";

    private static final long DEFAULT_CAPACITY_BYTES = 1L << 40;

    /** What a slow disk takes at most: a kernel gives a command up after half a minute, and resets the disk. */
    private static final long SLOW_NANOS_MAX = 5_000_000_000L;

    private final SimNode host;
    private final String path;
    private final SimScheduler scheduler;
    private final SimOptions.Storage options;
    private final SimRandom random;
    private final StoredTree tree = new StoredTree();
    private final Map<String, Life> locks = new TreeMap<>();
    private final Map<String, SimWords> words = new TreeMap<>();
    private long capacityPages = DEFAULT_CAPACITY_BYTES / PagedBytes.PAGE_BYTES;
    private long usedPages;
    private double errorRate;
    private double rotRate;
    private int slowness = 1;
    private boolean limited;
    private boolean gone;
    private long changesLeft = Long.MAX_VALUE;
    private Runnable afterChanges = () -> {};
    private Predicate<String> mayDrop = name -> true;
    private @Nullable StoredFile misread;
    private @Nullable Misdirection misdirected;

    /** The next write to a file, and where it really goes. */
    private record Misdirection(StoredFile from, StoredFile to) {}

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
        StoredFile file = marked(() -> tree.file(name, describe(name)));
        end();
        return new SimDiskFile(this, name, file);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        beginChange("create", name, 0);
        StoredFile file = marked(() -> tree.create(name, describe(name)));
        end();
        return new SimDiskFile(this, name, file);
    }

    /** Memory: it takes no time and no luck, so that it changes nothing of histories in which nobody looks at it. */
    @Override
    public SharedWords share(String name, int count) {
        SimWords made = new SimWords(host, scheduler.current().life(), count);
        words.put(name, made);
        return made;
    }

    /** For another process on this host. */
    SharedWords words(String name) throws IOException {
        SimWords made = words.get(name);
        if (made == null) {
            throw new NoSuchFileException(describe(name));
        }
        return made;
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
        beginChange("rename", from, 0);
        if (from.endsWith(BLANK) || to.endsWith(BLANK)) {
            spare(from);
        }
        marked(() -> {
            tree.rename(from, to, describe(from) + " -> " + to);
            return tree;
        });
        usedPages = tree.pages();
        end();
    }

    @Override
    public void delete(String name) throws IOException {
        beginChange("delete", name, 0);
        marked(() -> {
            tree.delete(name, describe(name));
            return tree;
        });
        usedPages = tree.pages();
        end();
    }

    @Override
    public void makeDirectories(String name) throws IOException {
        beginChange("mkdir", name, 0);
        tree.makeDirectories(name, describe(name));
        end();
    }

    @Override
    public void syncDirectory(String name) throws IOException {
        begin("syncdir", name, 0);
        scheduler.sleep(syncNanos());
        marked(() -> {
            tree.syncDirectory(name, describe(name));
            return tree;
        });
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
            marked(() -> tree.create(name, describe(name)));
        }
        locks.put(name, life);
        return () -> locks.remove(name, life);
    }

    @Override
    public String bootId() {
        return host.bootId();
    }

    @Override
    public String fileSystem() {
        return describe("");
    }

    @Override
    public String describe(String name) {
        return host + ":" + path + "/" + name;
    }

    /** Every operation starts here: time passes first, so that a crash finds it not yet done. */
    void begin(String operation, String name, long detail) throws IOException {
        if (scheduler.current().life().node().host() != host) {
            throw new IllegalStateException(scheduler.current() + " uses a disk of " + host);
        }
        Trace trace = scheduler.trace();
        trace.add(Trace.Event.DISK, operation.length() + 31L * name.length(), detail);
        if (trace.on()) {
            trace.line(scheduler.nowNanos(), host.name(), operation + " " + path + "/" + name + " " + detail);
        }
        scheduler.sleep(slowed(random.exponential(options.delayMeanNanos())));
        if (random.chance(errorRate)) {
            trace.add(Trace.Event.FAULT, host.id(), detail);
            host.faults().note(errorRate < 1 ? Fault.IO_ERROR : Fault.DEAD_DISK);
            throw injected(operation, name);
        }
    }

    /** What changes something begins here: a crash may have been ordered for just before it. */
    void beginChange(String operation, String name, long detail) throws IOException {
        begin(operation, name, detail);
        if (--changesLeft == 0) {
            afterChanges.run();
            scheduler.settle();
        }
    }

    /** What names a file. */
    private interface Naming<T> {
        T run() throws IOException;
    }

    /** Once a directory was taken away, a name that is missing is our doing. */
    private <T> T marked(Naming<T> naming) throws IOException {
        try {
            return naming.run();
        } catch (NoSuchFileException e) {
            throw gone ? InjectedFault.mark(e) : e;
        }
    }

    IOException noSpace(String name) {
        FileSystemException full = new FileSystemException(describe(name), null, "write: No space left on device");
        if (!limited) {
            return full;
        }
        host.faults().note(Fault.FULL);
        return InjectedFault.mark(full);
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

    /** Whether a power loss would take nothing of what the file has; there need be none. */
    public boolean isSynced(String name) {
        return !(tree.find(name) instanceof StoredFile file) || file.isSynced();
    }

    void losePower(SimRandom luck) {
        locks.clear();
        words.clear();
        tree.losePower(new PowerCut(luck, options.tears(), options.disorders(), host.faults()));
        usedPages = tree.pages();
    }

    long syncNanos() {
        return slowed(random.exponential(options.syncMeanNanos()));
    }

    private long slowed(long nanos) {
        return slowness == 1 ? nanos : Math.max(nanos, Math.min(slowness * nanos, SLOW_NANOS_MAX));
    }

    boolean splitsWrites() {
        return random.chance(options.splitRate());
    }

    boolean rots() {
        return random.chance(rotRate);
    }

    void noteRot() {
        host.faults().note(Fault.ROT);
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
        limited = true;
    }

    /** There is as much room as at first. */
    public void makeRoom() {
        capacityPages = DEFAULT_CAPACITY_BYTES / PagedBytes.PAGE_BYTES;
        limited = false;
    }

    /** From now on so many more bytes fit. */
    public void leaveRoom(long bytes) {
        limitTo(usedPages * PagedBytes.PAGE_BYTES + bytes);
    }

    /** There is room again, no operation fails, and none is slow. What was damaged stays so. */
    public void mend() {
        makeRoom();
        errorRate = options.errorRate();
        rotRate = options.rotRate();
        slowness = 1;
        changesLeft = Long.MAX_VALUE;
        misread = null;
        misdirected = null;
    }

    /** Does {@code deed} just before the {@code count}th change from now: a crash between two writes, and at which. */
    public void beforeChange(long count, Runnable deed) {
        changesLeft = count;
        afterChanges = deed;
    }

    /** A sync that fails drops something only of files of which {@code allowed} says so. */
    public void dropOnlyIf(Predicate<String> allowed) {
        mayDrop = allowed;
    }

    boolean mayDrop(String name) {
        return mayDrop.test(name);
    }

    /** The next read of this file gives one wrong bit; the platter is right. Returns false when there is no such file. */
    public boolean misreadOnce(String name) {
        misread = tree.find(name) instanceof StoredFile file ? file : null;
        return misread != null;
    }

    /** The next write to one file goes astray, into another one. Returns false when there are no such two. */
    public boolean misdirectOnce(String name, String goal) {
        boolean both = tree.find(name) instanceof StoredFile && tree.find(goal) instanceof StoredFile;
        if (both && tree.find(name) instanceof StoredFile from && tree.find(goal) instanceof StoredFile to) {
            misdirected = new Misdirection(from, to);
        }
        return both;
    }

    /**
     * The directory is gone with all below it ("" is everything), under a process that may have it in use: open files stay
     * usable and have no name any more. Nothing happens when it does not exist.
     */
    public void removeTree(String directory) {
        gone = true;
        tree.removeTree(directory);
        usedPages = tree.pages();
    }

    /** Another disk, empty, is put into its place. Only while no process runs on the host. */
    public void replace() {
        if (host.isRunning()) {
            throw new IllegalStateException(host + " runs: its disk is in use");
        }
        mend();
        tree.removeTree("");
        usedPages = 0;
        locks.clear();
    }

    /** A file that was one chunk's and becomes another's: no harm that was meant for the first strikes the second. */
    private void spare(String name) {
        StoredNode renamed = tree.find(name);
        if (misread == renamed) {
            misread = null;
        }
        Misdirection astray = misdirected;
        if (astray != null && (astray.from == renamed || astray.to == renamed)) {
            misdirected = null;
        }
    }

    boolean misreads(StoredFile file) {
        boolean now = file == misread && file.seen().length() > 0;
        if (now) {
            misread = null;
            host.faults().note(Fault.MISREAD);
        }
        return now;
    }

    /** Where a write to {@code file} really goes: mostly there. */
    StoredFile goalOf(StoredFile file) {
        Misdirection astray = misdirected;
        if (astray == null || astray.from != file) {
            return file;
        }
        misdirected = null;
        host.faults().note(Fault.MISDIRECTED);
        return astray.to;
    }

    /** A view for those who inspect: it only reads, at once, whatever the disk goes through. */
    public Disk inspect() {
        return new InspectedDisk(this, tree);
    }

    public SimNode host() {
        return host;
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
            host.faults().note(Fault.ROT);
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

    /** The length of a file, to inspect; 0 when there is none. */
    public long bytesOf(String name) {
        return tree.find(name) instanceof StoredFile file ? file.seen().length() : 0;
    }

    /** The names in a directory, to inspect; empty when there is none. */
    public List<String> names(String directory) {
        return tree.list(directory);
    }
}
