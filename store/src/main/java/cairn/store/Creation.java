package cairn.store;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the files of a new replica out of {@link Blanks}, so that no crash shows what they were before: the journal is written and synced
 * before it gets its name, and the data gets its own when that of the journal is durable. Its own name is not durable then: a start makes
 * a data file anew of which nothing was durable. Nobody else uses these names meanwhile. One thread; used once.
 */
final class Creation {
    private final Shelf shelf;
    private final Disk disk;
    private final ChunkHandle handle;
    private final String dataName;
    private final String journalName;

    Creation(Shelf shelf, ChunkHandle handle) {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.handle = handle;
        this.dataName = Names.of(handle, Names.DATA);
        this.journalName = Names.of(handle, Names.JOURNAL);
    }

    /** What was made; both files are open, and the caller's to close. */
    record Made(FreshJournal journal, DiskFile data, long named) {}

    /**
     * Durable on return, but for the name of the data file.
     *
     * @param putAside whether files of an earlier replica of the chunk are put aside here
     */
    Made run(Content content, boolean putAside) throws IOException {
        requireNone(dataName); // bytes that somebody put there are not replaced
        if (putAside) {
            requireNone(journalName); // what could not be put aside
        }
        DiskFile data = null;
        FreshJournal journal = null;
        try {
            if (putAside) {
                data = disk.create(dataName);
                shelf.syncNames(); // or a power loss could leave the new journal beside the data put aside
            }
            journal = journal(content);
            shelf.syncNames();
            data = data == null ? data() : data;
            return new Made(journal, data, shelf.named());
        } catch (IOException e) {
            shelf.met(Probe.REPLICA_NOT_CREATED);
            undo(data, journal, e);
            throw e;
        }
    }

    private void requireNone(String name) throws IOException {
        if (disk.exists(name)) {
            throw new FileAlreadyExistsException(disk.describe(name));
        }
    }

    private FreshJournal journal(Content content) throws IOException {
        Blanks.Opened blank = shelf.blanks.take();
        FreshJournal journal = FreshJournal.writeSynced(disk, shelf.buffers, blank, handle, content);
        try {
            disk.rename(blank.name(), journalName);
            return journal;
        } catch (IOException e) {
            journal.file().close();
            FreshJournal.deleteQuietly(disk, blank.name(), e);
            throw e;
        }
    }

    private DiskFile data() throws IOException {
        Blanks.Opened blank = shelf.blanks.take();
        try {
            disk.rename(blank.name(), dataName);
            return blank.file();
        } catch (IOException e) {
            blank.file().close();
            FreshJournal.deleteQuietly(disk, blank.name(), e);
            throw e;
        }
    }

    private void undo(@Nullable DiskFile data, @Nullable FreshJournal journal, IOException reason) {
        if (data != null) {
            data.close();
            FreshJournal.deleteQuietly(disk, dataName, reason);
        }
        if (journal != null) {
            journal.file().close();
            FreshJournal.deleteQuietly(disk, journalName, reason);
        }
    }
}
