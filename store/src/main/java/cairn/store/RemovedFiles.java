package cairn.store;

import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Files that somebody removed from the directory while they are open here: they go on to be read and written, and no start
 * finds them any more. As long as they are open, they can be made anew.
 */
final class RemovedFiles {
    private final Shelf shelf;

    RemovedFiles(Shelf shelf) {
        this.shelf = shelf;
    }

    /** False, too, when the whole directory is gone: that is for {@link ChunkStore#health} to say. */
    boolean isRemoved(String name) throws IOException {
        return !shelf.disk.exists(name) && shelf.disk.exists(Names.IDENTITY);
    }

    /**
     * Makes the file anew from the open one. Its bytes are durable on return, its name not.
     *
     * @throws java.nio.file.NoSuchFileException it is not open any more
     */
    void restore(String name) throws IOException {
        try (OpenFiles.Lease lease = shelf.files.acquire(name)) {
            DiskFile fresh = shelf.disk.create(name);
            try {
                copy(lease.file(), fresh);
                fresh.sync();
            } catch (IOException e) {
                fresh.close();
                FreshJournal.deleteQuietly(shelf.disk, name, e);
                throw e;
            }
            shelf.files.replace(name, fresh);
        }
    }

    private void copy(DiskFile from, DiskFile to) throws IOException {
        ByteBuffer piece = shelf.buffers.take(0);
        try {
            from.copyTo(to, piece);
        } finally {
            shelf.buffers.give(piece);
        }
    }
}
