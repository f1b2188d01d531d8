package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.model.ChunkHandle;
import cairn.model.Geometry;
import cairn.model.proof.Witness;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints what is on a disk, for people: {@code cairn dump chunk}. Neither locks nor changes anything. */
public final class StoreDump {
    private final Disk disk;
    private final Geometry geometry;
    private final Appendable out;

    private StoreDump(Disk disk, Geometry geometry, Appendable out) {
        this.disk = disk;
        this.geometry = geometry;
        this.out = out;
    }

    /** One replica with all its records, sums and producers; or a line for each replica when no handle is given. */
    public static void write(Disk disk, Optional<ChunkHandle> handle, Appendable out) throws IOException {
        Optional<StoreIdentity> identity = IdentityFile.read(disk);
        if (identity.isEmpty()) {
            out.append("%s is empty\n".formatted(disk.describe("")));
            return;
        }
        StoreDump dump = new StoreDump(disk, identity.get().geometry(), out);
        if (handle.isPresent()) {
            dump.replica(handle.get(), true);
            return;
        }
        out.append(IdentityFile.format(identity.get()));
        for (String name : disk.list(Names.CHUNKS)) {
            if (Names.isReplicaFile(name) && Names.suffix(name).equals(Names.JOURNAL)) {
                dump.replica(Names.handle(name), false);
            }
        }
    }

    private void replica(ChunkHandle handle, boolean full) throws IOException {
        String name = Names.of(handle, Names.JOURNAL);
        Content content = new Content(geometry);
        String trouble = "";
        try (DiskFile file = disk.open(name)) {
            JournalReader reader = new JournalReader(file, geometry, Witness.NOBODY);
            reader.checkHeader(handle);
            if (full) {
                out.append("%s: %d bytes, format %d\n"
                        .formatted(disk.describe(name), reader.fileBytes(), JournalFormat.VERSION));
            }
            @Nullable JournalRecord record = reader.next();
            while (record != null) {
                content.apply(record);
                if (full) {
                    out.append("%8d %s\n".formatted(reader.begin(), describe(record)));
                }
                record = reader.next();
            }
            if (reader.end() < reader.fileBytes()) {
                trouble = "  DAMAGED at byte %d of the journal".formatted(reader.end());
            }
        } catch (MalformedRecord e) {
            trouble = "  DAMAGED: " + e.getMessage();
        }
        out.append(summary(handle, content)).append(trouble).append("\n");
        if (full) {
            sums(content);
            out.append(content.producers.toString()).append(content.producers.size() == 0 ? "" : "\n");
        }
    }

    private static String summary(ChunkHandle handle, Content content) {
        return "%s fence v%d established v%d length %d serial %d%s%s"
                .formatted(
                        handle,
                        content.fence,
                        content.established,
                        content.length,
                        content.serial,
                        content.sealed ? " sealed" : "",
                        content.suspect ? " suspect" : "");
    }

    private void sums(Content content) throws IOException {
        for (int block = 0; block < content.blocks(); block++) {
            out.append("block %5d  %08x\n".formatted(block, content.sum(block)));
        }
    }

    private static String describe(JournalRecord record) {
        return switch (record) {
            case JournalRecord.Snapshot snapshot ->
                "snapshot  fence v%d established v%d length %d serial %d"
                        .formatted(snapshot.fence(), snapshot.established(), snapshot.length(), snapshot.serial());
            case JournalRecord.Extended extended ->
                "extended  serial %d length %d blocks from %d: %s entries %s"
                        .formatted(
                                extended.serial(),
                                extended.newLength(),
                                extended.firstBlock(),
                                hex(extended.sums()),
                                extended.entries());
            case JournalRecord.Overwritten overwritten ->
                "overwritten  serial %d at %d+%d length %d sums %s%s entries %s"
                        .formatted(
                                overwritten.serial(),
                                overwritten.offset(),
                                overwritten.length(),
                                overwritten.newLength(),
                                hex(overwritten.sums()),
                                overwritten.settled() ? " settled" : "",
                                overwritten.entries());
            case JournalRecord.Cut cut ->
                "cut  serial %d length %d entries %s".formatted(cut.serial(), cut.newLength(), cut.entries());
            case JournalRecord.Fenced fenced -> "fenced  v%d".formatted(fenced.version());
            case JournalRecord.Sealed() -> "sealed";
            case JournalRecord.Established done ->
                "established  v%d length %d serial %d".formatted(done.version(), done.length(), done.serial());
            case JournalRecord.Suspected() -> "suspected";
            case JournalRecord.Synced synced ->
                "synced  all through byte %d, the journal through %d"
                        .formatted(synced.allThrough(), synced.journalThrough());
        };
    }

    private static String hex(int[] sums) {
        return Arrays.stream(sums).mapToObj("%08x"::formatted).toList().toString();
    }
}
