package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.model.ChunkHandle;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/**
 * Takes a replica back that was put aside, if all of it is well: what was found bad may have been a bad moment of its disk. Of
 * an unsealed one nobody can tell any more whether it lacks its end; so it is suspect.
 *
 * <p>Mends nothing, unlike {@link ReplicaLoader}: what was put aside is left as it is unless every record and every block
 * of it is as it should be. It is proven where it lies, and only then gets its names back: a crash leaves it aside, or
 * proven and in use.
 */
final class SecondLook {
    private final Shelf shelf;
    private final Disk disk;
    private final ChunkHandle handle;
    private final String data;
    private final String journal;

    /** Putting aside may have failed half way: what has kept its old name is the newer. */
    SecondLook(Shelf shelf, ChunkHandle handle) throws IOException {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.handle = handle;
        boolean kept = disk.exists(Names.of(handle, Names.JOURNAL));
        boolean dataKept = kept && disk.exists(Names.of(handle, Names.DATA));
        this.journal = Names.of(handle, kept ? Names.JOURNAL : Names.CORRUPT_JOURNAL);
        this.data = Names.of(handle, dataKept ? Names.DATA : Names.CORRUPT_DATA);
    }

    /** Nothing is left to look at, as when the directory was removed. */
    boolean isGone() throws IOException {
        return !disk.exists(journal);
    }

    /** The replica under its own names again, durably; throws when it is not well, and has changed nothing then. */
    ReplicaLoader.Loaded take() throws IOException {
        Content content = folded();
        try (DiskFile file = disk.open(data)) {
            proveBlocks(file, content);
            file.truncate(content.length); // bytes behind mean nothing, and must not show when it grows
            file.sync();
        } catch (NoSuchFileException e) {
            throw new CorruptReplica(handle, disk.describe(data), 0, "no file");
        }
        if (!content.sealed && content.established > 0) {
            content.suspect = true;
        }
        FreshJournal fresh = FreshJournal.createSynced(disk, shelf.buffers, Names.JOURNAL_NEW, handle, content);
        fresh.file().close();
        disk.rename(Names.of(handle, Names.JOURNAL_NEW), journal);
        shelf.syncNames();
        giveBack(data, Names.of(handle, Names.DATA));
        giveBack(journal, Names.of(handle, Names.JOURNAL)); // last: without it the data goes aside again
        return ReplicaLoader.Loaded.durable(content, fresh.bytes());
    }

    private Content folded() throws IOException {
        try (DiskFile file = disk.open(journal)) {
            JournalReader reader = new JournalReader(file, shelf.geometry, shelf.options.witness());
            reader.checkHeader(handle);
            Content content = new Content(shelf.geometry);
            JournalRecord record = reader.next();
            if (!(record instanceof JournalRecord.Snapshot)) {
                throw new MalformedRecord("the first record is damaged");
            }
            while (record != null) {
                content.apply(record);
                record = reader.next();
            }
            if (reader.end() < reader.fileBytes()) {
                throw new MalformedRecord("the record at %d is damaged".formatted(reader.end()));
            }
            return content;
        } catch (MalformedRecord e) {
            throw new IOException("chunk %s: %s: %s".formatted(handle, disk.describe(journal), e.getMessage()), e);
        }
    }

    private void proveBlocks(DiskFile file, Content content) throws IOException {
        ByteBuffer scratch = shelf.buffers.take(shelf.geometry.blockBytes());
        try {
            for (int block = 0; block < content.blocks(); block++) {
                long offset = (long) block * shelf.geometry.blockBytes();
                if (!shelf.holds(file, offset, content.bytesIn(block), content.sum(block), scratch)) {
                    throw new CorruptReplica(handle, disk.describe(data), offset, "checksum mismatch");
                }
            }
        } finally {
            shelf.buffers.give(scratch);
        }
    }

    private void giveBack(String from, String to) throws IOException {
        shelf.files.drop(to);
        if (!from.equals(to)) {
            disk.rename(from, to);
            shelf.syncNames();
        }
    }
}
