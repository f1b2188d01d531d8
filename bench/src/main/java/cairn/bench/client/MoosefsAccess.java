package cairn.bench.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * MooseFS, through its mount: files as programs see them. {@code close} and {@code fsync} return when the chunkservers have the bytes
 * in memory. A file has no atomic append by several, so each producer has a file of its own.
 */
final class MoosefsAccess implements Access {
    private static final int COPIES = 3;
    private static final Duration START = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 100;

    private final Path root;

    /** Returns when {@code mount} is one, and new files get three copies there. */
    MoosefsAccess(String mount) throws IOException {
        this.root = Path.of(mount);
        long deadline = System.nanoTime() + START.toNanos();
        await(deadline, "is not mounted", () -> Files.getFileStore(root).type().startsWith("fuse"));
        tool("mfssetgoal", "-r", Integer.toString(COPIES), mount);
        tool("mfssettrashtime", "-r", "0", mount); // what is deleted would stay for a day
        await(deadline, "has no " + COPIES + " chunkservers", this::hasCopies);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(long deadline, String otherwise, Condition condition) throws IOException {
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IOException(root + " " + otherwise + " after " + START);
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }

    private boolean hasCopies() throws IOException {
        Path probe = root.resolve("probe");
        Files.write(probe, new byte[] {1});
        long copies = tool("mfsfileinfo", probe.toString())
                .lines()
                .filter(line -> line.contains("copy ") && line.contains("VALID"))
                .count();
        Files.delete(probe);
        return copies == COPIES;
    }

    private static String tool(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        return said;
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public Sink create(String path, int replicas, boolean synced) throws IOException {
        FileChannel file = FileChannel.open(at(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (replicas != COPIES) {
            tool("mfssetgoal", Integer.toString(replicas), at(path).toString());
        }
        return new Sink() {
            @Override
            public void write(ByteBuffer from) throws IOException {
                writeAll(file, from);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    private static void writeAll(FileChannel file, ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            file.write(from);
        }
    }

    @Override
    public Source open(String path) throws IOException {
        FileChannel file = FileChannel.open(at(path), StandardOpenOption.READ);
        return new Source() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return file.read(into);
            }

            @Override
            public void readFully(long position, ByteBuffer into) throws IOException {
                long start = position - into.position();
                while (into.hasRemaining()) {
                    if (file.read(into, start + into.position()) < 0) {
                        throw new EOFException(path + " ends at " + (start + into.position()));
                    }
                }
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public Records append(String path, int producer, boolean synced) throws IOException {
        FileChannel file =
                FileChannel.open(at(path + "." + producer), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new Records() {
            @Override
            public void append(ByteBuffer record) throws IOException {
                writeAll(file, record);
                flush();
            }

            @Override
            public void appendLater(ByteBuffer record) throws IOException {
                writeAll(file, record);
            }

            @Override
            public void flush() throws IOException {
                file.force(false);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public Source follow(String path) {
        throw new UnsupportedOperationException("MooseFS has no followers");
    }

    @Override
    public void stat(String path) throws IOException {
        Files.readAttributes(at(path), BasicFileAttributes.class);
    }

    @Override
    public void mkdir(String path) throws IOException {
        Files.createDirectory(at(path));
    }

    @Override
    public void touch(String path) throws IOException {
        Files.createFile(at(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(at(from), at(to));
    }

    @Override
    public void delete(String path) throws IOException {
        Path victim = at(path);
        if (!Files.isDirectory(victim)) {
            Files.delete(victim);
            return;
        }
        try (Stream<Path> all = Files.walk(victim)) {
            List<Path> inside = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : inside) {
                Files.delete(each);
            }
        }
    }

    @Override
    public void close() {}
}
