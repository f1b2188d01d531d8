package cairn.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory, made for one bench, and the processes started in it. All is gone when it is closed or this process ends. */
public final class Ground implements Closeable {
    private static final long SOME_SIZE = 256 << 10;
    private static final int PIECE_BYTES = 1 << 20;

    private final Path directory;
    private final List<Child> children = new ArrayList<>();
    private final Thread atExit = new Thread(this::clear, "clear the ground");
    private boolean cleared;

    private Ground(Path directory) {
        this.directory = directory;
    }

    public static Ground make(Path parent) throws IOException {
        Ground ground = new Ground(Files.createTempDirectory(parent, "cairn-bench."));
        Runtime.getRuntime().addShutdownHook(ground.atExit);
        return ground;
    }

    Path directory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /**
     * Writes so many bytes and deletes them: the machine then has that much memory at hand. A virtual machine hands memory
     * that was free for a while back to its host, and getting it again costs more than writing it.
     */
    void haveMemoryAtHand(long bytes) throws IOException {
        Path file = directory.resolve("at-hand");
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = bytes; left > 0; left -= PIECE_BYTES) {
                out.write(piece.clear());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Bytes in files of some size below the directories whose names begin with {@code prefix}. */
    long bytesBelow(String prefix) throws IOException {
        Adding adding = new Adding();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path each : all) {
                Files.walkFileTree(each, adding);
            }
        }
        return adding.bytes;
    }

    /** Adds up what is seen; what goes away meanwhile is not there. */
    private static final class Adding extends SimpleFileVisitor<Path> {
        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.size() >= SOME_SIZE ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            if (problem instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw problem;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path each, @Nullable IOException problem) throws IOException {
            return problem == null ? FileVisitResult.CONTINUE : visitFileFailed(each, problem);
        }
    }

    /** A file that may be made. */
    Path file(String name) {
        return directory.resolve(name);
    }

    /** Starts a process; what it says on standard error goes to {@code NAME.err}. */
    Child start(String name, List<String> command) throws IOException {
        synchronized (children) {
            if (cleared) {
                throw new IOException("the bench is ending");
            }
            Child child = Child.start(name, command, directory.resolve(name + ".err"));
            children.add(child);
            return child;
        }
    }

    private void clear() {
        synchronized (children) {
            if (cleared) {
                return;
            }
            cleared = true;
            for (int i = children.size() - 1; i >= 0; i--) {
                children.get(i).end();
            }
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            System.err.println("cairn: bench: " + directory + " could not be removed: " + e);
        }
    }

    @Override
    public void close() {
        clear(); // stays a shutdown hook, which finds nothing left to do: one that runs cannot be taken back
    }
}
