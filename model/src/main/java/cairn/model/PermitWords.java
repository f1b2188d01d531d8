package cairn.model;

/**
 * What stands in the words that a chunkserver shares with readers on its host (docs/decisions/0011). All is 0 at first, and
 * 0 permits nothing.
 */
public final class PermitWords {

    /** Names the server's process; drawn at its start. */
    public static final int IDENTITY = 0;

    /** The end of the serving term, on the host's monotonic clock. */
    public static final int TERM_ENDS_NANOS = 1;

    /** The first of the permits: each is a stamp that stands for as long as one replica may be read, and never comes again. */
    public static final int FIRST = 2;

    private PermitWords() {}
}
