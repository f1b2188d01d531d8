package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.chunk.ReplicaState;
import cairn.model.ChunkHandle;
import cairn.model.Geometry;
import cairn.model.proof.Witness;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a directory would show if a chunkserver started on it now, told from its journals alone. Neither locks nor changes. */
public final class StoreView {

    private StoreView() {}

    /** Whose it is; empty when it is nobody's yet. */
    public static Optional<StoreIdentity> identity(Disk disk) throws IOException {
        return IdentityFile.read(disk);
    }

    /**
     * Each replica as its journal says, by handle; one whose journal is damaged at its beginning is left out. After a power
     * loss that no start has looked into, one is suspect unless it is sealed and all of it was synced. The data is not looked
     * at.
     */
    public static List<ReplicaState> replicas(Disk disk) throws IOException {
        Optional<StoreIdentity> identity = IdentityFile.read(disk);
        if (identity.isEmpty()) {
            return List.of();
        }
        boolean powerLost = !BootFile.isOfThisBoot(disk) && !disk.exists(Names.CLEAN);
        List<ReplicaState> found = new ArrayList<>();
        for (String name : disk.list(Names.CHUNKS)) {
            if (Names.isReplicaFile(name) && Names.suffix(name).equals(Names.JOURNAL)) {
                ReplicaState state =
                        read(disk, Names.handle(name), identity.get().geometry(), powerLost);
                if (state != null) {
                    found.add(state);
                }
            }
        }
        return found;
    }

    /** Chunks of which something was put aside. */
    public static List<ChunkHandle> putAside(Disk disk) throws IOException {
        List<ChunkHandle> found = new ArrayList<>();
        if (IdentityFile.read(disk).isPresent()) {
            for (String name : disk.list(Names.CHUNKS)) {
                if (Names.isReplicaFile(name) && Names.suffix(name).equals(Names.CORRUPT_JOURNAL)) {
                    found.add(Names.handle(name));
                }
            }
        }
        return found;
    }

    private static @Nullable ReplicaState read(Disk disk, ChunkHandle handle, Geometry geometry, boolean powerLost)
            throws IOException {
        try (DiskFile file = disk.open(Names.of(handle, Names.JOURNAL))) {
            JournalReader reader = new JournalReader(file, geometry, Witness.NOBODY);
            reader.checkHeader(handle);
            Content content = new Content(geometry);
            Unproven unproven = new Unproven();
            @Nullable JournalRecord record = reader.next();
            if (!(record instanceof JournalRecord.Snapshot)) {
                return null;
            }
            while (record != null) {
                content.apply(record);
                unproven.note(record, reader, content);
                record = reader.next();
            }
            ReplicaState state = content.state(handle);
            return powerLost && !(state.sealed() && unproven.nothing()) ? unproven(state) : state;
        } catch (MalformedRecord e) {
            return null;
        }
    }

    private static ReplicaState unproven(ReplicaState state) {
        return new ReplicaState(
                state.handle(), state.fence(), state.established(), state.length(), state.serial(), false, true);
    }
}
