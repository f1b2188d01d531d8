package cairn.master;

/**
 * What lies in a directory, at any depth, or what a file is: the figures that quotas limit.
 *
 * @param files files; directories are not counted
 * @param bytes the known lengths of their chunks, each once: copies do not count, an open chunk counts with the length that
 *     it had when it was last sealed
 */
public record TreeUse(long files, long bytes) {
    static final TreeUse NOTHING = new TreeUse(0, 0);

    TreeUse plus(TreeUse other) {
        return new TreeUse(files + other.files, bytes + other.bytes);
    }

    TreeUse minus(TreeUse other) {
        return new TreeUse(files - other.files, bytes - other.bytes);
    }

    boolean isNothing() {
        return files == 0 && bytes == 0;
    }
}
