package cairn.store;

import cairn.model.ChunkHandle;
import cairn.world.Disk;
import java.io.IOException;
import java.util.Optional;

/** Prints what is on a disk, for people, without locking or changing anything: {@code cairn dump chunk}. */
public final class StoreDump {
    private StoreDump() {}

    /** One replica with all its records, or a line for each replica when no handle is given. */
    public static void write(Disk disk, Optional<ChunkHandle> handle, Appendable out) throws IOException {
        throw new UnsupportedOperationException();
    }
}
