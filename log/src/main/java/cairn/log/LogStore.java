package cairn.log;

import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import cairn.world.Disk;
import cairn.world.Threads;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A master's durable state at work: the image that was recovered, the log that goes on behind it, the checkpoints.
 *
 * @param image newest whole checkpoint and all of the log behind it
 * @param lastIndex of the last record in {@code image}
 * @param checkpointIndex of the checkpoint it was loaded from; 0: none
 */
public record LogStore(
        CellIdentity cell,
        StateImage image,
        long lastIndex,
        long checkpointIndex,
        OperationLog log,
        Checkpoints checkpoints) {

    /**
     * What the store needs of the process around it.
     *
     * @param empty makes images
     * @param notes lines for the operator
     * @param failed told once, from the log's thread, when a write or sync fails: stop the process
     * @param witness told what is met
     */
    public record Setting(
            LogOptions options,
            Threads threads,
            Supplier<StateImage> empty,
            Consumer<String> notes,
            Consumer<IOException> failed,
            Witness witness) {}

    /** Restart: newest whole checkpoint, then the tail of the log; a torn end is cut. */
    public static LogStore recover(DataDirectory directory, Setting setting) throws IOException {
        Disk disk = directory.disk();
        CellIdentity cell = directory.identity();
        if (cell == null) {
            throw new StartRefused(disk.describe("") + ": no cell was made here");
        }
        Checkpoints checkpoints = new Checkpoints(disk, cell.cellId(), setting);
        Checkpoints.Loaded base = checkpoints.loadNewest();
        LogReader reader = new LogReader(disk, cell.cellId(), setting.witness());
        LogReader.End end =
                reader.read(base.index(), (index, payload) -> Checkpoints.apply(base.image(), index, payload));
        if (end.lastIndex() == 0) {
            throw new StartRefused(disk.describe("") + ": the log of this cell is missing; restore it from a copy");
        }
        if (!end.note().isEmpty()) {
            setting.notes().accept(end.note());
        }
        checkpoints.deleteTemporary();
        reader.repair(end);
        OperationLog log = OperationLog.start(disk, cell.cellId(), setting, end.lastIndex());
        return new LogStore(cell, base.image(), end.lastIndex(), base.index(), log, checkpoints);
    }

    /** Makes a new cell whose first record is {@code first}, durable on return. */
    public static LogStore format(DataDirectory directory, CellIdentity cell, byte[] first, Setting setting)
            throws IOException {
        if (directory.hasUnfinished()) {
            setting.witness().met(Probe.CELL_UNFINISHED);
        }
        directory.beginFormat(cell);
        OperationLog log = OperationLog.start(directory.disk(), cell.cellId(), setting, 0);
        log.awaitDurable(log.append(first));
        directory.finishFormat(cell);
        StateImage image = setting.empty().get();
        Checkpoints.apply(image, 1, first);
        Checkpoints checkpoints = new Checkpoints(directory.disk(), cell.cellId(), setting);
        return new LogStore(cell, image, 1, 0, log, checkpoints);
    }

    /** Reads a log or a checkpoint for people, without changing anything; see {@code cairn dump}. */
    public interface DumpSink {
        void line(String file, @Nullable Long index, byte[] record) throws IOException;
    }

    /** Every record of the log, or of the one segment with this name; "all" or empty: of all segments. */
    public static String dumpLog(Disk disk, String name, DumpSink sink) throws IOException {
        CellIdentity cell = DataDirectory.identity(disk);
        List<Long> segments = Files.indexes(disk, Files.SEGMENT_PREFIX).stream()
                .filter(first -> wanted(name, Files.segment(first)))
                .toList();
        refuseNone(disk, name, segments);
        for (long first : segments) {
            SegmentReader reader = SegmentReader.open(disk, first, cell.cellId());
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                sink.line(Files.segment(first), record.index(), record.payload());
            }
            if (reader.bytesLeft() > 0) {
                return "%s: no whole record at offset %d; %d bytes are left"
                        .formatted(reader.path(), reader.offset(), reader.bytesLeft());
            }
        }
        return "";
    }

    /** Every record of the checkpoint with this name; "all" or empty: of the newest. */
    public static void dumpCheckpoint(Disk disk, String name, DumpSink sink) throws IOException {
        CellIdentity cell = DataDirectory.identity(disk);
        List<Long> checkpoints = Files.indexes(disk, Files.CHECKPOINT_PREFIX).stream()
                .filter(index -> wanted(name, Files.checkpoint(index)))
                .toList();
        if (checkpoints.isEmpty() && !name.startsWith(Files.CHECKPOINT_PREFIX)) {
            throw new StartRefused(disk.describe("")
                    + ": no checkpoint yet; all that the cell knows is in its log, which 'cairn dump log' shows");
        }
        refuseNone(disk, name, checkpoints);
        try (CheckpointReader reader = new CheckpointReader(disk, checkpoints.getLast(), cell.cellId())) {
            String file = Files.checkpoint(checkpoints.getLast());
            reader.<IOException>forEach(record -> sink.line(file, null, record));
        }
    }

    private static boolean wanted(String name, String file) {
        return name.isEmpty() || name.equals("all") || name.equals(file);
    }

    private static void refuseNone(Disk disk, String name, List<Long> found) throws StartRefused {
        if (found.isEmpty()) {
            throw new StartRefused(disk.describe(name.equals("all") ? "" : name) + ": no such file of a master");
        }
    }
}
