package cairn.world;

import java.io.IOException;

/** The local file systems of a host. */
public interface Disks {

    /** The directory {@code path} as a disk of its own, created when missing. */
    Disk open(String path) throws IOException;
}
