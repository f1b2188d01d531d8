package cairn.client;

/**
 * How {@link Cairn#create} makes a file.
 *
 * @param overwrite an existing file is replaced, and its old bytes go to the trash; otherwise EXISTS
 * @param makeParents missing directories are made
 * @param replication copies of each chunk; 0 inherits the directory's
 * @param mode permission bits
 */
public record CreateOptions(boolean overwrite, boolean makeParents, int replication, int mode) {

    /** A new file with mode 0644 in an existing directory; an existing file is an error. */
    public static final CreateOptions DEFAULTS = new CreateOptions(false, false, 0, 0644);

    public CreateOptions withOverwrite(boolean value) {
        return new CreateOptions(value, makeParents, replication, mode);
    }

    public CreateOptions withMakeParents(boolean value) {
        return new CreateOptions(overwrite, value, replication, mode);
    }

    public CreateOptions withReplication(int copies) {
        return new CreateOptions(overwrite, makeParents, copies, mode);
    }

    public CreateOptions withMode(int bits) {
        return new CreateOptions(overwrite, makeParents, replication, bits);
    }
}
