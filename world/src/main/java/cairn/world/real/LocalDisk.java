package cairn.world.real;

import cairn.world.Disk;
import cairn.world.DiskFile;
import cairn.world.SharedWords;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory. Exceptions of {@code java.nio.file} name the file already; those of channels are given its name. */
final class LocalDisk implements Disk {
    private final Path top;
    private volatile @Nullable FileStore fileStore;

    LocalDisk(Path top) {
        this.top = top;
    }

    @Override
    public DiskFile open(String name) throws IOException {
        Path path = path(name);
        return new LocalFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        Path path = path(name);
        return new LocalFile(
                path,
                FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    }

    @Override
    public boolean exists(String name) {
        return !Files.notExists(path(name)); // where nobody can tell, something may be there
    }

    @Override
    public List<String> list(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(path(directory))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().collect(Collectors.toList());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The JDK has the kernel do it, which shares the blocks on XFS, btrfs and the like, and copies in the page cache elsewhere. */
    @Override
    public void copy(String from, String to) throws IOException {
        Files.copy(path(from), path(to));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public void makeDirectories(String name) throws IOException {
        Files.createDirectories(path(name));
    }

    @Override
    public void syncDirectory(String name) throws IOException {
        Path path = path(name);
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw LocalFile.named(path, "sync directory", e);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return fileStore().getUsableSpace();
    }

    @Override
    public long totalBytes() throws IOException {
        return fileStore().getTotalSpace();
    }

    /** Asked for space, it asks the kernel; but to find it takes reading the table of all mounts, so it is found once. */
    private FileStore fileStore() throws IOException {
        FileStore found = fileStore;
        if (found == null) {
            found = Files.getFileStore(top);
            fileStore = found;
        }
        return found;
    }

    @Override
    public Closeable lock(String name) throws IOException {
        Path path = path(name);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new FileSystemException(path.toString(), null, "locked: another process uses this directory");
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new FileSystemException(path.toString(), null, "locked: this process uses the directory already");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Linux tells; elsewhere nobody does, and every start after an unclean stop counts as one after a power loss. */
    @Override
    public String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Numbers of devices are those of one kernel, which its boot id names. */
    @Override
    public String fileSystem() {
        try {
            String host = bootId();
            return host.isEmpty() ? "" : host + "/" + Files.getAttribute(top, "unix:dev");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public SharedWords share(String name, int count) throws IOException {
        return MappedWords.make(path(name), count);
    }

    @Override
    public String describe(String name) {
        return path(name).toString();
    }

    private Path path(String name) {
        Path path = top.resolve(name).normalize();
        if (!path.startsWith(top)) {
            throw new IllegalArgumentException("'" + name + "' is outside of " + top);
        }
        return path;
    }
}
