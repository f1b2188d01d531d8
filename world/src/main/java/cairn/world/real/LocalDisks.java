package cairn.world.real;

import cairn.world.Disk;
import cairn.world.Disks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories of the local file system. */
final class LocalDisks implements Disks {

    @Override
    public Disk open(String path) throws IOException {
        Path top = Path.of(path).toAbsolutePath().normalize();
        Files.createDirectories(top);
        return new LocalDisk(top);
    }
}
