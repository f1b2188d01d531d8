package cairn.attack.power;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What the device mapper's log-writes target noted of a disk: every write, in the order in which they were done, every
 * flush, and marks that the workload set. Format (kernel documentation, admin-guide/device-mapper/log-writes): sector 0 is
 * the head; then each entry takes one sector (sector, sectors, flags, bytes of data; the text of a mark behind), and the
 * data of a write follows in whole sectors.
 *
 * <p>A write stands in the log before the flush that it was done before; writes that no flush followed are not in it.
 */
final class WriteLog implements Closeable {

    private static final long MAGIC = 0x6a736677736872L;
    private static final int FLUSH = 1;
    private static final int FORCED = 2; // FUA: on the platter when it returns
    private static final int DISCARD = 4;
    private static final int MARK = 8;

    private final FileChannel file;
    private final int sectorBytes;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One entry.
     *
     * @param sector where it was written, in sectors of the disk
     * @param sectors how many
     * @param dataAt where the log has the data, in bytes
     * @param mark the mark's text; empty for writes and flushes
     */
    record Entry(long sector, long sectors, long flags, long dataAt, String mark) {

        boolean isFlush() {
            return (flags & FLUSH) != 0;
        }

        boolean isForced() {
            return (flags & FORCED) != 0;
        }

        boolean isMark() {
            return (flags & MARK) != 0;
        }

        boolean isDiscard() {
            return (flags & DISCARD) != 0;
        }

        boolean isWrite() {
            return sectors > 0 && !isMark() && !isDiscard();
        }
    }

    private WriteLog(FileChannel file, int sectorBytes) {
        this.file = file;
        this.sectorBytes = sectorBytes;
    }

    /** @throws IOException when the file is no such log, or ends in the middle of an entry */
    static WriteLog open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        ByteBuffer head = read(file, 0, 28);
        if (head.getLong() != MAGIC) {
            file.close();
            throw new IOException(path + " is not a log of writes");
        }
        head.getLong(); // the format's version, 1 since it exists
        long count = head.getLong();
        WriteLog log = new WriteLog(file, head.getInt());
        log.readEntries(count);
        return log;
    }

    private void readEntries(long count) throws IOException {
        long at = sectorBytes;
        for (long i = 0; i < count; i++) {
            ByteBuffer entry = read(file, at, 32);
            long sector = entry.getLong();
            long sectors = entry.getLong();
            long flags = entry.getLong();
            long dataBytes = entry.getLong();
            boolean mark = (flags & MARK) != 0;
            String text = mark ? text(read(file, at + 32, (int) dataBytes)) : "";
            boolean data = !mark && (flags & DISCARD) == 0;
            entries.add(new Entry(sector, sectors, flags, at + sectorBytes, text));
            at += sectorBytes + (data ? sectors * sectorBytes : 0);
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString().replace("\0", "");
    }

    List<Entry> entries() {
        return entries;
    }

    /** The first {@code sectors} sectors that {@code entry} wrote. */
    ByteBuffer data(Entry entry, long sectors) throws IOException {
        return read(file, entry.dataAt(), Math.toIntExact(sectors * sectorBytes));
    }

    long positionOf(Entry entry) {
        return entry.sector() * sectorBytes;
    }

    int sectorBytes() {
        return sectorBytes;
    }

    private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (into.hasRemaining()) {
            int count = file.read(into, at + into.position());
            if (count < 0) {
                throw new EOFException("the log of writes ends at " + at + ", in the middle of an entry");
            }
        }
        return into.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
