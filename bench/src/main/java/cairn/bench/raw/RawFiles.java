package cairn.bench.raw;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The files of one server, open until they are closed by name. Thread-safe. */
final class RawFiles {
    private final Path directory;
    private final ConcurrentHashMap<String, Open> open = new ConcurrentHashMap<>();

    RawFiles(Path directory) {
        this.directory = directory;
    }

    /** An open file, and where the next record goes. */
    record Open(FileChannel channel, AtomicLong end) {}

    Open file(String name) throws IOException {
        Open known = open.get(name);
        if (known != null) {
            return known;
        }
        try {
            return open.computeIfAbsent(name, this::openNow);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Open openNow(String name) {
        try {
            Path path = path(name);
            Files.createDirectories(path.getParent()); // further servers are not told of directories
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new Open(channel, new AtomicLong(channel.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close(String name) throws IOException {
        Open known = open.remove(name);
        if (known != null) {
            known.channel.close();
        }
    }

    void delete(String name) throws IOException {
        for (String each : List.copyOf(open.keySet())) {
            if (each.equals(name) || each.startsWith(name + "/")) {
                close(each);
            }
        }
        if (!Files.isDirectory(path(name))) {
            Files.deleteIfExists(path(name));
            return;
        }
        try (Stream<Path> all = Files.walk(path(name))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    Path path(String name) {
        return directory.resolve(name.substring(1));
    }
}
