package cairn.model.proof;

/**
 * Rules of the mutation protocol (docs/decisions/0001) that a test may have broken, one at a time, to prove that the
 * simulator's checkers notice. A server keeps all of them unless its options say otherwise.
 */
public enum Rule {
    /** A mutation is acknowledged when the last member of the chain has it. */
    ACKNOWLEDGE_LAST,
    /** Reconciliation gives every member the producer table. */
    PRODUCER_TABLE,
    /** Reconciliation makes every member's bytes equal before the version is established. */
    RECONCILE,
    /** From PREPARE on a member refuses every older version. */
    FENCE,
    /** A replica serves readers only within the serving term, and a version that left one behind waits for it to end. */
    SERVING_TERM,
    /** A reader is given committed bytes only. */
    COMMITTED_READS
}
