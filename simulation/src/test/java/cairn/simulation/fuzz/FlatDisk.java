package cairn.simulation.fuzz;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files in memory that do what they are told. One thread at a time. */
final class FlatDisk implements Disk {
    private static final int FILE_BYTES_MAX = 64 << 20;

    private static final class Content {
        byte[] bytes = new byte[0];
    }

    private final Map<String, Content> files = new TreeMap<>();

    FlatDisk copy() {
        FlatDisk copy = new FlatDisk();
        files.forEach((name, content) -> copy.put(name, content.bytes.clone()));
        return copy;
    }

    List<String> names() {
        return List.copyOf(files.keySet());
    }

    byte[] get(String name) {
        return files.get(name).bytes;
    }

    void put(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes;
        files.put(name, content);
    }

    @Override
    public DiskFile open(String name) throws NoSuchFileException {
        Content content = files.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new Handle(content);
    }

    @Override
    public DiskFile create(String name) throws FileAlreadyExistsException {
        if (files.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        put(name, new byte[0]);
        return new Handle(files.get(name));
    }

    @Override
    public boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public List<String> list(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String name : files.keySet()) {
            if (name.startsWith(prefix)) {
                names.add(name.substring(prefix.length()).split("/")[0]);
            }
        }
        return List.copyOf(names);
    }

    @Override
    public void rename(String from, String to) throws NoSuchFileException {
        Content moved = files.remove(from);
        if (moved == null) {
            throw new NoSuchFileException(from);
        }
        files.put(to, moved);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public void makeDirectories(String name) {}

    @Override
    public void syncDirectory(String name) {}

    @Override
    public long usableBytes() {
        return 1L << 40;
    }

    @Override
    public long totalBytes() {
        return 1L << 41;
    }

    @Override
    public Closeable lock(String name) {
        return () -> {};
    }

    @Override
    public String bootId() {
        return "boot";
    }

    @Override
    public String describe(String name) {
        return "/fuzzed/" + name;
    }

    /** An open file. */
    private record Handle(Content content) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) {
            if (position < 0) {
                throw new AssertionError("a read at " + position);
            }
            int count = Math.clamp(content.bytes.length - position, 0, into.remaining());
            into.put(content.bytes, (int) Math.min(position, content.bytes.length), count);
            return count;
        }

        @Override
        public void write(ByteBuffer from, long position) {
            grow(position + from.remaining());
            from.get(content.bytes, (int) position, from.remaining());
        }

        private void grow(long bytes) {
            if (bytes > FILE_BYTES_MAX) {
                throw new AssertionError("a file of " + bytes + " bytes");
            }
            if (bytes > content.bytes.length) {
                content.bytes = Arrays.copyOf(content.bytes, (int) bytes);
            }
        }

        @Override
        public void sync() {}

        @Override
        public long bytes() {
            return content.bytes.length;
        }

        @Override
        public void truncate(long bytes) {
            if (bytes > content.bytes.length) {
                grow(bytes);
            } else {
                content.bytes = Arrays.copyOf(content.bytes, (int) bytes);
            }
        }

        @Override
        public void close() {}
    }
}
