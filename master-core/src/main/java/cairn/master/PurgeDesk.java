package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Empties the trash of what has expired, and reclaims what was unlinked, in bounded steps: a tree of a million files
 * blocks nobody. Each step is logged, so a restart goes on where the last one ended.
 */
final class PurgeDesk {

    /** Chunks cut from files in one step. */
    private static final int CHUNKS_PER_STEP_MAX = 1000;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;

    /** Chunks that were shared when they were cut from a file since the last tick. */
    private final List<ChunkHandle> perhapsGone = new ArrayList<>();

    PurgeDesk(MasterImage image, ClusterView view, MasterSettings settings) {
        this.image = image;
        this.view = view;
        this.settings = settings;
    }

    /** No path leads there, and the name is its own: nothing else is in the way. */
    static MasterRecord intoPurge(Inode inode, long millis) {
        return new MasterRecord.EntryMoved(
                inode.id(), Inode.PURGE, Long.toString(inode.id().value()), millis);
    }

    void tick(Turn.Draft turn) {
        forgetShared(turn);
        for (Trashed entry : image.trash().expired(turn.millis(), settings.purgePerTickMax())) {
            turn.met(Probe.TRASH_EXPIRED);
            turn.log(intoPurge(image.inode(entry.id()), turn.millis()));
        }
        reclaim(turn);
    }

    /** Goes down to a directory that holds only files and empty directories, and takes out some of those. */
    private void reclaim(Turn.Draft turn) {
        FileId directory = Inode.PURGE;
        List<Inode> entries = page(directory);
        while (true) {
            FileId below = fullDirectoryIn(entries);
            if (below == null) {
                break;
            }
            directory = below;
            entries = page(directory);
        }
        erase(entries, turn);
    }

    private List<Inode> page(FileId directory) {
        return image.names().list(directory, "", settings.purgePerTickMax());
    }

    private @Nullable FileId fullDirectoryIn(List<Inode> entries) {
        for (Inode entry : entries) {
            if (entry.directory() && image.names().entryCount(entry.id()) > 0) {
                return entry.id();
            }
        }
        return null;
    }

    private void erase(List<Inode> entries, Turn.Draft turn) {
        int budget = CHUNKS_PER_STEP_MAX;
        List<ChunkHandle> gone = new ArrayList<>();
        for (Inode entry : entries) {
            int chunks = entry.directory() ? 0 : image.names().chunkCount(entry.id());
            int keep = Math.max(0, chunks - budget);
            if (chunks > 0) {
                gone.addAll(cut(entry.id(), keep, turn));
                budget -= chunks - keep;
            }
            if (keep > 0) {
                break;
            }
            turn.log(new MasterRecord.InodeErased(entry.id()));
        }
        view.forget(gone, turn); // one order for each server, not for each file
    }

    /** Takes chunks out of a file. Which of them leave the cell now, because no other file holds them: their holders are to be told. */
    List<ChunkHandle> cut(FileId file, int keep, Turn.Draft turn) {
        turn.log(new MasterRecord.ChunksCut(file, keep, turn.millis()));
        List<ChunkHandle> gone = new ArrayList<>();
        for (int i = keep; i < image.names().chunkCount(file); i++) {
            ChunkHandle chunk = image.names().chunkAt(file, i);
            boolean stays = image.isShared(chunk) && settings.keeps(Rule.SHARED_KEPT);
            (stays ? perhapsGone : gone).add(chunk);
        }
        return gone;
    }

    /** All files that held these were cut in one turn, or others hold them still. */
    private void forgetShared(Turn.Draft turn) {
        perhapsGone.removeIf(chunk -> image.chunk(chunk) != null);
        view.forget(perhapsGone, turn);
        perhapsGone.clear();
    }
}
