package cairn.model.proof;

/**
 * Rules of the protocol (docs/decisions/0001) that a test may have broken, one at a time, to prove that the simulator's
 * checkers notice: mutants. Each is a mistake that an engineer could make. A server or client keeps all of them unless its
 * options say otherwise, and nothing that people start says so. What each protects is a promise, P1 to P9, of
 * docs/consistency.md; docs/mutants.md has how soon it is missed.
 */
public enum Rule {

    // ---- mutations

    /** A mutation is acknowledged when the last member of the chain has it. Broken: when the primary has it. P1. */
    ACKNOWLEDGE_LAST,
    /**
     * A member that fails, or that refuses because it has a newer fence, ends the version. Broken: the primary counts it out
     * and acknowledges what the others have; an old primary then succeeds beside a new one. P1, P6.
     */
    CHAIN_WHOLE,
    /**
     * A repeated mutation is answered when the first copy is committed. Broken: as soon as the primary has applied it, so
     * that who asks twice is told too early. P1.
     */
    REPEAT_COMMITTED,
    /** A mutation whose predecessor is missing is refused. Broken: it is applied, ahead of those that come again. P3. */
    PRODUCER_ORDER,
    /**
     * A chunk is sealed at its committed length, with nothing in flight. Broken: at the length that the primary has applied;
     * the master then vouches for bytes that other members may lack. P1, P2.
     */
    SEAL_COMMITTED,

    // ---- versions

    /** Reconciliation gives every member the producer table. Broken: an empty one. P3. */
    PRODUCER_TABLE,
    /** Reconciliation makes every member's bytes equal before the version is established. Broken: it does not. P2. */
    RECONCILE,
    /** From PREPARE on a member refuses every older version. Broken: only from REPAIR or ESTABLISH on. P1, P6. */
    FENCE,
    /**
     * A replica serves readers only within the serving term, and a version that left one behind waits for it to end.
     * Broken: no term, no waiting. P4.
     */
    SERVING_TERM,
    /**
     * Only a replica that is proved to be complete is the source of a new version. Broken: any holder's, one that an earlier
     * version left behind too. P1.
     */
    COMPLETE_SOURCE,
    /**
     * Each set of members has a version number of its own. Broken: when a version could not be brought up, its number is used
     * again with other members, and what the log says of it is no longer true. P1, P6.
     */
    VERSION_ONCE,
    /**
     * A replica is marked incomplete on its disk before its first block is repaired. Broken: it is not, and a half repaired
     * one is taken for complete when its primary dies meanwhile. P2, P3.
     */
    REPAIR_MARKED,
    /** A copy of a sealed chunk has its producer table too. Broken: it has none, and repeats are applied again. P3. */
    CLONE_PRODUCERS,

    // ---- snapshots (docs/decisions/0008)

    /** A chunk that several files hold is copied for the others before it is opened. Broken: all see what one of them writes. P4. */
    FORK_FIRST,
    /** What is cut from one file and held by another stays. Broken: its replicas are given up as if nobody had it. P1. */
    SHARED_KEPT,

    // ---- readers

    /** A reader is given committed bytes only. Broken: whatever is applied. P4. */
    COMMITTED_READS,
    /**
     * After the bytes were read the replica looks again whether it may give them: version, term, overwrites meanwhile.
     * Broken: it looks before only. P4.
     */
    READ_RECHECK,
    /**
     * Who reads a replica's file looks, after the bytes were read, whether the permit still stands. Broken: bytes that match
     * the checksums of the permit are believed. P4.
     */
    PERMIT_STANDS,
    /** And whether the server's term holds. Broken: the permit is enough. P4. */
    PERMIT_TERM,
    /**
     * And whether the server's process lives: nobody waits for the term of one that is known to be dead. Broken: what a dead
     * process permitted is permitted until the term ends. P4.
     */
    PERMIT_HELD,
    /** Bytes are checked against the block sums when they are read from disk. Broken: they are believed. P7. */
    CHECKSUM,

    // ---- what a client does

    /**
     * A retry goes first to the chunk of the first attempt, whose answer is definitive. Broken: to what is the last chunk by
     * now. P3.
     */
    OLD_CHUNK_FIRST,
    /**
     * A reader believes in the end of a file only when its chunk was known to be the last one after the read began. Broken:
     * it believes what it remembers. P4.
     */
    END_ASKED,

    // ---- what is durable

    /** Mutations of class synced are on disk when they are acknowledged. Broken: in the page cache. P1. */
    SYNC,
    /**
     * After a power loss an unsealed replica is suspect: its end may be gone without a trace. Broken: what is left is
     * believed to be all. P1.
     */
    SUSPECT,
    /** The master answers when its log is durable up to all that the answer shows. Broken: at once. P5. */
    LOG_FIRST,
    /** The master's log is synced before it counts as durable. Broken: it is written. P5. */
    LOG_SYNC,
    /**
     * The master remembers answered requests, durably; a repeated one gets the first one's answer. Broken: it is carried out
     * again. P5.
     */
    REQUEST_ONCE
}
