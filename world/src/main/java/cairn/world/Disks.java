package cairn.world;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** The local file systems of a host. */
public interface Disks {

    /** The directory {@code path} as a disk of its own, created when missing. */
    Disk open(String path) throws IOException;

    /** Opens a file of another process of this host to read it; {@code path} is what that one's {@link Disk#describe} says. */
    default DiskFile look(String path) throws IOException {
        throw new NoSuchFileException(path);
    }

    /** How many files and connections this process may have open at once. */
    default int openFilesMax() {
        return Integer.MAX_VALUE;
    }

    /** The words that another process of this host has made, to read them; found as with {@link #look}. */
    default SharedWords words(String path) throws IOException {
        throw new NoSuchFileException(path);
    }
}
