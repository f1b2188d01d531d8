package cairn.store;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that can stop between any two calls that change it, in two ways: as kill -9 does (everything written
 * stays) and as a power loss does (any part of what was not synced is gone, writes torn anywhere, names too).
 */
final class CrashDisk implements Disk {

    /** The process is dead: thrown at the crash and ever after. */
    static final class Crashed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A file's bytes: those on the disk itself, and the changes that are only in memory. */
    static final class Node {
        byte[] bytes = new byte[0];
        private byte[] durable = new byte[0];
        private final List<Change> unsynced = new ArrayList<>();

        private Node copy() {
            Node copy = new Node();
            copy.bytes = bytes.clone();
            copy.durable = durable.clone();
            copy.unsynced.addAll(unsynced);
            return copy;
        }
    }

    /** A write at a position, or with no bytes a new length. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Change(long position, byte[] bytes) {
        byte[] on(byte[] before) {
            if (bytes == null) {
                return Arrays.copyOf(before, (int) position);
            }
            byte[] after = Arrays.copyOf(before, (int) Math.max(before.length, position + bytes.length));
            System.arraycopy(bytes, 0, after, (int) position, bytes.length);
            return after;
        }
    }

    /** A name given to a file, or taken; a rename is both at once. */
    private record Naming(String name, Node node, String alsoRemoved) {
        void on(Map<String, Node> names) {
            if (alsoRemoved != null) {
                names.remove(alsoRemoved);
            }
            if (node == null) {
                names.remove(name);
            } else {
                names.put(name, node);
            }
        }
    }

    final TreeMap<String, Node> names = new TreeMap<>();
    private final TreeMap<String, Node> durableNames = new TreeMap<>();
    private final List<Naming> unsyncedNames = new ArrayList<>();
    private int calls;
    private int boots = 1;
    private int crashAt = Integer.MAX_VALUE;
    private boolean dead;
    private boolean locked;
    long usable = 1L << 40;
    boolean failSyncs;
    boolean failDirectorySyncs;
    String failCreate = "";

    /** Done once, while the next sync is under way. */
    interface Deed {
        void run() throws IOException;
    }

    Deed underSync = () -> {};

    /** Changing calls so far. */
    int calls() {
        return calls;
    }

    /** Stops instead of doing the changing call number {@code call} (the first is 0). */
    void crashAt(int call) {
        crashAt = call;
    }

    /** What the next process finds after kill -9. */
    CrashDisk afterKill() {
        dead = true;
        CrashDisk next = new CrashDisk();
        next.boots = boots;
        IdentityHashMap<Node, Node> copies = new IdentityHashMap<>();
        names.forEach((name, node) -> next.names.put(name, copies.computeIfAbsent(node, Node::copy)));
        durableNames.forEach((name, node) -> next.durableNames.put(name, copies.computeIfAbsent(node, Node::copy)));
        for (Naming naming : unsyncedNames) {
            Node node = naming.node == null ? null : copies.computeIfAbsent(naming.node, Node::copy);
            next.unsyncedNames.add(new Naming(naming.name, node, naming.alsoRemoved));
        }
        return next;
    }

    /** What the next process finds after a power loss. */
    CrashDisk afterPowerLoss(Random random) {
        dead = true;
        TreeMap<String, Node> left = new TreeMap<>(durableNames);
        int mode = random.nextInt(3);
        for (Naming naming : unsyncedNames) {
            if (mode == 0 || (mode == 1 && random.nextBoolean())) {
                naming.on(left);
            }
        }
        CrashDisk next = new CrashDisk();
        next.boots = boots + 1;
        left.forEach((name, node) -> {
            Node copy = new Node();
            copy.bytes = torn(node, random);
            copy.durable = copy.bytes.clone();
            next.names.put(name, copy);
        });
        next.durableNames.putAll(next.names);
        return next;
    }

    private static byte[] torn(Node node, Random random) {
        byte[] left = node.durable;
        int mode = random.nextInt(4);
        for (Change change : node.unsynced) {
            boolean kept = mode == 0 || (mode >= 2 && random.nextBoolean());
            if (!kept) {
                continue;
            }
            if (mode == 3 && change.bytes != null && change.bytes.length > 0) {
                int from = random.nextInt(change.bytes.length);
                int to = from + random.nextInt(change.bytes.length - from + 1);
                left = new Change(change.position + from, Arrays.copyOfRange(change.bytes, from, to)).on(left);
            } else {
                left = change.on(left);
            }
        }
        return left.clone();
    }

    private void changing() {
        if (dead || calls == crashAt) {
            dead = true;
            throw new Crashed();
        }
        calls++;
    }

    private void name(Naming naming) {
        naming.on(names);
        unsyncedNames.add(naming);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        if (dead) {
            throw new Crashed();
        }
        Node node = names.get(name);
        if (node == null) {
            throw new NoSuchFileException(name);
        }
        return new File(node);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        changing();
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        if (name.equals(failCreate)) {
            throw new IOException("No space left on device");
        }
        Node node = new Node();
        name(new Naming(name, node, null));
        return new File(node);
    }

    @Override
    public boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public List<String> list(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return names.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .map(name -> name.contains("/") ? name.substring(0, name.indexOf('/')) : name)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        changing();
        Node node = names.get(from);
        if (node == null) {
            throw new NoSuchFileException(from);
        }
        name(new Naming(to, node, from));
    }

    @Override
    public void delete(String name) {
        if (names.containsKey(name)) {
            changing();
            name(new Naming(name, null, null));
        }
    }

    @Override
    public void makeDirectories(String name) {
        // directories exist by being named
    }

    @Override
    public void syncDirectory(String name) throws IOException {
        changing();
        if (failDirectorySyncs) {
            throw new IOException("Input/output error");
        }
        unsyncedNames.removeIf(naming -> {
            boolean inIt = directory(naming.name).equals(name);
            if (inIt) {
                naming.on(durableNames);
            }
            return inIt;
        });
    }

    private static String directory(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    @Override
    public long usableBytes() {
        return usable;
    }

    @Override
    public long totalBytes() {
        return 1L << 40;
    }

    @Override
    public Closeable lock(String name) throws IOException {
        if (locked) {
            throw new IOException(name + " is locked");
        }
        locked = true;
        return () -> locked = false;
    }

    @Override
    public String bootId() {
        return "boot " + boots;
    }

    @Override
    public String describe(String name) {
        return "/disk/" + name;
    }

    private final class File implements DiskFile {
        private final Node node;
        private boolean closed;

        File(Node node) {
            this.node = node;
        }

        private void use() throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            if (dead) {
                throw new Crashed();
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            use();
            int bytes = (int) Math.clamp(node.bytes.length - position, 0L, (long) into.remaining());
            into.put(node.bytes, (int) Math.min(position, node.bytes.length), bytes);
            return bytes;
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            use();
            byte[] bytes = new byte[from.remaining()];
            from.duplicate().get(bytes);
            if (usable < bytes.length) {
                change(new Change(position, Arrays.copyOf(bytes, (int) usable)));
                throw new IOException("No space left on device");
            }
            change(new Change(position, bytes));
            from.position(from.limit());
        }

        @Override
        public void truncate(long bytes) throws IOException {
            use();
            change(new Change(bytes, null));
        }

        private void change(Change change) {
            changing();
            node.bytes = change.on(node.bytes);
            node.unsynced.add(change);
        }

        @Override
        public void sync() throws IOException {
            use();
            Deed deed = underSync;
            underSync = () -> {};
            deed.run();
            use();
            changing();
            if (failSyncs) {
                throw new IOException("Input/output error");
            }
            node.durable = node.bytes.clone();
            node.unsynced.clear();
        }

        @Override
        public long bytes() throws IOException {
            use();
            return node.bytes.length;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
