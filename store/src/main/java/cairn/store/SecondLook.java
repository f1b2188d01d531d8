package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.model.ChunkHandle;
import cairn.world.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes a replica back that was put aside, if all of it is well: what was found bad may have been a bad moment of its disk. Of
 * an unsealed one nobody can tell any more whether it lacks its end; so it is suspect.
 */
final class SecondLook {
    private static final int STEP_BYTES = 1 << 20;

    private final Shelf shelf;
    private final Disk disk;
    private final DirtyWatch watch;

    SecondLook(Shelf shelf, DirtyWatch watch) {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.watch = watch;
    }

    /** Nothing is left to look at, as when the directory was removed. */
    boolean isGone(ChunkHandle handle) throws IOException {
        return !disk.exists(Names.of(handle, Names.CORRUPT_JOURNAL)) && !disk.exists(Names.of(handle, Names.JOURNAL));
    }

    /** The replica under its old names, every block verified; throws, and leaves its files aside, when it is not well. */
    Replica take(ChunkHandle handle) throws IOException {
        move(handle, Names.CORRUPT_DATA, Names.DATA);
        move(handle, Names.CORRUPT_JOURNAL, Names.JOURNAL);
        try {
            Replica replica =
                    new Replica(shelf, handle, new ReplicaLoader(shelf, false, true).load(handle), false, watch);
            try {
                verify(replica);
            } catch (IOException e) {
                replica.retire();
                throw e;
            }
            return replica;
        } catch (IOException | MalformedRecord e) {
            shelf.files.drop(Names.of(handle, Names.JOURNAL));
            shelf.files.drop(Names.of(handle, Names.DATA));
            move(handle, Names.DATA, Names.CORRUPT_DATA);
            move(handle, Names.JOURNAL, Names.CORRUPT_JOURNAL);
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private void move(ChunkHandle handle, String from, String to) throws IOException {
        if (disk.exists(Names.of(handle, from))) {
            disk.rename(Names.of(handle, from), Names.of(handle, to));
            shelf.syncNames();
        }
    }

    private void verify(Replica replica) throws IOException {
        ByteBuffer block = shelf.buffers.take(STEP_BYTES);
        try {
            long length = replica.length();
            for (long offset = 0; offset < length; offset += STEP_BYTES) {
                block.clear();
                replica.read(offset, (int) Math.min(STEP_BYTES, length - offset), block);
            }
        } finally {
            shelf.buffers.give(block);
        }
    }
}
