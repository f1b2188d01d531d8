package cairn.log;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A disk in memory that stops at a chosen call, and then shows what a power loss may leave. */
final class MemoryDisk implements Disk {

    private static final class Content {
        byte[] bytes = {};
        byte[] synced = {};
    }

    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> syncedNames = new TreeMap<>();
    private long callsLeft = Long.MAX_VALUE;
    private boolean locked;

    /** The next {@code calls} changing calls succeed; all later ones fail. */
    MemoryDisk failAfter(long calls) {
        callsLeft = calls;
        return this;
    }

    /** What is there after the power came back: all that was synced, and anything of what was not. */
    synchronized MemoryDisk afterPowerLoss(long seed) {
        Random random = new Random(seed);
        MemoryDisk after = new MemoryDisk();
        Map<String, Content> kept = random.nextBoolean() ? names : syncedNames;
        kept.forEach((name, content) -> {
            Content left = new Content();
            left.bytes = torn(content, random);
            left.synced = left.bytes;
            after.names.put(name, left);
            after.syncedNames.put(name, left);
        });
        return after;
    }

    /** Synced bytes are there; of the others each piece of 8 bytes may be, and the file may end anywhere behind. */
    private static byte[] torn(Content content, Random random) {
        int from = Math.min(content.synced.length, content.bytes.length);
        int end = from + random.nextInt(content.bytes.length - from + 1);
        byte[] torn = Arrays.copyOf(content.bytes, Math.max(end, from));
        boolean holes = random.nextBoolean();
        for (int at = from; holes && at < torn.length; at += 8) {
            if (random.nextInt(4) == 0) {
                Arrays.fill(torn, at, Math.min(at + 8, torn.length), (byte) 0);
            }
        }
        return torn;
    }

    byte[] bytes(String name) {
        return names.get(name).bytes;
    }

    void put(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes;
        content.synced = bytes;
        names.put(name, content);
        syncedNames.put(name, content);
    }

    MemoryDisk copy() {
        MemoryDisk copy = new MemoryDisk();
        names.forEach((name, content) -> copy.put(name, content.bytes.clone()));
        return copy;
    }

    private void change(String name) throws IOException {
        if (callsLeft-- <= 0) {
            throw new IOException(name + ": the power is gone");
        }
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new Handle(name, content);
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        change(name);
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Content content = new Content();
        names.put(name, content);
        return new Handle(name, content);
    }

    @Override
    public synchronized boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public synchronized List<String> list(String directory) {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        change(from);
        names.put(to, names.remove(from));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        change(name);
        names.remove(name);
    }

    @Override
    public void makeDirectories(String name) {}

    @Override
    public synchronized void syncDirectory(String name) throws IOException {
        change(name);
        syncedNames.clear();
        syncedNames.putAll(names);
    }

    @Override
    public long usableBytes() {
        return 1L << 40;
    }

    @Override
    public long totalBytes() {
        return 1L << 40;
    }

    @Override
    public synchronized Closeable lock(String name) throws IOException {
        if (locked) {
            throw new IOException(name + " is locked");
        }
        locked = true;
        return () -> locked = false;
    }

    @Override
    public String bootId() {
        return "the only boot";
    }

    @Override
    public String describe(String name) {
        return "/memory/" + name;
    }

    private final class Handle implements DiskFile {
        private final String name;
        private final Content content;

        Handle(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            synchronized (MemoryDisk.this) {
                int count = (int) Math.max(0, Math.min(into.remaining(), content.bytes.length - position));
                into.put(content.bytes, (int) position, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                change(name);
                int end = (int) position + from.remaining();
                content.bytes = Arrays.copyOf(content.bytes, Math.max(content.bytes.length, end));
                from.get(content.bytes, (int) position, from.remaining());
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (MemoryDisk.this) {
                change(name);
                content.synced = content.bytes.clone();
            }
        }

        @Override
        public long bytes() {
            return content.bytes.length;
        }

        @Override
        public void truncate(long bytes) throws IOException {
            synchronized (MemoryDisk.this) {
                change(name);
                content.bytes = Arrays.copyOf(content.bytes, (int) bytes);
            }
        }

        @Override
        public void close() {}
    }
}
