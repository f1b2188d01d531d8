package cairn.master;

/**
 * What repair does about a chunk with too few copies, or why it does nothing now.
 *
 * @param state a word: see the constants
 * @param reason for people, a part of a sentence
 * @param nextTryNanos from now; negative when there is no time, but something must happen first
 */
record RepairOutlook(String state, String reason, long nextTryNanos) {
    static final String NONE_NEEDED = "none needed";
    static final String COPYING = "copying";
    /** Nothing is in its way but others before it. */
    static final String DUE = "due";
    /** Something that is about to happen may make it unnecessary. */
    static final String WAITS = "waits";
    /** It failed, and is tried again. */
    static final String RETRY = "retry";
    /** It cannot be done as things are; an operator can help. */
    static final String BLOCKED = "blocked";

    static RepairOutlook of(String state, String reason) {
        return new RepairOutlook(state, reason, -1);
    }
}
