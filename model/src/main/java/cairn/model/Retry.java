package cairn.model;

/** What a caller may do after an error. */
public enum Retry {
    /** The same request will fail again until somebody changes something. */
    NO,
    /** Safe and useful: nothing was done, the condition passes by itself. */
    SAME,
    /** Ask the master for the chunk's present state first; nothing was done here. */
    REFRESH,
    /** The request may or may not have been carried out; repeat it with the same request id or sequence. */
    WITH_SAME_ID
}
