package cairn.store;

import cairn.chunk.BlockSums;
import cairn.chunk.MalformedRecord;
import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.chunk.ProducerAnswer;
import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Invariant;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One replica of a chunk on this server (GFS 2.6, 5.2): its bytes, their sums, its version, its exactly-once memory.
 *
 * <p>Thread-safe. The caller orders the mutations; reads, {@link #sync} and {@link #fence} may come at any time. What is
 * called <em>applied</em> here survives kill -9 of the process; what is called durable survives a power loss too. Every
 * failure is a {@link CairnException} whose message is fit for people.
 *
 * <p>Two locks. {@code order} is held by whoever changes the replica, over the change's I/O. {@code view} guards what
 * readers look at and is never held over I/O; the content changes under both.
 */
public final class Replica {
    private static final int[] NO_SUMS = new int[0];

    /** Beyond, writing bytes twice costs more than a second sync. */
    private static final int JOURNALED_BYTES_MAX = 64 << 10;

    private final Shelf shelf;
    private final ChunkHandle handle;
    private final String dataName;
    private final ReentrantLock order = new ReentrantLock();
    private final ReentrantLock view = new ReentrantLock();
    private final ReentrantLock syncing = new ReentrantLock();
    private final Content content;
    private final OldBlocks oldBlocks;
    private final ReplicaRules rules;
    private final Journal journal;
    private final DirtyWatch watch;

    // Ends of records in the journal; all under view.
    private long applied;
    private long allThrough;
    private long journalThrough;
    private long lastChange;
    private long lastExtension;
    private long lastData;

    private long compactions;
    /** The name of the data file: {@link Shelf#syncName}. */
    private final long dataNameGiven;

    private boolean gone;
    private @Nullable CairnException broken;

    /** @param dataNameGiven which name the data file's is ({@link Shelf#named}); 0 when it is durable */
    Replica(Shelf shelf, ChunkHandle handle, ReplicaLoader.Loaded loaded, long dataNameGiven, DirtyWatch watch) {
        this.shelf = shelf;
        this.handle = handle;
        this.dataName = Names.of(handle, Names.DATA);
        this.content = loaded.content();
        this.oldBlocks = new OldBlocks(shelf, handle, content);
        this.rules = new ReplicaRules(shelf, handle, content);
        this.journal = new Journal(shelf, handle, loaded.journalBytes());
        this.watch = watch;
        this.applied = loaded.journalBytes();
        this.lastChange = applied;
        this.allThrough = loaded.allThrough();
        this.journalThrough = loaded.journalThrough();
        this.lastExtension = loaded.lastExtension();
        this.lastData = loaded.lastData();
        this.dataNameGiven = dataNameGiven;
        shelf.heldBytes.add(content.length);
        if (dirty()) {
            watch.dirtied(this);
        }
    }

    public ChunkHandle handle() {
        return handle;
    }

    /** Where others on this host find its bytes: the file of that name keeps them for as long as this replica is here. */
    public String dataPath() {
        return shelf.disk.describe(dataName);
    }

    /** Of its journal's file. */
    long journalBytes() {
        view.lock();
        try {
            return applied;
        } finally {
            view.unlock();
        }
    }

    public ReplicaState state() {
        view.lock();
        try {
            return content.state(handle);
        } finally {
            view.unlock();
        }
    }

    /** All sums and the length, of one moment. */
    public BlockSums blockSums() {
        view.lock();
        try {
            return content.blockSums();
        } finally {
            view.unlock();
        }
    }

    /** A copy of the exactly-once memory. */
    public ProducerTable producers() {
        view.lock();
        try {
            return content.producers.copy();
        } finally {
            view.unlock();
        }
    }

    /** What the exactly-once memory says of a request. */
    public ProducerAnswer lookup(long producer, long sequence, long previous) {
        view.lock();
        try {
            return content.producers.lookup(producer, sequence, previous);
        } finally {
            view.unlock();
        }
    }

    /** Whether a power loss would take something. */
    public boolean dirty() {
        view.lock();
        try {
            return !gone && lastChange > allThrough;
        } finally {
            view.unlock();
        }
    }

    /**
     * Refuses every version below {@code version} from now on. Durable on return.
     *
     * @throws CairnException STALE_VERSION when it has promised a newer one
     */
    public void fence(ChunkVersion version) throws IOException {
        change("fence", () -> {
            if (version.value() < content.fence) {
                shelf.met(Probe.FENCE_IS_NEWER);
                throw rules.refusal(ErrorCode.STALE_VERSION, "%s is older than its fence v%d", version, content.fence);
            }
            requireFiles();
            if (version.value() > content.fence) {
                appendDurably(new JournalRecord.Fenced(version.value()));
            } else if (journalThrough < lastChange) {
                syncJournal();
            }
            mark();
        });
    }

    /**
     * Declares the content complete at {@code version}, the fence: cuts it to {@code length}, takes over serial and
     * table (copied), clears sealed and suspect. Durable on return, the data included.
     *
     * @throws CairnException STALE_VERSION when the fence is another; BAD_REQUEST when it is shorter
     */
    public void establish(ChunkVersion version, long length, long serial, ProducerTable table) throws IOException {
        change("establish", () -> {
            rules.requireFence(version);
            requireFiles();
            rules.require(
                    length <= content.length, "cannot be established at %d bytes: it has %d", length, content.length);
            int tailSum = oldBlocks.sumOfTail(length);
            syncDataIf(lastData > allThrough);
            appendDurably(new JournalRecord.Established(version.value(), length, serial, tailSum, table.copy()));
            cutData();
            settled(applied, applied);
            mark();
        });
    }

    /**
     * Applies the next mutation. On return it survives kill -9, and a power loss too when the mutation says
     * {@code synced} or its kind is SYNC. A failure leaves the replica as it was, or with the mutation when only its sync
     * failed. The payload goes from position to limit and is left as it is; a direct buffer is passed
     * straight to the disk. The caller has verified it against the piece sums: they are believed here.
     *
     * @param version under which the primary ordered the mutation
     * @throws CairnException STALE_VERSION unless {@code version} is the fence; NOT_SERVING unless the replica is
     *     established at it; SEALED; OUT_OF_ORDER unless the serial is the next one; BAD_REQUEST for what no mutation
     *     can be; DISK_FAILED, which also says when no space is left
     */
    public void apply(ChunkVersion version, Mutation mutation, ByteBuffer payload) throws IOException {
        change("apply", () -> {
            rules.check(version, mutation, payload);
            compactNow();
            switch (mutation.kind()) {
                case SYNC -> add(mutation, content.length, payload);
                case SET_LENGTH -> setLength(mutation, payload);
                case APPEND, WRITE -> {
                    boolean replaces = mutation.offset() < content.length && mutation.length() > 0;
                    if (replaces || goesByJournal(mutation)) {
                        replace(
                                mutation.serial(),
                                mutation.offset(),
                                payload,
                                mutation.pieceSums(),
                                mutation.entries());
                    } else {
                        add(mutation, mutation.offset(), payload);
                    }
                }
            }
        });
        boolean wantsSync = mutation.synced() || mutation.kind() == Mutation.Kind.SYNC;
        if (wantsSync && shelf.options.keeps(Rule.SYNC) && !durable()) {
            sync();
        }
    }

    /** Whether all that is applied is on the disk: the journal, and what it cannot write again. */
    private boolean durable() {
        view.lock();
        try {
            return journalThrough >= lastChange && allThrough >= lastExtension;
        } finally {
            view.unlock();
        }
    }

    /** A few bytes that must be on the disk stand in the journal too: one sync instead of two. */
    private boolean goesByJournal(Mutation mutation) {
        return mutation.synced()
                && shelf.options.keeps(Rule.SYNC)
                && mutation.offset() == content.length
                && mutation.length() > 0
                && mutation.length() <= JOURNALED_BYTES_MAX;
    }

    /** Adds zeros up to {@code offset}, then the payload: data first, so that the journal never claims what is not. */
    private void add(Mutation mutation, long offset, ByteBuffer payload) throws IOException {
        long from = payload.hasRemaining() ? offset : mutation.newLength();
        extend(mutation.serial(), from, payload, mutation.pieceSums(), mutation.entries());
    }

    private void extend(long serial, long offset, ByteBuffer payload, int[] pieceSums, List<MutationEntry> entries)
            throws IOException {
        long newLength = offset + payload.remaining();
        if (newLength > content.length) {
            try (OpenFiles.Lease data = shelf.files.acquire(dataName)) {
                if (offset > content.length) {
                    data.file().truncate(content.length); // a failed write may have left bytes where zeros belong
                    data.file().truncate(offset);
                }
                if (payload.hasRemaining()) {
                    data.file().write(payload.duplicate(), offset);
                }
            }
        }
        int[] sums =
                newLength == content.length ? NO_SUMS : content.sumsAfterAdding(offset, payload.remaining(), pieceSums);
        int firstBlock = (int) (content.length / shelf.geometry.blockBytes());
        append(new JournalRecord.Extended(serial, newLength, firstBlock, sums, entries));
    }

    private void setLength(Mutation mutation, ByteBuffer payload) throws IOException {
        if (mutation.newLength() < content.length) {
            cutTo(mutation.serial(), mutation.newLength(), mutation.entries());
        } else {
            add(mutation, mutation.newLength(), payload);
        }
    }

    /** The cut is durable before anything may be written behind it: what was there was durable, too. */
    private void cutTo(long serial, long length, List<MutationEntry> entries) throws IOException {
        int tailSum = oldBlocks.sumOfTail(length);
        syncDataIf(lastData > allThrough);
        long barrier = applied;
        appendDurably(new JournalRecord.Cut(serial, length, tailSum, entries));
        settled(barrier, applied);
        cutData();
    }

    /** Journal first, with the bytes, durable; only then the data, at the end too: a crash in between is redone at the next start. */
    private void replace(long serial, long offset, ByteBuffer payload, int[] pieceSums, List<MutationEntry> entries)
            throws IOException {
        int bytes = payload.remaining();
        int[] sums = offset == content.length
                ? content.sumsAfterAdding(offset, bytes, pieceSums)
                : oldBlocks.sumsAfterReplacing(offset, bytes, pieceSums);
        boolean settles = lastExtension > allThrough;
        syncDataIf(settles);
        syncDataName();
        long newLength = Math.max(content.length, offset + bytes);
        long before = applied;
        JournalRecord record =
                new JournalRecord.Overwritten(serial, offset, bytes, newLength, pieceSums, sums, settles, entries);
        journal.append(record, payload);
        try {
            journal.sync();
        } catch (IOException e) {
            shelf.met(Probe.OVERWRITE_TAKEN_BACK);
            journal.retract(before, e);
            throw syncFailed(e);
        }
        try (OpenFiles.Lease data = shelf.files.acquire(dataName)) {
            data.file().write(payload.duplicate(), offset);
        } catch (IOException e) {
            throw brokenBy("finish an overwrite that the journal holds", e);
        }
        publish(record);
        if (settles) {
            settled(before, applied);
        } else {
            settled(allThrough, applied);
        }
    }

    /**
     * Takes no more mutations until a newer version is established. Survives kill -9 on return; durable with the next
     * {@link #sync}: after a power loss the replica is either sealed with all its bytes, or reports that it is not.
     *
     * @param length at which the chunk is sealed: that of the replica
     */
    public void seal(ChunkVersion version, long length) throws IOException {
        change("seal", () -> {
            rules.requireFence(version);
            if (content.established != version.value() || content.suspect) {
                throw rules.refusal(ErrorCode.NOT_SERVING, "not established at %s", version);
            }
            rules.require(length == content.length, "cannot be sealed at %d bytes: it has %d", length, content.length);
            if (!content.sealed) {
                append(new JournalRecord.Sealed());
            }
        });
    }

    /**
     * Makes everything applied before the call durable. Mutations go on meanwhile. After a failure the disk may have
     * dropped what it could not write, so that no later success could be believed: the replica takes no more changes.
     */
    public void sync() throws IOException {
        syncing.lock();
        try {
            syncApplied();
        } finally {
            syncing.unlock();
        }
    }

    /** For a clean stop: makes the marks durable too, so that the next start finds nothing torn. */
    void syncWhole() throws IOException {
        sync();
        change("sync its marks", () -> {
            if (journalThrough < applied) {
                syncJournal();
            }
        });
    }

    private void syncApplied() throws IOException {
        long through;
        long compactionsBefore;
        boolean hasData;
        view.lock();
        try {
            if (gone || lastChange <= allThrough) {
                return;
            }
            requireUsable();
            through = applied;
            compactionsBefore = compactions;
            hasData = lastData > allThrough;
        } finally {
            view.unlock();
        }
        try {
            if (hasData) {
                syncDataFile();
            }
            journal.sync();
        } catch (IOException e) {
            if (isGone()) {
                shelf.met(Probe.DELETED_WHILE_SYNCED);
                return;
            }
            throw syncFailed(e);
        }
        change("mark what is durable", () -> {
            if (compactions == compactionsBefore) {
                settled(through, through);
                mark();
                compactLazily();
            }
        });
    }

    /**
     * Reads up to {@code length} bytes at {@code offset} into {@code into}, advancing it: fewer only at the end. Every
     * byte was checked against the replica's sums. Fastest when the range is whole blocks and the buffer direct.
     *
     * @throws CorruptReplica when a block is damaged or missing; {@code into} may hold anything then
     */
    public ReadResult read(long offset, int length, ByteBuffer into) throws IOException {
        rules.require(offset >= 0 && length >= 0, "a read of %d bytes at %d", length, offset);
        int position = into.position();
        try {
            return readOnce(offset, length, into);
        } catch (CorruptReplica perhaps) {
            shelf.met(Probe.BLOCK_DOUBTFUL);
            into.position(position);
            return readInOrder(offset, length, into);
        } catch (IOException e) {
            throw isGone() ? rules.refusal(ErrorCode.NO_SUCH_CHUNK, "deleted here") : shelf.failure(doing("read"), e);
        }
    }

    /** An overwrite or a cut may have crossed the first try; none can cross this one. */
    private ReadResult readInOrder(long offset, int length, ByteBuffer into) throws IOException {
        order.lock();
        try {
            requireHere();
            return readOnce(offset, length, into);
        } catch (IOException e) {
            shelf.met(Probe.BLOCK_DAMAGED);
            throw shelf.failure(doing("read"), e);
        } finally {
            order.unlock();
        }
    }

    private ReadResult readOnce(long offset, int length, ByteBuffer into) throws IOException {
        ReplicaReader reader;
        view.lock();
        try {
            requireHere();
            int bytes = (int) Math.clamp(content.length - offset, 0L, (long) length);
            int first = (int) (Math.min(offset, content.length) / shelf.geometry.blockBytes());
            int[] sums = bytes == 0 ? NO_SUMS : content.sums(first, shelf.geometry.blocksFor(offset + bytes));
            reader = new ReplicaReader(shelf, handle, offset, bytes, content.length, sums);
        } finally {
            view.unlock();
        }
        return new ReadResult(reader.bytes(), reader.length(), reader.read(into));
    }

    /**
     * Replaces whole blocks, or adds some at the end: for reconciliation, while no mutation runs. First makes the replica
     * suspect and unestablished, durably; only {@link #establish} ends that. A crash leaves each block old or new, with
     * its sum.
     *
     * @param offset where a block begins, not behind the end
     * @param payload verified by the caller; ends where a block ends, or at or behind the end of the replica (when the
     *     good replica is shorter: {@link #cut} first)
     */
    public void repairBlocks(long offset, ByteBuffer payload, int[] pieceSums) throws IOException {
        change("repair", () -> {
            int size = shelf.geometry.blockBytes();
            long end = offset + payload.remaining();
            rules.requirePayload(offset, payload.remaining(), payload, pieceSums);
            rules.require(offset % size == 0 && offset <= content.length, "no repair begins at %d", offset);
            rules.require(end % size == 0 || end >= content.length, "no repair ends at %d of %d", end, content.length);
            rules.require(end <= shelf.geometry.chunkBytes(), "no repair ends at %d", end);
            compactNow();
            suspect();
            if (offset == content.length) {
                extend(content.serial, offset, payload, pieceSums, List.of());
            } else if (payload.hasRemaining()) {
                replace(content.serial, offset, payload, pieceSums, List.of());
            }
        });
    }

    /** Cuts a replica that is longer than the good one: a first step of its repair. As {@link #repairBlocks}. */
    public void cut(long length) throws IOException {
        change("cut", () -> {
            rules.require(length >= 0 && length <= content.length, "cannot be cut to %d of %d", length, content.length);
            suspect();
            if (length < content.length) {
                cutTo(content.serial, length, List.of());
            }
        });
    }

    private void suspect() throws IOException {
        boolean marked = content.suspect && content.established == 0;
        if (!marked && shelf.options.keeps(Rule.REPAIR_MARKED)) {
            syncDataIf(lastData > allThrough);
            appendDurably(new JournalRecord.Suspected());
            settled(applied, applied);
        }
    }

    /** Ends all use; the caller removes the files. Waits for a change under way. */
    void retire() {
        order.lock();
        view.lock();
        try {
            gone = true;
            shelf.heldBytes.add(-content.length);
        } finally {
            view.unlock();
            order.unlock();
        }
    }

    // ---- what all changes are made of; the caller holds order ----

    /** Something that changes the replica, or fails. */
    private interface Change {
        void run() throws IOException;
    }

    /**
     * Makes files anew that were removed from the directory while they are open here; false when none is missing. Durable on
     * return.
     *
     * @throws CorruptReplica one of them was not open any more, so that it is gone
     */
    public boolean restoreRemovedFiles() throws IOException {
        RemovedFiles removed = new RemovedFiles(shelf);
        if (!removed.isRemoved(dataName) && !removed.isRemoved(journal.name())) {
            return false;
        }
        order.lock();
        try {
            requireUsable();
            if (removed.isRemoved(dataName)) {
                removed.restore(dataName);
            }
            compactIf(true); // the journal from what is in memory, and the names
            shelf.met(Probe.REMOVED_FILES_RESTORED);
            return true;
        } catch (NoSuchFileException e) {
            shelf.met(Probe.DATA_FILE_GONE);
            throw new CorruptReplica(handle, shelf.disk.describe(dataName), 0, "no file");
        } catch (Journal.UnmendedJournal e) {
            throw brokenBy("make its files anew", e);
        } catch (IOException e) {
            throw shelf.failure(doing("make its files anew"), e);
        } finally {
            order.unlock();
        }
    }

    /** No part in a version for a replica whose files were removed: open ones still take bytes, and no start finds them. */
    private void requireFiles() throws IOException {
        for (String name : List.of(journal.name(), dataName)) {
            if (!shelf.disk.exists(name)) {
                throw new NoSuchFileException(shelf.disk.describe(name), null, "it was removed under this server");
            }
        }
    }

    private void change(String what, Change change) throws IOException {
        order.lock();
        try {
            requireUsable();
            change.run();
        } catch (Journal.UnmendedJournal e) {
            throw brokenBy(what, e);
        } catch (IOException e) {
            throw shelf.failure(doing(what), e);
        } finally {
            order.unlock();
        }
        if (dirty()) {
            watch.dirtied(this);
        }
    }

    /** Journals a record and lets the world see its effect. */
    private void append(JournalRecord record) throws IOException {
        journal.append(record, null);
        publish(record);
    }

    /** The same, durable before the world sees it. */
    private void appendDurably(JournalRecord record) throws IOException {
        journal.append(record, null);
        try {
            journal.sync();
        } catch (IOException e) {
            throw syncFailed(e);
        }
        publish(record);
        settled(allThrough, applied);
    }

    /** Notes what is durable, for the next start. Without the note that start proves more, so that failing is no harm. */
    private void mark() throws Journal.UnmendedJournal {
        try {
            append(new JournalRecord.Synced(allThrough, journalThrough));
        } catch (Journal.UnmendedJournal e) {
            throw e;
        } catch (IOException e) {
            shelf.note(doing("mark what is durable"), e);
        }
    }

    private void publish(JournalRecord record) {
        view.lock();
        try {
            long lengthBefore = content.length;
            content.apply(record);
            shelf.heldBytes.add(content.length - lengthBefore);
            applied = journal.end();
            if (record instanceof JournalRecord.Synced) {
                return;
            }
            lastChange = applied;
            if (record instanceof JournalRecord.Extended extended && extended.sums().length > 0) {
                lastExtension = applied;
                lastData = applied;
            } else if (record instanceof JournalRecord.Overwritten) {
                lastData = applied;
            }
        } catch (MalformedRecord e) {
            throw Invariant.unreachable("%s: %s", handle, e);
        } finally {
            view.unlock();
        }
    }

    private void settled(long all, long journalToo) {
        view.lock();
        try {
            allThrough = Math.max(allThrough, all);
            journalThrough = Math.max(journalThrough, journalToo);
        } finally {
            view.unlock();
        }
    }

    private void syncJournal() throws IOException {
        try {
            journal.sync();
        } catch (IOException e) {
            throw syncFailed(e);
        }
        settled(allThrough, applied);
    }

    private void syncDataIf(boolean needed) throws IOException {
        if (needed) {
            try {
                syncDataFile();
            } catch (IOException e) {
                throw syncFailed(e);
            }
        }
    }

    /** With its name, which was not synced before there was anything to lose: many new files share that sync. */
    private void syncDataFile() throws IOException {
        try (OpenFiles.Lease data = shelf.files.acquire(dataName)) {
            data.file().sync();
        }
        shelf.syncName(dataNameGiven);
    }

    /** Before a record that says what is in the data file: without the file it would be damage. */
    private void syncDataName() throws IOException {
        try {
            shelf.syncName(dataNameGiven);
        } catch (IOException e) {
            throw syncFailed(e);
        }
    }

    /** What the journal has cut off may stay in the file for a while: nobody reads it. */
    private void cutData() {
        try (OpenFiles.Lease data = shelf.files.acquire(dataName)) {
            data.file().truncate(content.length);
        } catch (IOException e) {
            shelf.note(doing("cut"), e);
        }
    }

    private void compactNow() throws IOException {
        if (journal.isTooLong()) {
            shelf.met(Probe.JOURNAL_TOO_LONG);
            compactIf(true);
        }
    }

    private void compactLazily() throws Journal.UnmendedJournal {
        try {
            compactIf(journal.isLong());
        } catch (Journal.UnmendedJournal e) {
            throw e;
        } catch (IOException e) {
            shelf.note(doing("compact the journal"), e);
        }
    }

    private void compactIf(boolean needed) throws IOException {
        if (!needed) {
            return;
        }
        syncDataIf(lastData > allThrough);
        journal.compact(content);
        view.lock();
        try {
            compactions++;
            applied = journal.end();
            allThrough = applied;
            journalThrough = applied;
            lastChange = applied;
            lastExtension = 0;
            lastData = 0;
        } finally {
            view.unlock();
        }
    }

    private CairnException syncFailed(IOException e) {
        return breaks(shelf.noted(doing("sync"), e));
    }

    private CairnException brokenBy(String what, IOException e) {
        return breaks(shelf.failure(doing(what), e));
    }

    private CairnException breaks(CairnException failure) {
        shelf.met(Probe.REPLICA_BROKEN);
        view.lock();
        try {
            broken = failure;
        } finally {
            view.unlock();
        }
        return failure;
    }

    private void requireUsable() throws CairnException {
        view.lock();
        try {
            requireHere();
            if (broken != null) {
                shelf.met(Probe.REPLICA_OUT_OF_USE);
                throw new CairnException(
                        ErrorCode.DISK_FAILED,
                        "chunk %s is out of order until the server restarts: %s"
                                .formatted(handle, broken.getMessage()));
            }
        } finally {
            view.unlock();
        }
    }

    private void requireHere() throws CairnException {
        if (gone) {
            shelf.met(Probe.REPLICA_DELETED_MEANWHILE);
            throw rules.refusal(ErrorCode.NO_SUCH_CHUNK, "deleted here");
        }
    }

    /** Whether it was deleted or put aside: nobody can use it any more. */
    public boolean isGone() {
        view.lock();
        try {
            return gone;
        } finally {
            view.unlock();
        }
    }

    private String doing(String what) {
        return "chunk %s: cannot %s".formatted(handle, what);
    }
}
