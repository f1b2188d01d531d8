package cairn.log;

import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads the records of all segments in order, and says where the log ends. */
final class LogReader {
    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final long cellId;
    private final Witness witness;

    LogReader(Disk disk, long cellId, Witness witness) {
        this.disk = disk;
        this.cellId = cellId;
        this.witness = witness;
    }

    /** Takes records with their indexes. */
    interface Visitor {
        void record(long index, byte[] payload) throws IOException;
    }

    /**
     * Where the log ends.
     *
     * @param note what was found torn at the end, for the operator; empty when nothing was
     * @param segment first index of the last segment that is whole or has a torn tail; 0 when there is none
     * @param keepBytes of that segment
     */
    record End(long lastIndex, String note, long segment, long keepBytes) {}

    /** Visits the records behind {@code after}; changes nothing. */
    End read(long after, Visitor visitor) throws IOException {
        List<Long> segments = Files.indexes(disk, Files.SEGMENT_PREFIX);
        checkStart(segments, after);
        End end = new End(after, "", 0, 0);
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            if (last && SegmentReader.isStillborn(disk, segments.get(i))) {
                witness.met(Probe.LOG_SEGMENT_STILLBORN);
                String note = disk.describe(Files.segment(segments.get(i))) + ": a crash left it without a header; "
                        + "it holds nothing and is made anew";
                return new End(end.lastIndex, note, end.segment, end.keepBytes);
            }
            if (last || segments.get(i + 1) > after + 1) {
                end = readSegment(segments.get(i), last ? -1 : segments.get(i + 1), after, visitor);
            }
        }
        return end;
    }

    /** Visits the records behind {@code after} up to {@code through}, all in closed segments. */
    void readThrough(long after, long through, Visitor visitor) throws IOException {
        List<Long> segments = Files.indexes(disk, Files.SEGMENT_PREFIX);
        checkStart(segments, after);
        for (int i = 0; i + 1 < segments.size() && segments.get(i) <= through; i++) {
            if (segments.get(i + 1) > after + 1) {
                readSegment(segments.get(i), segments.get(i + 1), after, visitor);
            }
        }
    }

    /** Brings the files into the state that {@link #read} found: a torn tail goes, a segment without a record too. */
    void repair(End end) throws IOException {
        for (long first : Files.indexes(disk, Files.SEGMENT_PREFIX)) {
            if (first > end.lastIndex) {
                disk.delete(Files.segment(first));
                disk.syncDirectory("");
            }
        }
        if (end.segment == 0 || end.segment > end.lastIndex) {
            return;
        }
        try (DiskFile file = disk.open(Files.segment(end.segment))) {
            if (file.bytes() > end.keepBytes) {
                file.truncate(end.keepBytes);
            }
            writeAgain(file, end.keepBytes);
            file.sync(); // a process that was killed may have written it and not synced: from now on others build on it
        }
    }

    /**
     * A sync that failed may have been the end of the process before; then the kernel takes the pages that it could not
     * write for clean, shows them to every reader, and no later sync puts them on the disk. Writing them makes them dirty.
     */
    private static void writeAgain(DiskFile file, long through) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long at = 0;
        while (at < through) {
            int wanted = (int) Math.min(PIECE_BYTES, through - at);
            file.read(piece.clear().limit(wanted), at);
            if (piece.hasRemaining()) {
                throw new IOException("the log ended while it was written again");
            }
            file.write(piece.flip(), at);
            at += wanted;
        }
    }

    private void checkStart(List<Long> segments, long after) throws StartRefused {
        if (segments.isEmpty() && after > 0) {
            witness.met(Probe.LOG_INCOMPLETE);
            throw new StartRefused("%s: no log segment is here, but there must be one behind record %016x; restore it"
                    .formatted(disk.describe(""), after));
        }
        if (!segments.isEmpty() && segments.getFirst() > after + 1) {
            witness.met(Probe.LOG_INCOMPLETE);
            throw new StartRefused(
                    "%s: records %016x to %016x are missing before it; restore the segments or the newest checkpoint"
                            .formatted(
                                    disk.describe(Files.segment(segments.getFirst())),
                                    after + 1,
                                    segments.getFirst() - 1));
        }
    }

    private End readSegment(long first, long nextFirst, long after, Visitor visitor) throws IOException {
        SegmentReader reader = SegmentReader.open(disk, first, cellId);
        for (LogRecord record = reader.next(); record != null; record = reader.next()) {
            if (record.index() > after) {
                visitor.record(record.index(), record.payload());
            }
        }
        if (nextFirst >= 0) {
            checkWhole(reader, nextFirst);
            return new End(nextFirst - 1, "", first, reader.offset());
        }
        return endOf(reader, first, after);
    }

    private void checkWhole(SegmentReader reader, long nextFirst) throws StartRefused {
        if (reader.bytesLeft() > 0) {
            throw damaged(reader);
        }
        if (reader.nextIndex() != nextFirst) {
            witness.met(Probe.LOG_INCOMPLETE);
            throw new StartRefused(
                    "%s: ends at offset %d before record %016x, but the next segment starts at %016x; restore what is missing"
                            .formatted(reader.path(), reader.offset(), reader.nextIndex(), nextFirst));
        }
    }

    private End endOf(SegmentReader reader, long first, long after) throws StartRefused {
        long lastIndex = reader.nextIndex() - 1;
        if (reader.bytesLeft() > 0 && reader.hasProofOfDamage()) {
            throw damaged(reader);
        }
        if (lastIndex < after) {
            witness.met(Probe.LOG_INCOMPLETE);
            throw new StartRefused("%s: ends at offset %d with record %016x, before the checkpoint's %016x; restore it"
                    .formatted(reader.path(), reader.offset(), lastIndex, after));
        }
        if (reader.bytesLeft() > 0) {
            witness.met(Probe.LOG_TAIL_TORN);
        }
        String note = reader.bytesLeft() == 0
                ? ""
                : "%s: cut at offset %d: %d bytes of records that were never confirmed to anyone"
                        .formatted(reader.path(), reader.offset(), reader.bytesLeft());
        return new End(lastIndex, note, first, reader.offset());
    }

    private StartRefused damaged(SegmentReader reader) {
        witness.met(Probe.LOG_DAMAGED);
        return new StartRefused(
                "%s: damaged at offset %d (record %016x); nothing was changed: restore this file from a copy"
                        .formatted(reader.path(), reader.offset(), reader.nextIndex()));
    }
}
