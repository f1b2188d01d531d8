package cairn.log;

import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import cairn.world.Disk;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Finds, loads, makes and prunes checkpoints. A new one is made from the one before and the closed segments of the log
 * behind it, through the same {@code apply}, into an image of its own: the live state is neither locked nor copied
 * (docs/decisions/0003). One thread at a time.
 */
public final class Checkpoints {
    private final Disk disk;
    private final long cellId;
    private final Supplier<StateImage> empty;
    private final Consumer<String> notes;
    private final Witness witness;

    Checkpoints(Disk disk, long cellId, LogStore.Setting setting) {
        this.disk = disk;
        this.cellId = cellId;
        this.empty = setting.empty();
        this.notes = setting.notes();
        this.witness = setting.witness();
    }

    /** An image and the index of the last record that is in it; index 0: empty. */
    record Loaded(StateImage image, long index) {}

    /** The newest whole checkpoint; what has to be passed over is said in a note. */
    Loaded loadNewest() throws IOException {
        List<Long> indexes = Files.indexes(disk, Files.CHECKPOINT_PREFIX);
        for (long index : indexes.reversed()) {
            if (isWhole(index)) {
                return load(index);
            }
        }
        return new Loaded(empty.get(), 0);
    }

    /**
     * Makes a checkpoint of everything up to {@code through}, the last index of a closed segment; then deletes older ones
     * but one, and the segments they cover. Returns its index.
     */
    public long make(long through) throws IOException {
        Loaded base = loadNewest();
        if (base.index() >= through) {
            return base.index();
        }
        new LogReader(disk, cellId, witness)
                .readThrough(base.index(), through, (index, payload) -> apply(base.image(), index, payload));
        try (CheckpointWriter writer = new CheckpointWriter(disk, cellId, through)) {
            base.image().<IOException>export(writer::add);
            writer.finish();
        }
        prune(base.index(), through);
        return through;
    }

    static void apply(StateImage image, long index, byte[] payload) throws StartRefused {
        try {
            image.apply(index, payload);
        } catch (StateImage.UnreadableRecord e) {
            throw new StartRefused(
                    "log record %016x: %s; start the version of Cairn that wrote it".formatted(index, e.getMessage()));
        }
    }

    /** Unfinished checkpoints of an earlier life. */
    void deleteTemporary() throws IOException {
        for (String name : disk.list("")) {
            if (name.startsWith(Files.CHECKPOINT_PREFIX) && name.endsWith(Files.TEMPORARY_SUFFIX)) {
                witness.met(Probe.CHECKPOINT_UNFINISHED);
                notes.accept(disk.describe(name) + ": an unfinished checkpoint, deleted");
                disk.delete(name);
            }
        }
    }

    private boolean isWhole(long index) throws IOException {
        try (CheckpointReader reader = new CheckpointReader(disk, index, cellId)) {
            reader.<RuntimeException>forEach(record -> {});
            return true;
        } catch (StartRefused e) {
            witness.met(Probe.CHECKPOINT_DAMAGED);
            notes.accept(e.getMessage() + "; passed over for an older checkpoint and more of the log");
            return false;
        }
    }

    private Loaded load(long index) throws IOException {
        StateImage image = empty.get();
        try (CheckpointReader reader = new CheckpointReader(disk, index, cellId)) {
            reader.forEach(image::load);
        } catch (StateImage.UnreadableRecord e) {
            throw new StartRefused("%s: %s; start the version of Cairn that wrote it"
                    .formatted(disk.describe(Files.checkpoint(index)), e.getMessage()));
        }
        return new Loaded(image, index);
    }

    /**
     * Deletes all checkpoints but the two that are known to be whole: the one made now and the one it was made from. One that
     * was found damaged must not take the place of the older one of them: with it would go what a second damage needs.
     */
    private void prune(long base, long made) throws IOException {
        for (long index : Files.indexes(disk, Files.CHECKPOINT_PREFIX)) {
            if (index != base && index != made) {
                disk.delete(Files.checkpoint(index));
            }
        }
        List<Long> segments = Files.indexes(disk, Files.SEGMENT_PREFIX);
        for (int i = 0; i + 1 < segments.size() && segments.get(i + 1) <= base + 1; i++) {
            disk.delete(Files.segment(segments.get(i)));
        }
    }
}
