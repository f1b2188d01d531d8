package cairn.store;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.world.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;

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
    private final boolean putAside;
    private boolean hasJournal;
    private boolean hasData;

    /** @param putAside whether files of an earlier replica of the chunk are put aside */
    Creation(Shelf shelf, ChunkHandle handle, boolean putAside) {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.handle = handle;
        this.dataName = Names.of(handle, Names.DATA);
        this.journalName = Names.of(handle, Names.JOURNAL);
        this.putAside = putAside;
    }

    /** Throws when there are bytes that somebody else left here, or what could not be put aside. */
    void checkNames() throws IOException {
        for (String name : putAside ? List.of(dataName, journalName) : List.of(dataName)) {
            if (disk.exists(name)) {
                throw new FileAlreadyExistsException(disk.describe(name));
            }
        }
    }

    /**
     * Durable on return, but for the name of the data file. What a failure leaves is deleted, if the disk lets it be.
     *
     * @return the bytes of the journal
     */
    long run(Content content) throws IOException {
        boolean done = false;
        try {
            if (putAside) { // beside data that are put aside, a journal without data would look as if it belonged there
                makeData();
                syncNames();
            }
            long journalBytes = makeJournal(content);
            syncNames();
            if (!putAside) {
                makeData();
            }
            done = true;
            return journalBytes;
        } finally {
            if (!done) {
                shelf.met(Probe.REPLICA_NOT_CREATED);
                undo();
            }
        }
    }

    private long makeJournal(Content content) throws IOException {
        Blanks.Opened blank = shelf.blanks.open();
        FreshJournal journal = FreshJournal.writeSynced(disk, shelf.buffers, blank, handle, content);
        journal.file().close(); // it is opened again by its own name
        try {
            disk.rename(blank.name(), journalName);
        } catch (IOException e) {
            FreshJournal.deleteQuietly(disk, blank.name(), e);
            throw e;
        }
        hasJournal = true;
        shelf.files.drop(journalName); // of an earlier life, opened by who came too late for it
        return journal.bytes();
    }

    /** An empty file where its name may become durable before the journal's does: without a journal, bytes would be a lost replica. */
    private void makeData() throws IOException {
        shelf.files.replace(dataName, putAside ? disk.create(dataName) : shelf.blanks.openAs(dataName));
        hasData = true;
    }

    private void syncNames() throws IOException {
        try {
            shelf.syncNames();
        } catch (IOException e) {
            throw shelf.noted("chunk %s: cannot create".formatted(handle), e);
        }
    }

    private void undo() {
        try {
            if (hasData) {
                shelf.files.drop(dataName);
                disk.delete(dataName);
            }
            if (hasJournal) {
                disk.delete(journalName);
            }
        } catch (IOException e) {
            shelf.note("chunk %s: cannot delete what was created of it".formatted(handle), e);
        }
        shelf.named(); // these deletions are to be durable, too, when the store is closed
    }
}
