package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.FilePath;
import cairn.model.Limits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds entries by path, and guards the names that belong to the cell. Changes nothing. */
final class Paths {
    private final MasterImage image;

    Paths(MasterImage image) {
        this.image = image;
    }

    /** The entry at {@code path}, or null; a file in the middle of the path is NOT_DIRECTORY. */
    @Nullable
    Inode find(FilePath path) throws CairnException {
        Inode inode = image.names().find(Inode.ROOT);
        for (String name : path.names()) {
            if (inode == null) {
                return null;
            }
            if (!inode.directory()) {
                throw new CairnException(
                        ErrorCode.NOT_DIRECTORY, path + ": '" + inode.name() + "' is a file, not a directory");
            }
            inode = image.names().child(inode.id(), name);
        }
        return inode;
    }

    Inode need(FilePath path) throws CairnException {
        Inode inode = find(path);
        if (inode == null) {
            throw new CairnException(ErrorCode.NOT_FOUND, path + ": no such file or directory");
        }
        return inode;
    }

    /** A file that a path still leads to, or that lies in the trash. */
    Inode needFile(long id) throws CairnException {
        Inode inode = image.names().find(new FileId(id));
        if (inode == null || !isReachable(inode)) {
            throw new CairnException(ErrorCode.NOT_FOUND, "file " + new FileId(id) + " was deleted");
        }
        if (inode.directory()) {
            throw new CairnException(ErrorCode.IS_DIRECTORY, pathOf(inode) + " is a directory");
        }
        return inode;
    }

    boolean isReachable(Inode inode) {
        Inode at = inode;
        while (at != null && !at.id().equals(Inode.ROOT)) {
            at = image.names().find(at.parent());
        }
        return at != null;
    }

    /** Whether it was deleted, and lies in the trash. */
    boolean isTrashed(FileId file) {
        Inode at = image.names().find(file);
        while (at != null && !at.id().equals(Inode.TRASH)) {
            at = image.names().find(at.parent());
        }
        return at != null;
    }

    String pathOf(Inode inode) {
        StringBuilder path = new StringBuilder();
        Inode at = inode;
        while (at != null && !at.parent().equals(Inode.NOWHERE)) {
            path.insert(0, "/" + at.name());
            at = image.names().find(at.parent());
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    static boolean isInTrash(FilePath path) {
        return !path.isRoot() && path.names().getFirst().equals(Inode.TRASH_NAME);
    }

    /** Nobody makes anything in the trash, or the trash itself. */
    static void refuseTrash(FilePath path) throws CairnException {
        if (isInTrash(path)) {
            throw new CairnException(
                    ErrorCode.BAD_PATH, path + ": /" + Inode.TRASH_NAME + " is kept by the cell; use another place");
        }
    }

    /** {@code <millis>-<fileid>-<name>}, cut to the longest name there may be. Sorts by time. */
    static String trashName(Inode inode, long millis) {
        String prefix = "%013d-%d-".formatted(millis, inode.id().value());
        StringBuilder name = new StringBuilder(prefix);
        int bytes = prefix.length();
        for (int at = 0; at < inode.name().length(); at = inode.name().offsetByCodePoints(at, 1)) {
            String next = Character.toString(inode.name().codePointAt(at));
            bytes += next.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > Limits.NAME_BYTES_MAX) {
                break;
            }
            name.append(next);
        }
        return name.toString();
    }
}
