package cairn.master;

import cairn.model.FileId;

/**
 * A file or directory.
 *
 * @param parent the directory that holds it; 0 of the root and of the purge area
 */
public record Inode(FileId id, FileId parent, String name, boolean directory, Attributes attributes) {

    /** The top of all paths. */
    public static final FileId ROOT = new FileId(1);

    /** {@code /.trash}: deleted entries, until they expire. */
    public static final FileId TRASH = new FileId(2);

    /** What is being reclaimed in steps; no path leads here. */
    public static final FileId PURGE = new FileId(3);

    static final FileId NOWHERE = new FileId(0);
    static final String TRASH_NAME = ".trash";

    /** The first id that a user's file can get. */
    static final long FIRST_FREE_ID = 4;

    Inode at(FileId newParent, String newName) {
        return new Inode(id, newParent, newName, directory, attributes);
    }

    Inode with(Attributes changed) {
        return new Inode(id, parent, name, directory, changed);
    }
}
