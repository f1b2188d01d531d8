package cairn.store;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The live journal of one replica. Its owner lets one thread at a time in, except for {@link #sync}. */
final class Journal {
    private final Shelf shelf;
    private final ChunkHandle handle;
    private final String name;
    private long end;
    private long snapshotBytes;

    Journal(Shelf shelf, ChunkHandle handle, long bytes) {
        this.shelf = shelf;
        this.handle = handle;
        this.name = Names.of(handle, Names.JOURNAL);
        this.end = bytes;
    }

    long end() {
        return end;
    }

    String name() {
        return name;
    }

    /**
     * Adds a record, and the payload that belongs to it. On failure the journal is as before.
     *
     * @throws UnmendedJournal when it could not be made as before
     */
    void append(JournalRecord record, @Nullable ByteBuffer payload) throws IOException {
        ByteBuffer bytes = shelf.buffers.take(JournalFormat.recordBytesMax(record));
        try (OpenFiles.Lease lease = shelf.files.acquire(name)) {
            JournalFormat.putRecord(bytes, record, end);
            bytes.flip();
            int recordBytes = bytes.remaining();
            int payloadBytes = payload == null ? 0 : payload.remaining();
            try {
                lease.file().write(bytes, end);
                if (payload != null) {
                    lease.file().write(payload.duplicate(), end + recordBytes);
                }
            } catch (IOException e) {
                mend(lease.file(), e);
                throw e;
            }
            end += recordBytes + payloadBytes;
        } finally {
            shelf.buffers.give(bytes);
        }
    }

    /** Takes back what was appended since {@code before}: its effect did not come about. */
    void retract(long before, IOException reason) throws IOException {
        try (OpenFiles.Lease lease = shelf.files.acquire(name)) {
            end = before;
            mend(lease.file(), reason);
        }
    }

    private void mend(DiskFile file, IOException reason) throws UnmendedJournal {
        try {
            file.truncate(end);
            shelf.met(Probe.JOURNAL_MENDED);
        } catch (IOException e) {
            shelf.met(Probe.JOURNAL_NOT_MENDED);
            reason.addSuppressed(e);
            throw new UnmendedJournal(reason);
        }
    }

    /** Any thread, any time. */
    void sync() throws IOException {
        try (OpenFiles.Lease lease = shelf.files.acquire(name)) {
            lease.file().sync();
        }
    }

    /** Whether a sync should compact. A large producer table raises the bound, or every sync would. */
    boolean isLong() {
        return end > Math.max(shelf.options.journalBytesSoft(), 2 * snapshotBytes);
    }

    /** Whether a mutation must compact. */
    boolean isTooLong() {
        return end > Math.max(shelf.options.journalBytesMax(), 4 * snapshotBytes);
    }

    /** Begins anew with {@code content}, whose data was synced. Durable on return. */
    void compact(Content content) throws IOException {
        FreshJournal fresh = FreshJournal.replace(shelf.disk, shelf.buffers, handle, content);
        shelf.files.replace(name, fresh.file());
        end = fresh.bytes();
        snapshotBytes = end;
        try {
            shelf.syncNames();
        } catch (IOException e) {
            throw new UnmendedJournal(e);
        }
    }

    /** The file and what we believe of it may differ: the replica is out of order until the store is opened again. */
    static final class UnmendedJournal extends IOException {
        private static final long serialVersionUID = 1L;

        UnmendedJournal(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
