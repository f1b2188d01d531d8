package cairn.master;

/** What becomes of a reported replica. */
enum Verdict {
    KEEP,
    DROP,
    FENCE
}
