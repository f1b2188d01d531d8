package cairn.model.proof;

/**
 * The branches that handle a fault, each by a name of its own, in the order of the parts. The code that takes a branch tells
 * its {@link Witness}; the simulator counts, so that a branch that no test ever takes is known by name.
 *
 * <p>A name says what was met, not what was done about it.
 */
public enum Probe {
    /** Chunkserver, primary: a member did not answer for a mutation in time. */
    MEMBER_SILENT
}
