package cairn.store;

import cairn.model.ChunkHandle;
import cairn.world.Disk;
import java.io.IOException;

/**
 * Names of replicas that are put aside: one for each chunk, data and journal of the same replica. What a stop in between
 * leaves is ended by {@link StoreScan}.
 */
final class Aside {
    private final Shelf shelf;
    private final Disk disk;

    Aside(Shelf shelf) {
        this.shelf = shelf;
        this.disk = shelf.disk;
    }

    /**
     * Puts aside what lies under the journal's name and, if it is there, the data's. The names are free before, durably:
     * data beside another's journal are nobody's. Then the data first: it tells of its journal, left behind, that it
     * belongs aside. The caller syncs the names.
     */
    void put(ChunkHandle handle) throws IOException {
        if (disk.exists(Names.of(handle, Names.CORRUPT_JOURNAL)) || disk.exists(Names.of(handle, Names.CORRUPT_DATA))) {
            discard(handle);
            shelf.syncNames();
        }
        if (disk.exists(Names.of(handle, Names.DATA))) {
            disk.rename(Names.of(handle, Names.DATA), Names.of(handle, Names.CORRUPT_DATA));
        }
        disk.rename(Names.of(handle, Names.JOURNAL), Names.of(handle, Names.CORRUPT_JOURNAL));
    }

    /** Deletes what was put aside. */
    void discard(ChunkHandle handle) throws IOException {
        disk.delete(Names.of(handle, Names.CORRUPT_JOURNAL));
        disk.delete(Names.of(handle, Names.CORRUPT_DATA));
    }
}
