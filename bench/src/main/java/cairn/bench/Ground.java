package cairn.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory, made for one bench, and the processes started in it. All is gone when it is closed or this process ends. */
final class Ground implements Closeable {
    private final Path directory;
    private final List<Child> children = new ArrayList<>();
    private final Thread atExit = new Thread(this::clear, "clear the ground");
    private boolean cleared;

    private Ground(Path directory) {
        this.directory = directory;
    }

    static Ground make(Path parent) throws IOException {
        Ground ground = new Ground(Files.createTempDirectory(parent, "cairn-bench."));
        Runtime.getRuntime().addShutdownHook(ground.atExit);
        return ground;
    }

    Path directory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
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
