package cairn.world.real;

import cairn.world.Disk;
import cairn.world.DiskFile;
import cairn.world.Disks;
import cairn.world.SharedWords;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Directories of the local file system. */
final class LocalDisks implements Disks {

    @Override
    public Disk open(String path) throws IOException {
        Path top = Path.of(path).toAbsolutePath().normalize();
        Files.createDirectories(top);
        return new LocalDisk(top);
    }

    @Override
    public DiskFile look(String path) throws IOException {
        Path file = Path.of(path);
        return new LocalFile(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public int openFilesMax() {
        return FileLimit.ofThisProcess();
    }

    @Override
    public SharedWords words(String path) throws IOException {
        return MappedWords.look(Path.of(path));
    }
}
