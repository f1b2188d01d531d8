package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.chunk.ProducerTable;
import cairn.chunk.Varint;
import cairn.model.ChunkHandle;
import cairn.model.Geometry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The bytes of a journal, drawn in docs/formats/chunk-store.md. Stateless. */
final class JournalFormat {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 32;

    /** Of a record, before its body: mark, length, CRC32C. */
    static final int FRAME_BYTES = 9;

    /** Bounds what a damaged length can make us allocate; the largest producer table is a third of it. */
    static final int BODY_BYTES_MAX = 64 << 20;

    static final byte MARK = (byte) 0xCA;

    private static final long MAGIC = 0x636169726e6a6e6cL; // "cairnjnl"
    private static final int NUMBERS_BYTES_MAX = 1 + 8 * Varint.BYTES_MAX;

    private static final int SNAPSHOT = 1;
    private static final int EXTENDED = 2;
    private static final int OVERWRITTEN = 3;
    private static final int CUT = 4;
    private static final int FENCED = 5;
    private static final int SEALED = 6;
    private static final int ESTABLISHED = 7;
    private static final int SUSPECTED = 8;
    private static final int SYNCED = 9;

    private JournalFormat() {}

    static void putHeader(ByteBuffer into, ChunkHandle handle, Geometry geometry) {
        int begin = into.position();
        into.putLong(MAGIC)
                .putInt(VERSION)
                .putLong(handle.value())
                .putInt(geometry.chunkBytes())
                .putInt(geometry.blockBytes());
        into.putInt(sum(into, begin, HEADER_BYTES - 4));
    }

    static void checkHeader(ByteBuffer from, ChunkHandle handle, Geometry geometry) throws MalformedRecord {
        if (from.remaining() < HEADER_BYTES) {
            throw new MalformedRecord("the header is incomplete");
        }
        int expected = sum(from, from.position(), HEADER_BYTES - 4);
        long magic = from.getLong();
        int version = from.getInt();
        long chunk = from.getLong();
        int chunkBytes = from.getInt();
        int blockBytes = from.getInt();
        if (from.getInt() != expected || magic != MAGIC) {
            throw new MalformedRecord("the header is damaged");
        }
        if (version != VERSION) {
            throw new MalformedRecord("format %d; this build reads format %d".formatted(version, VERSION));
        }
        if (chunk != handle.value()) {
            throw new MalformedRecord("it is that of chunk %016x".formatted(chunk));
        }
        if (chunkBytes != geometry.chunkBytes() || blockBytes != geometry.blockBytes()) {
            throw new MalformedRecord(
                    "chunks of %d bytes in blocks of %d: not this cell's".formatted(chunkBytes, blockBytes));
        }
    }

    private static int sum(ByteBuffer buffer, int from, int bytes) {
        CRC32C sum = new CRC32C();
        sum.update(buffer.slice(from, bytes));
        return (int) sum.getValue();
    }

    /** Bytes that {@link #putRecord} takes at most. */
    static long recordBytesMax(JournalRecord record) {
        long lists = switch (record) {
            case JournalRecord.Snapshot snapshot ->
                4L * snapshot.sums().length + snapshot.producers().encodedBytesMax();
            case JournalRecord.Extended extended ->
                4L * extended.sums().length
                        + (long) EntryCodec.BYTES_MAX * extended.entries().size();
            case JournalRecord.Overwritten overwritten ->
                4L * (overwritten.sums().length + overwritten.pieceSums().length)
                        + (long) EntryCodec.BYTES_MAX * overwritten.entries().size();
            case JournalRecord.Cut cut ->
                (long) EntryCodec.BYTES_MAX * cut.entries().size();
            case JournalRecord.Established established ->
                established.producers().encodedBytesMax();
            case JournalRecord.Fenced ignored -> 0;
            case JournalRecord.Sealed() -> 0;
            case JournalRecord.Suspected() -> 0;
            case JournalRecord.Synced ignored -> 0;
        };
        return FRAME_BYTES + NUMBERS_BYTES_MAX + lists;
    }

    /**
     * Writes one record, framed.
     *
     * @param position where in the file it will stand: part of the CRC, so that a record is valid nowhere else
     */
    static void putRecord(ByteBuffer into, JournalRecord record, long position) {
        int begin = into.position();
        into.put(MARK).putLong(position);
        putBody(into, record);
        int body = into.position() - begin - FRAME_BYTES;
        int sum = sum(into, begin + 1, 8 + body);
        into.putInt(begin + 1, body).putInt(begin + 5, sum);
    }

    /** The CRC of a record's frame: over the position, then the body. */
    static int frameSum(ByteBuffer body, long position) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(8).putLong(0, position));
        sum.update(body.duplicate());
        return (int) sum.getValue();
    }

    private static void putBody(ByteBuffer into, JournalRecord record) {
        switch (record) {
            case JournalRecord.Snapshot snapshot -> putSnapshot(into, snapshot);
            case JournalRecord.Extended extended -> {
                putNumbers(into, EXTENDED, extended.serial(), extended.newLength(), extended.firstBlock());
                putSums(into, extended.sums());
                EntryCodec.encode(into, extended.entries());
            }
            case JournalRecord.Overwritten overwritten -> putOverwritten(into, overwritten);
            case JournalRecord.Cut cut -> {
                putNumbers(into, CUT, cut.serial(), cut.newLength());
                into.putInt(cut.tailSum());
                EntryCodec.encode(into, cut.entries());
            }
            case JournalRecord.Fenced fenced -> putNumbers(into, FENCED, fenced.version());
            case JournalRecord.Sealed() -> putNumbers(into, SEALED);
            case JournalRecord.Established done -> {
                putNumbers(into, ESTABLISHED, done.version(), done.length(), done.serial());
                into.putInt(done.tailSum());
                done.producers().encode(into);
            }
            case JournalRecord.Suspected() -> putNumbers(into, SUSPECTED);
            case JournalRecord.Synced synced -> putNumbers(into, SYNCED, synced.allThrough(), synced.journalThrough());
        }
    }

    private static void putSnapshot(ByteBuffer into, JournalRecord.Snapshot snapshot) {
        int flags = (snapshot.sealed() ? 1 : 0) | (snapshot.suspect() ? 2 : 0);
        putNumbers(into, SNAPSHOT, snapshot.fence(), snapshot.established(), flags);
        Varint.put(into, snapshot.length());
        Varint.put(into, snapshot.serial());
        putSums(into, snapshot.sums());
        snapshot.producers().encode(into);
    }

    private static void putOverwritten(ByteBuffer into, JournalRecord.Overwritten overwritten) {
        putNumbers(into, OVERWRITTEN, overwritten.serial(), overwritten.offset(), overwritten.length());
        putNumbers(into, overwritten.settled() ? 1 : 0, overwritten.newLength());
        putSums(into, overwritten.pieceSums());
        putSums(into, overwritten.sums());
        EntryCodec.encode(into, overwritten.entries());
    }

    private static void putNumbers(ByteBuffer into, int type, long... numbers) {
        into.put((byte) type);
        for (long number : numbers) {
            Varint.put(into, number);
        }
    }

    private static void putSums(ByteBuffer into, int[] sums) {
        Varint.put(into, sums.length);
        for (int sum : sums) {
            into.putInt(sum);
        }
    }

    /** Reads the body that {@link #putRecord} wrote. */
    static JournalRecord record(ByteBuffer body) throws MalformedRecord {
        try {
            JournalRecord record = recordOf(body.get(), body);
            if (body.hasRemaining()) {
                throw new MalformedRecord("%d bytes too many in a record".formatted(body.remaining()));
            }
            return record;
        } catch (BufferUnderflowException e) {
            throw new MalformedRecord("a record that ends too early");
        }
    }

    private static JournalRecord recordOf(int type, ByteBuffer body) throws MalformedRecord {
        return switch (type) {
            case SNAPSHOT -> snapshot(body);
            case EXTENDED ->
                new JournalRecord.Extended(
                        number(body), number(body), (int) number(body), sums(body), EntryCodec.decode(body));
            case OVERWRITTEN -> overwritten(body);
            case CUT -> new JournalRecord.Cut(number(body), number(body), body.getInt(), EntryCodec.decode(body));
            case FENCED -> new JournalRecord.Fenced(number(body));
            case SEALED -> new JournalRecord.Sealed();
            case ESTABLISHED ->
                new JournalRecord.Established(
                        number(body), number(body), number(body), body.getInt(), ProducerTable.decode(body));
            case SUSPECTED -> new JournalRecord.Suspected();
            case SYNCED -> new JournalRecord.Synced(number(body), number(body));
            default -> throw new MalformedRecord("a record of the unknown type " + type);
        };
    }

    private static JournalRecord snapshot(ByteBuffer body) throws MalformedRecord {
        long fence = number(body);
        long established = number(body);
        long flags = Varint.get(body, 0, 3, "flags");
        return new JournalRecord.Snapshot(
                fence,
                established,
                (flags & 1) != 0,
                (flags & 2) != 0,
                number(body),
                number(body),
                sums(body),
                ProducerTable.decode(body));
    }

    private static JournalRecord overwritten(ByteBuffer body) throws MalformedRecord {
        long serial = number(body);
        long offset = number(body);
        int length = (int) number(body);
        boolean settled = body.get() == 1;
        long newLength = number(body);
        int[] pieceSums = sums(body);
        return new JournalRecord.Overwritten(
                serial, offset, length, newLength, pieceSums, sums(body), settled, EntryCodec.decode(body));
    }

    private static long number(ByteBuffer body) throws MalformedRecord {
        return Varint.get(body, 0, Long.MAX_VALUE, "a number");
    }

    private static int[] sums(ByteBuffer body) throws MalformedRecord {
        int[] sums = new int[(int) Varint.get(body, 0, body.remaining() / 4, "count of sums")];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = body.getInt();
        }
        return sums;
    }
}
