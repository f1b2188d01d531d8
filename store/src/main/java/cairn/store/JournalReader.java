package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.model.ChunkHandle;
import cairn.model.Geometry;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal record by record through a window that holds one body at most; the payloads of overwrites are checked
 * in passing and not kept. One thread.
 */
final class JournalReader {
    private static final int WINDOW_BYTES = 64 << 10;

    private final DiskFile file;
    private final Geometry geometry;
    private final Witness witness;
    private final long fileBytes;
    private ByteBuffer window;
    private long windowBegin;
    private long next = JournalFormat.HEADER_BYTES;
    private long begin;
    private long payloadBegin;

    JournalReader(DiskFile file, Geometry geometry, Witness witness) throws IOException {
        this.file = file;
        this.geometry = geometry;
        this.witness = witness;
        this.fileBytes = file.bytes();
        this.window =
                ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, fileBytes)).limit(0);
    }

    void checkHeader(ChunkHandle handle) throws IOException, MalformedRecord {
        int bytes = (int) Math.min(JournalFormat.HEADER_BYTES, fileBytes);
        try {
            JournalFormat.checkHeader(bytes(0, bytes), handle, geometry);
        } catch (MalformedRecord e) {
            forgetWindow();
            JournalFormat.checkHeader(bytes(0, bytes), handle, geometry);
            witness.met(Probe.JOURNAL_MISREAD);
        }
    }

    long fileBytes() {
        return fileBytes;
    }

    /** Where the record that {@link #next} returned begins. */
    long begin() {
        return begin;
    }

    /** Where the record that {@link #next} returned ends; where the trouble begins when it returned none. */
    long end() {
        return next;
    }

    /** Where the payload of the overwrite that {@link #next} returned begins. */
    long payloadBegin() {
        return payloadBegin;
    }

    /**
     * The next record; null at the end of the file and where no valid record stands, however often it is read: who takes what
     * was only misread for a torn end cuts off what was acknowledged.
     */
    @Nullable
    JournalRecord next() throws IOException {
        JournalRecord record = at(next);
        if (record == null && next < fileBytes) {
            forgetWindow();
            record = at(next);
            if (record != null) {
                witness.met(Probe.JOURNAL_MISREAD);
            }
        }
        return record;
    }

    /** The first valid record behind the trouble; null when there is none. Continue with {@link #next}. */
    @Nullable
    JournalRecord resume() throws IOException {
        for (long position = next + 1; position + JournalFormat.FRAME_BYTES < fileBytes; position++) {
            if (bytes(position, 1).get() == JournalFormat.MARK) {
                JournalRecord found = at(position);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable JournalRecord at(long position) throws IOException {
        if (position + JournalFormat.FRAME_BYTES > fileBytes) {
            return null;
        }
        ByteBuffer frame = bytes(position, JournalFormat.FRAME_BYTES);
        byte mark = frame.get();
        int length = frame.getInt();
        int sum = frame.getInt();
        long bodyBegin = position + JournalFormat.FRAME_BYTES;
        if (mark != JournalFormat.MARK
                || length <= 0
                || length > JournalFormat.BODY_BYTES_MAX
                || bodyBegin + length > fileBytes) {
            return null;
        }
        ByteBuffer body = bytes(bodyBegin, length);
        if (JournalFormat.frameSum(body, position) != sum) {
            return null;
        }
        return decoded(body, position, bodyBegin + length);
    }

    private @Nullable JournalRecord decoded(ByteBuffer body, long position, long bodyEnd) throws IOException {
        JournalRecord record;
        try {
            record = JournalFormat.record(body);
        } catch (MalformedRecord e) {
            return null;
        }
        long end = bodyEnd;
        if (record instanceof JournalRecord.Overwritten overwritten) {
            if (!payloadIsGood(overwritten, bodyEnd)) {
                return null;
            }
            end += overwritten.length();
        }
        begin = position;
        payloadBegin = bodyEnd;
        next = end;
        return record;
    }

    private boolean payloadIsGood(JournalRecord.Overwritten record, long from) throws IOException {
        int size = geometry.blockBytes();
        int[] sums = record.pieceSums();
        if (from + record.length() > fileBytes || sums.length != Pieces.count(record.offset(), record.length(), size)) {
            return false;
        }
        for (int i = 0; i < sums.length; i++) {
            int pieceBegin = Pieces.begin(i, record.offset(), size);
            int pieceEnd = Pieces.end(i, record.offset(), record.length(), size);
            CRC32C sum = new CRC32C();
            sum.update(bytes(from + pieceBegin, pieceEnd - pieceBegin));
            if ((int) sum.getValue() != sums[i]) {
                return false;
            }
        }
        return true;
    }

    private void forgetWindow() {
        window.limit(0);
    }

    /** The bytes at {@code position}, valid until the next call. The caller has checked that the file has them. */
    private ByteBuffer bytes(long position, int count) throws IOException {
        if (position < windowBegin || position + count > windowBegin + window.limit()) {
            if (window.capacity() < count) {
                window = ByteBuffer.allocate(count);
            }
            window.clear();
            file.read(window, position);
            window.flip();
            windowBegin = position;
        }
        return window.slice((int) (position - windowBegin), count);
    }
}
