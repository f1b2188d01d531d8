package cairn.client;

/**
 * How {@link Cairn#append} appends.
 *
 * @param create a missing file is made; otherwise NOT_FOUND
 * @param makeParents missing directories are made, when {@code create}
 * @param synced each record is on disk on every replica before it is acknowledged
 * @param replication of a file that is made; 0 inherits the directory's
 * @param mode permission bits of a file that is made
 */
public record AppendOptions(boolean create, boolean makeParents, boolean synced, int replication, int mode) {

    /** The file is created when missing, in an existing directory; records are acknowledged from memory. */
    public static final AppendOptions DEFAULTS = new AppendOptions(true, false, false, 0, 0644);

    public AppendOptions withCreate(boolean value) {
        return new AppendOptions(value, makeParents, synced, replication, mode);
    }

    public AppendOptions withMakeParents(boolean value) {
        return new AppendOptions(create, value, synced, replication, mode);
    }

    public AppendOptions withSynced(boolean value) {
        return new AppendOptions(create, makeParents, value, replication, mode);
    }

    public AppendOptions withReplication(int copies) {
        return new AppendOptions(create, makeParents, synced, copies, mode);
    }

    public AppendOptions withMode(int bits) {
        return new AppendOptions(create, makeParents, synced, replication, bits);
    }
}
