package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.model.ChunkHandle;
import cairn.model.Geometry;
import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one replica back after a stop of any kind. In this order, because each step relies on the one before:
 *
 * <ol>
 *   <li>fold the journal's records; a torn tail is cut, damage of what was durable makes the replica corrupt
 *   <li>write the bytes of unsettled overwrites again: they stand in the journal
 *   <li>prove the extensions that were not known to be durable against their sums; on failure go back to the last
 *       extension that holds, and be suspect
 *   <li>cut what the journal does not know
 *   <li>after a power loss, be suspect unless sealed: the last records may be gone without a trace
 *   <li>when anything was irregular, begin a fresh journal, so that it is irregular only once
 * </ol>
 */
final class ReplicaLoader {

    /** A replica as it was found. */
    record Loaded(
            Content content,
            long journalBytes,
            long allThrough,
            long journalThrough,
            long lastExtension,
            long lastData) {

        /** All of it is on the disk itself. */
        static Loaded durable(Content content, long journalBytes) {
            return new Loaded(content, journalBytes, journalBytes, journalBytes, 0, 0);
        }
    }

    private final Shelf shelf;
    private final Disk disk;
    private final Buffers buffers;
    private final Geometry geometry;
    private final boolean clean;
    private final boolean powerLost;

    /**
     * @param clean the store was closed in order, so that everything is durable and whole
     * @param powerLost what was not synced may be gone, without a trace if it was the end of a journal
     */
    ReplicaLoader(Shelf shelf, boolean clean, boolean powerLost) {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.buffers = shelf.buffers;
        this.geometry = shelf.geometry;
        this.clean = clean;
        this.powerLost = powerLost && !clean;
    }

    boolean isClean() {
        return clean;
    }

    /** Throws {@link MalformedRecord} when the replica is corrupt: its files were not changed. */
    Loaded load(ChunkHandle handle) throws IOException, MalformedRecord {
        String name = Names.of(handle, Names.JOURNAL);
        try (DiskFile journal = disk.open(name)) {
            JournalReader reader = new JournalReader(journal, geometry, shelf.options.witness());
            reader.checkHeader(handle);
            Fold fold = new Fold();
            fold.readThrough(reader, Long.MAX_VALUE);
            long end = reader.end();
            boolean torn = end < reader.fileBytes();
            if (torn) {
                shelf.met(Probe.JOURNAL_TAIL_TORN);
                judgeTail(reader, fold, end);
            }
            boolean changed = torn;
            if (!clean && !(fold.content.sealed && fold.unproven.nothing())) {
                changed |= settleData(handle, journal, fold, torn);
            }
            if (mayLackItsEnd(fold.content)) {
                shelf.met(Probe.REPLICA_MAY_LACK_ITS_END);
                fold.content.suspect = true;
                changed = true;
            }
            return changed ? begunAnew(handle, fold) : asRead(fold, end);
        }
    }

    private boolean mayLackItsEnd(Content content) {
        return powerLost && !content.sealed && !content.suspect && content.established > 0;
    }

    private Loaded asRead(Fold fold, long end) {
        Unproven unproven = fold.unproven;
        if (clean) {
            return Loaded.durable(fold.content, end);
        }
        if (fold.lastChange <= unproven.allThrough) {
            return new Loaded(fold.content, end, end, unproven.journalThrough, 0, 0);
        }
        long lastExtension =
                unproven.claims.isEmpty() ? 0 : unproven.claims.getLast().end();
        long lastRedo = unproven.redos.isEmpty() ? 0 : unproven.redos.getLast().end();
        return new Loaded(
                fold.content,
                end,
                unproven.allThrough,
                unproven.journalThrough,
                lastExtension,
                Math.max(lastExtension, lastRedo));
    }

    private Loaded begunAnew(ChunkHandle handle, Fold fold) throws IOException {
        FreshJournal fresh = FreshJournal.replace(disk, buffers, handle, fold.content);
        fresh.file().close();
        disk.syncDirectory(Names.CHUNKS);
        return Loaded.durable(fold.content, fresh.bytes());
    }

    /**
     * Bytes at {@code end} that are no record: a torn last write, or worse? What follows tells: a mark that says it was
     * durable makes the journal corrupt; other records mean that a power loss tore holes into what was not synced.
     */
    private void judgeTail(JournalReader reader, Fold fold, long end) throws IOException, MalformedRecord {
        boolean holes = false;
        JournalRecord later = reader.resume();
        while (later != null) {
            holes = true;
            if (later instanceof JournalRecord.Synced synced && synced.journalThrough() > end) {
                throw new MalformedRecord("the record at %d is damaged".formatted(end));
            }
            if (later instanceof JournalRecord.Fenced fenced) {
                fold.fenceSeen = Math.max(fold.fenceSeen, fenced.version());
            }
            JournalRecord following = reader.next();
            later = following != null ? following : reader.resume();
        }
        if (clean) {
            throw new MalformedRecord("the record at %d is damaged though the store was closed".formatted(end));
        }
        if (holes) {
            shelf.met(Probe.JOURNAL_HAS_HOLES);
            fold.content.suspect = true;
            fold.content.fence = Math.max(fold.content.fence, fold.fenceSeen);
        }
    }

    /** Makes the data file what the journal says, as far as it can be; true when the journal must begin anew. */
    private boolean settleData(ChunkHandle handle, DiskFile journal, Fold fold, boolean torn)
            throws IOException, MalformedRecord {
        ByteBuffer scratch = buffers.take(geometry.blockBytes());
        try (DiskFile data = openData(handle, fold.unproven)) {
            if (fold.lastChange > fold.unproven.journalThrough) {
                journal.sync(); // or a power loss could keep what is done below and forget why
            }
            for (Unproven.Redo redo : fold.unproven.redos) {
                shelf.met(Probe.OVERWRITE_REDONE);
                redo(journal, data, redo, scratch);
            }
            if (data.bytes() < fold.unproven.baseLength) {
                throw new MalformedRecord("the data file has %d bytes of %d that were durable"
                        .formatted(data.bytes(), fold.unproven.baseLength));
            }
            boolean proven = prove(data, fold.content, fold.unproven.claims, scratch);
            if (!proven) {
                shelf.met(Probe.DATA_NOT_PROVEN);
                goBack(handle, journal, fold, firstFalse(data, fold.unproven.claims, scratch));
            }
            if (data.bytes() > fold.content.length) {
                shelf.met(Probe.DATA_BEYOND_JOURNAL);
                data.truncate(fold.content.length);
            }
            if (!proven || torn || mayLackItsEnd(fold.content)) { // the fresh journal will say that the data is durable
                data.sync();
            }
            return !proven;
        } finally {
            buffers.give(scratch);
        }
    }

    private DiskFile openData(ChunkHandle handle, Unproven unproven) throws IOException, MalformedRecord {
        String name = Names.of(handle, Names.DATA);
        try {
            return disk.open(name);
        } catch (NoSuchFileException e) {
            shelf.met(Probe.DATA_FILE_MISSING);
            if (unproven.baseLength > 0) {
                throw new MalformedRecord("the data file is missing");
            }
            return disk.create(name);
        }
    }

    private void redo(DiskFile journal, DiskFile data, Unproven.Redo redo, ByteBuffer scratch) throws IOException {
        for (int done = 0; done < redo.length(); ) {
            int bytes = Math.min(geometry.blockBytes(), redo.length() - done);
            Blocks.read(journal, redo.payloadBegin() + done, bytes, scratch);
            data.write(scratch.flip(), redo.offset() + done);
            done += bytes;
        }
    }

    /** Whether every block that a claim touched is as the last of them says. */
    private boolean prove(DiskFile data, Content content, List<Unproven.Claim> claims, ByteBuffer scratch)
            throws IOException {
        int first = claims.isEmpty() ? content.blocks() : claims.getFirst().firstBlock();
        for (int block = first; block < content.blocks(); block++) {
            long offset = (long) block * geometry.blockBytes();
            if (!shelf.holds(data, offset, content.bytesIn(block), content.sum(block), scratch)) {
                return false;
            }
        }
        return true;
    }

    private Unproven.Claim firstFalse(DiskFile data, List<Unproven.Claim> claims, ByteBuffer scratch)
            throws IOException {
        for (Unproven.Claim claim : claims) {
            for (int i = 0; i < claim.sums().length; i++) {
                long offset = (long) (claim.firstBlock() + i) * geometry.blockBytes();
                int bytes = (int) Math.min(geometry.blockBytes(), claim.newLength() - offset);
                if (!shelf.holds(data, offset, bytes, claim.sums()[i], scratch)) {
                    return claim;
                }
            }
        }
        return claims.getLast();
    }

    /** Folds the journal again, up to the record before {@code refuted}. */
    private void goBack(ChunkHandle handle, DiskFile journal, Fold fold, Unproven.Claim refuted)
            throws IOException, MalformedRecord {
        JournalReader reader = new JournalReader(journal, geometry, shelf.options.witness());
        reader.checkHeader(handle);
        long fence = fold.content.fence;
        fold.content = new Content(geometry);
        fold.unproven = new Unproven();
        fold.readThrough(reader, refuted.end() - 1);
        fold.content.fence = Math.max(fence, fold.content.fence);
        fold.content.suspect = true;
    }

    /** The sum of the records read so far. */
    private final class Fold {
        private Content content = new Content(geometry);
        private Unproven unproven = new Unproven();
        private long lastChange;
        private long fenceSeen;

        /** Reads until the end, trouble, or a record that ends behind {@code last}. */
        void readThrough(JournalReader reader, long last) throws IOException, MalformedRecord {
            @Nullable JournalRecord record = reader.next();
            if (!(record instanceof JournalRecord.Snapshot)) {
                throw new MalformedRecord("the first record is damaged");
            }
            while (record != null && reader.end() <= last) {
                content.apply(record);
                unproven.note(record, reader, content);
                if (!(record instanceof JournalRecord.Synced)) {
                    lastChange = reader.end();
                }
                record = reader.next();
            }
        }
    }
}
