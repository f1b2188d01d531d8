package cairn.model.proof;

/**
 * The branches that handle a fault, each by a name of its own, in the order of the parts. The code that takes a branch tells
 * its {@link Witness}; the simulator counts, so that a branch that no test ever takes is known by name.
 *
 * <p>A name says what was met, not what was done about it.
 */
public enum Probe {
    /** Chunkserver, primary: a member did not answer for a mutation in time. */
    MEMBER_SILENT,
    /** Chunkserver, target of a copy: the chunk is being written meanwhile. */
    COPIED_WHILE_WRITTEN,
    /** Chunkserver, target of a copy: it broke off after a good part had come. */
    COPY_BROKE_OFF,
    /** Chunkserver, target of a copy: an older replica is there. */
    OLD_REPLICA_MENDED,
    /** Chunkserver, target of a copy: what it has is bad. */
    BAD_REPLICA_REPLACED
}
