package cairn.log;

import cairn.model.Geometry;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A master's data directory, locked for this process until closed. The file {@code cell} says whose it is; it gets its
 * name last of all when a cell is made, so a directory with it must have a log.
 */
public final class DataDirectory implements Closeable {
    private static final String IDENTITY = "cell";
    private static final String UNFINISHED = "cell.new";
    private static final String LOCK = "lock";
    private static final String MAGIC = "cairn-master-format";
    private static final int VERSION = 1;

    private final Disk disk;
    private final Closeable lock;
    private @Nullable CellIdentity identity;

    private DataDirectory(Disk disk, Closeable lock) {
        this.disk = disk;
        this.lock = lock;
    }

    /** @throws StartRefused when it is in use, somebody else's, or of a newer format */
    public static DataDirectory open(Disk disk) throws IOException {
        List<String> names = disk.list("");
        boolean ours = names.contains(IDENTITY) || names.contains(UNFINISHED);
        if (!ours && names.stream().anyMatch(name -> !name.equals(LOCK))) {
            throw new StartRefused(disk.describe("")
                    + ": not empty, and not the data directory of a master; name an empty or new directory");
        }
        DataDirectory directory = new DataDirectory(disk, lock(disk));
        try {
            directory.identity = disk.exists(IDENTITY) ? read(disk) : null;
            return directory;
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /** For offline reading, without the lock. */
    public static CellIdentity identity(Disk disk) throws IOException {
        if (!disk.exists(IDENTITY)) {
            throw new StartRefused(disk.describe("") + ": not the data directory of a master (no file 'cell')");
        }
        return read(disk);
    }

    Disk disk() {
        return disk;
    }

    /** Null: no cell was made here yet. */
    public @Nullable CellIdentity identity() {
        return identity;
    }

    /** Whether a cell was begun here and not finished. */
    boolean hasUnfinished() throws IOException {
        return disk.exists(UNFINISHED);
    }

    /** First step of making a cell; what an earlier, unfinished attempt left is deleted. */
    void beginFormat(CellIdentity cell) throws IOException {
        for (long first : Files.indexes(disk, Files.SEGMENT_PREFIX)) {
            disk.delete(Files.segment(first));
        }
        disk.delete(UNFINISHED);
        try (DiskFile file = disk.create(UNFINISHED)) {
            file.write(ByteBuffer.wrap(text(cell).getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.syncDirectory("");
    }

    /** Last step of making a cell: its first record is durable. */
    void finishFormat(CellIdentity cell) throws IOException {
        disk.rename(UNFINISHED, IDENTITY);
        disk.syncDirectory("");
        identity = cell;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static Closeable lock(Disk disk) throws StartRefused {
        try {
            return disk.lock(LOCK);
        } catch (IOException e) {
            throw new StartRefused(
                    disk.describe("") + ": in use by a running process; stop that one first (" + e.getMessage() + ")",
                    e);
        }
    }

    private static String text(CellIdentity cell) {
        String lines = "%s %d\ncell %016x\nchunk-bytes %d\nblock-bytes %d\n"
                .formatted(
                        MAGIC,
                        VERSION,
                        cell.cellId(),
                        cell.geometry().chunkBytes(),
                        cell.geometry().blockBytes());
        return lines + sumLine(lines);
    }

    /** Its own last line: any digit may rot, and a cell with another id or geometry would be another cell. */
    private static String sumLine(String lines) {
        CRC32C sum = new CRC32C();
        sum.update(lines.getBytes(StandardCharsets.UTF_8));
        return "crc32c %08x\n".formatted((int) sum.getValue());
    }

    private static CellIdentity read(Disk disk) throws IOException {
        String path = disk.describe(IDENTITY);
        ByteBuffer bytes = Files.readWhole(disk, IDENTITY);
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        List<String> words = Arrays.asList(text.trim().split("\\s+"));
        try {
            int version = Integer.parseInt(words.get(words.indexOf(MAGIC) + 1));
            if (version > VERSION) {
                throw new StartRefused(path + ": format " + version + " is newer than this version of Cairn reads ("
                        + VERSION + "); start the version that wrote it");
            }
            int last = text.lastIndexOf("crc32c ");
            if (last < 0 || !text.substring(last).equals(sumLine(text.substring(0, last)))) {
                throw new StartRefused(path + ": damaged (its sum is wrong); restore this file from a copy");
            }
            int chunkBytes = Integer.parseInt(words.get(words.indexOf("chunk-bytes") + 1));
            int blockBytes = Integer.parseInt(words.get(words.indexOf("block-bytes") + 1));
            String fault = Geometry.fault(chunkBytes, blockBytes);
            if (!fault.isEmpty()) {
                throw new StartRefused(path + ": damaged (" + fault + "); restore this file from a copy");
            }
            return new CellIdentity(
                    Long.parseUnsignedLong(words.get(words.indexOf("cell") + 1), 16),
                    new Geometry(chunkBytes, blockBytes));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new StartRefused(path + ": damaged at offset 0; restore this file from a copy", e);
        }
    }
}
