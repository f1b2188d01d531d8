package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.proof.Probe;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what would not fit into a directory with a quota, or into one above it. Looked at when something is allocated: a
 * file is made, a chunk is added or opened again, a tree comes from elsewhere. What is open then may grow by itself, so bytes
 * go over a limit by at most the open chunks. Changes nothing.
 */
final class QuotaDesk {
    private final MasterImage image;
    private final Paths paths;

    QuotaDesk(MasterImage image, Paths paths) {
        this.image = image;
        this.paths = paths;
    }

    /**
     * Refuses what does not fit.
     *
     * @param into the directory that is to hold {@code more}
     * @param from the directory in which it lies now, and counts already with all above; null when it is new
     * @throws CairnException QUOTA_EXCEEDED, naming the directory, its limit and its use
     */
    void needRoom(FileId into, @Nullable FileId from, TreeUse more, Turn.Draft turn) throws CairnException {
        for (FileId at = into; !at.equals(Inode.NOWHERE); at = image.above(at)) {
            DirectoryRules rules = image.rules(at);
            if (rules.hasQuota() && (from == null || !isWithin(from, at))) {
                needRoomIn(at, rules, more, turn);
            }
        }
    }

    private void needRoomIn(FileId at, DirectoryRules rules, TreeUse more, Turn.Draft turn) throws CairnException {
        TreeUse use = image.useOf(at);
        if (isOver(rules.filesMax(), use.files(), more.files())) {
            turn.met(Probe.QUOTA_OF_FILES_EXCEEDED);
            throw exceeded(at, new Limit("files", rules.filesMax(), use.files(), more.files()));
        }
        if (isOver(rules.bytesMax(), use.bytes(), more.bytes())) {
            turn.met(Probe.QUOTA_OF_BYTES_EXCEEDED);
            throw exceeded(at, new Limit("bytes", rules.bytesMax(), use.bytes(), more.bytes()));
        }
    }

    private static boolean isOver(long limit, long used, long more) {
        return limit != DirectoryRules.UNSET && more > 0 && used + more > limit;
    }

    /** What is in the way. */
    private record Limit(String unit, long most, long used, long more) {}

    /** Refuses a chunk that may grow, in a file that lies in {@code directory}, when there is no room for a byte. */
    void needRoomToGrow(FileId directory, Turn.Draft turn) throws CairnException {
        needRoom(directory, null, new TreeUse(0, 1), turn);
    }

    private boolean isWithin(FileId directory, FileId above) {
        for (FileId at = directory; !at.equals(Inode.NOWHERE); at = image.above(at)) {
            if (at.equals(above)) {
                return true;
            }
        }
        return false;
    }

    private CairnException exceeded(FileId at, Limit limit) {
        String path = paths.pathOf(image.inode(at));
        String more = limit.more == 1 ? "and more were to come" : limit.more + " more were to come";
        return new CairnException(
                ErrorCode.QUOTA_EXCEEDED,
                "%s: its quota of %d %s is reached: %d are in it, %s; delete something there, or raise it: cairn quota set --%s N %s"
                        .formatted(path, limit.most, limit.unit, limit.used, more, limit.unit, path));
    }
}
