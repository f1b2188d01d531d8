package cairn.master;

/**
 * What was laid down for a directory and holds for all below it. Few directories have any, so they are kept beside the
 * inodes.
 *
 * @param trashMillis how long what is deleted there stays in the trash; {@link #UNSET}: as in the directory above
 * @param bytesMax quota of {@link TreeUse#bytes}; {@link #UNSET}: none
 * @param filesMax quota of {@link TreeUse#files}; {@link #UNSET}: none
 */
public record DirectoryRules(long trashMillis, long bytesMax, long filesMax) {
    static final long UNSET = -1;
    static final DirectoryRules NONE = new DirectoryRules(UNSET, UNSET, UNSET);

    boolean isValid() {
        return trashMillis >= UNSET && bytesMax >= UNSET && filesMax >= UNSET;
    }

    boolean isNone() {
        return equals(NONE);
    }

    boolean hasQuota() {
        return bytesMax != UNSET || filesMax != UNSET;
    }

    /** Whether no further byte or no further file has a place. */
    boolean isFull(TreeUse use) {
        return (bytesMax != UNSET && use.bytes() >= bytesMax) || (filesMax != UNSET && use.files() >= filesMax);
    }
}
