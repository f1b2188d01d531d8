package cairn.store;

import cairn.chunk.BlockSums;
import cairn.chunk.MalformedRecord;
import cairn.chunk.ProducerTable;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Invariant;
import cairn.model.proof.Probe;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A replica being copied from elsewhere: hidden until it is finished, gone without a trace when it is not. One thread.
 */
public final class ReplicaImport implements Closeable {
    private final Shelf shelf;
    private final ChunkStore store;
    private final ChunkHandle handle;
    private final Content content;
    private DiskFile data;
    private boolean ended;

    ReplicaImport(Shelf shelf, ChunkStore store, ChunkHandle handle, DiskFile data) {
        this.shelf = shelf;
        this.store = store;
        this.handle = handle;
        this.content = new Content(shelf.geometry);
        this.data = data;
    }

    /** Bytes received so far: where the next write goes. */
    public long length() {
        return content.length;
    }

    /** Adds bytes (position to limit, left as it is) at the end; the caller has verified them against their sums. */
    public void write(ByteBuffer payload, int[] pieceSums) throws IOException {
        long offset = content.length;
        int bytes = payload.remaining();
        int size = shelf.geometry.blockBytes();
        if (offset + bytes > shelf.geometry.chunkBytes()
                || pieceSums.length != Pieces.count(offset, bytes, size)
                || ended) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    "chunk %s: cannot import %d bytes at %d with %d sums"
                            .formatted(handle, bytes, offset, pieceSums.length));
        }
        try {
            data.write(payload.duplicate(), offset);
            content.apply(new JournalRecord.Extended(
                    0,
                    offset + bytes,
                    (int) (offset / size),
                    bytes == 0 ? new int[0] : content.sumsAfterAdding(offset, bytes, pieceSums),
                    List.of()));
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot import".formatted(handle), e);
        } catch (MalformedRecord e) {
            throw Invariant.unreachable("%s: %s", handle, e);
        }
    }

    /**
     * Takes all bytes and sums of a replica of the same store, which nobody changes meanwhile; instead of {@link #write}. The
     * bytes are not looked at: if some are damaged, the sums say so of the copy, too.
     */
    public void copyOf(Replica source) throws IOException {
        BlockSums sums = source.blockSums();
        String name = Names.of(handle, Names.IMPORT_DATA);
        try (OpenFiles.Lease _ =
                shelf.files.acquire(Names.of(source.handle(), Names.DATA))) { // it may be deleted now, and stays
            data.close();
            shelf.disk.delete(name);
            shelf.disk.copy(Names.of(source.handle(), Names.DATA), name);
            data = shelf.disk.open(name);
            if (data.bytes() < sums.length()) {
                throw new CairnException(
                        ErrorCode.CORRUPT, "chunk %s: bytes of it are missing".formatted(source.handle()));
            }
            data.truncate(sums.length());
            content.apply(new JournalRecord.Extended(0, sums.length(), 0, sums.toArray(), List.of()));
        } catch (IOException e) {
            if (source.isGone()) {
                throw new CairnException(
                        ErrorCode.NO_SUCH_CHUNK,
                        "chunk %s was deleted while it was copied".formatted(source.handle()),
                        e);
            }
            throw shelf.failure("chunk %s: cannot copy %s".formatted(handle, source.handle()), e);
        } catch (MalformedRecord e) {
            throw Invariant.unreachable("%s: %s", handle, e);
        }
    }

    /**
     * Makes it a replica, fenced and established at {@code version}, with a copy of the table. Durable on return; a
     * crash
     * leaves all of it or nothing.
     */
    public Replica finish(ChunkVersion version, long serial, boolean sealed, ProducerTable table) throws IOException {
        content.established = version.value();
        content.serial = serial;
        content.sealed = sealed;
        content.producers = table.copy();
        return install(version);
    }

    /**
     * Makes it a replica that has established nothing: bytes that a version may begin to reconcile with. Durable as of
     * {@link #finish}.
     */
    public Replica finishUnproven(ChunkVersion fence) throws IOException {
        return install(fence);
    }

    private Replica install(ChunkVersion fence) throws IOException {
        content.fence = fence.value();
        try {
            data.sync();
            FreshJournal journal =
                    FreshJournal.createSynced(shelf.disk, shelf.buffers, Names.IMPORT_JOURNAL, handle, content);
            journal.file().close();
            data.close();
            shelf.syncNames(); // so that no crash keeps one final name and forgets the hidden ones
            shelf.disk.rename(Names.of(handle, Names.IMPORT_DATA), Names.of(handle, Names.DATA));
            shelf.disk.rename(Names.of(handle, Names.IMPORT_JOURNAL), Names.of(handle, Names.JOURNAL));
            shelf.syncNames();
            ended = true;
            return store.imported(handle, ReplicaLoader.Loaded.durable(content, journal.bytes()));
        } catch (IOException e) {
            throw shelf.failure("chunk %s: cannot finish its import".formatted(handle), e);
        }
    }

    /** Gives up unless finished. */
    @Override
    public void close() {
        if (!ended) {
            shelf.met(Probe.IMPORT_GIVEN_UP);
            ended = true;
            data.close();
            store.importEnded(handle);
        }
    }
}
