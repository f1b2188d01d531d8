package cairn.log;

import cairn.world.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads one segment from its start to the first place that is no whole record in its turn. */
final class SegmentReader {
    private final String path;
    private final ByteBuffer file;
    private int offset = FileHeader.BYTES;
    private long expected;

    private SegmentReader(String path, ByteBuffer file, long firstIndex) {
        this.path = path;
        this.file = file;
        this.expected = firstIndex;
    }

    static SegmentReader open(Disk disk, long firstIndex, long cellId) throws IOException {
        String name = Files.segment(firstIndex);
        String path = disk.describe(name);
        ByteBuffer file = Files.readWhole(disk, name);
        FileHeader header = FileHeader.check(file, FileHeader.LOG_MAGIC, path, cellId);
        if (header.index() != firstIndex) {
            throw new StartRefused("%s: its first record is %016x by its header; give it its right name back"
                    .formatted(path, header.index()));
        }
        return new SegmentReader(path, file, firstIndex);
    }

    /** Whether the file is shorter than a header, or has a broken one and nothing else: a crash while it was made. */
    static boolean isStillborn(Disk disk, long firstIndex) throws IOException {
        ByteBuffer file = Files.readWhole(disk, Files.segment(firstIndex));
        return file.limit() <= FileHeader.BYTES && !FileHeader.isWhole(file, FileHeader.LOG_MAGIC);
    }

    /** The next record, or null at the end of what is whole. End marks are passed over. */
    @Nullable
    LogRecord next() {
        while (true) {
            LogRecord record = LogRecord.decode(file, offset);
            if (record == null || record.index() != (record.isEndMark() ? expected - 1 : expected)) {
                return null;
            }
            offset += record.bytes();
            if (!record.isEndMark()) {
                expected++;
                return record;
            }
        }
    }

    String path() {
        return path;
    }

    /** Where the next record would start. */
    int offset() {
        return offset;
    }

    long nextIndex() {
        return expected;
    }

    int bytesLeft() {
        return file.limit() - offset;
    }

    /**
     * Whether something behind the first bad record proves that it had been durable once: then this is damage, and not
     * the torn end of what nobody was told of.
     */
    boolean hasProofOfDamage() {
        for (int at = offset + 1; at <= file.limit() - LogRecord.HEADER_BYTES; at++) {
            if (couldProve(at)) {
                LogRecord record = LogRecord.decode(file, at);
                if (record != null && record.durable() >= expected) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A quick look at the two indexes, before the sum over the payload is taken. */
    private boolean couldProve(int at) {
        long durable = file.getLong(at + 16);
        return durable >= expected && durable <= file.getLong(at + 8) && file.getLong(at + 8) - expected < file.limit();
    }
}
