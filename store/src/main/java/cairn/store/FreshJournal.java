package cairn.store;

import cairn.model.ChunkHandle;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A journal that begins anew: a header and one snapshot.
 *
 * @param file open, the caller's to close
 * @param bytes its length
 */
record FreshJournal(DiskFile file, long bytes) {
    private static final int MARK_BYTES_MAX = 64;

    /**
     * Creates a synced journal under a temporary name. Its mark says that the data, which the caller has synced, is
     * durable.
     */
    static FreshJournal createSynced(Disk disk, Buffers buffers, String suffix, ChunkHandle handle, Content content)
            throws IOException {
        String name = Names.of(handle, suffix);
        disk.delete(name);
        return writeSynced(disk, buffers, new Blanks.Opened(name, disk.create(name)), handle, content);
    }

    /** The same in place of what {@code into} has; on failure it is closed and deleted. */
    static FreshJournal writeSynced(Disk disk, Buffers buffers, Blanks.Opened into, ChunkHandle handle, Content content)
            throws IOException {
        ByteBuffer bytes = buffers.take(bytesMax(content));
        DiskFile file = into.file();
        try {
            putSnapshot(bytes, handle, content);
            long end = bytes.position();
            JournalFormat.putRecord(bytes, new JournalRecord.Synced(end, end), end);
            long length = bytes.flip().remaining();
            file.write(bytes, 0);
            if (file.bytes() > length) {
                file.truncate(length);
            }
            file.sync();
            return new FreshJournal(file, length);
        } catch (IOException e) {
            file.close();
            deleteQuietly(disk, into.name(), e);
            throw e;
        } finally {
            buffers.give(bytes);
        }
    }

    /**
     * Replaces the journal of {@code handle} by a fresh one: synced, then renamed over. A crash in between leaves the
     * old
     * journal, or the new one. The caller syncs the directory.
     */
    static FreshJournal replace(Disk disk, Buffers buffers, ChunkHandle handle, Content content) throws IOException {
        FreshJournal fresh = createSynced(disk, buffers, Names.JOURNAL_NEW, handle, content);
        try {
            disk.rename(Names.of(handle, Names.JOURNAL_NEW), Names.of(handle, Names.JOURNAL));
        } catch (IOException e) {
            fresh.file.close();
            throw e;
        }
        return fresh;
    }

    private static long bytesMax(Content content) {
        return JournalFormat.HEADER_BYTES + JournalFormat.recordBytesMax(content.snapshot()) + MARK_BYTES_MAX;
    }

    private static void putSnapshot(ByteBuffer into, ChunkHandle handle, Content content) {
        JournalFormat.putHeader(into, handle, content.geometry);
        JournalFormat.putRecord(into, content.snapshot(), into.position());
    }

    /** Of a file that was not finished; {@code reason} says so if that fails, too. */
    static void deleteQuietly(Disk disk, String name, IOException reason) {
        try {
            disk.delete(name);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
