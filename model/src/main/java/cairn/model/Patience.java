package cairn.model;

/**
 * How long one process waits for another before it goes on without it: every time-out that a client can see as a pause, in one
 * place, in nanoseconds. Who suspects whom, and what each fault costs in sum, is in docs/decisions/0004; the sums are asserted
 * below.
 */
public final class Patience {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    /** A server that owes an answer, and from which nothing came for so long, is asked for a sign of life. */
    public static final long QUIET_NANOS = 300 * MILLI;

    /** How long that sign may take. Ten times what a loaded machine or a young collection holds a process up. */
    public static final long SIGN_NANOS = 700 * MILLI;

    /** While an answer is owed, a server that lives is asked again so long after its last sign. */
    public static final long SIGN_EVERY_NANOS = 300 * MILLI;

    /** How often a process looks at what it is owed. */
    public static final long LOOK_EVERY_NANOS = 100 * MILLI;

    /** From the moment a process hangs or is cut off until whoever waits for it gives it up. */
    public static final long FOUND_WITHIN_NANOS =
            Math.max(QUIET_NANOS + LOOK_EVERY_NANOS, SIGN_EVERY_NANOS) + SIGN_NANOS;

    /** For one connection to be made: the first packet may be lost, and is sent again by Linux after a second. */
    public static final long CONNECT_NANOS = 1_200 * MILLI;

    /** The master's own question to a primary of which a client complains, before it gives the version up. */
    public static final long PROBE_NANOS = 600 * MILLI;

    /** How long a new version waits for the word of those it leaves behind; later, it waits for their term instead. */
    public static final long LEFT_BEHIND_NANOS = SECOND;

    /** How often the master looks at what is late. */
    public static final long MASTER_TICK_NANOS = 100 * MILLI;

    /** For PREPARE at a member whose process lives: its disk may be slow. A hung one is found sooner. */
    public static final long PREPARE_NANOS = 5 * SECOND;

    /** For a mutation at a member whose process lives: its disk may be slow. A hung one is found sooner. */
    public static final long ACKNOWLEDGE_NANOS = 5 * SECOND;

    /** How long a chunkserver serves readers after it sent a heartbeat that was answered. */
    public static final long SERVING_TERM_NANOS = 3 * SECOND;

    /** What the master adds when it waits for a term to end, besides a tenth of it for clocks that drift. */
    public static final long SERVING_MARGIN_NANOS = 200 * MILLI;

    /** How often a chunkserver sends a heartbeat. One that is heard and not answered prolongs the wait by so much. */
    public static final long HEARTBEAT_NANOS = 500 * MILLI;

    /** How long a chunkserver waits for the answer to a heartbeat; at first also to a registration or a page of its replicas. */
    public static final long MASTER_ANSWERS_NANOS = 2 * SECOND;

    /** For these it waits twice as long after each time that this was too short, to at most so long ({@link #registration}). */
    public static final long REGISTRATION_NANOS_MAX = 64 * SECOND;

    /** A clock may gain one part in so many on another one. */
    public static final long DRIFT_SHARE = 10;

    /** What writers may see when a chunkserver hangs or is cut off. */
    public static final long PAUSE_MAX_NANOS = SERVING_TERM_NANOS + 2 * SECOND;

    static {
        long bound = servingBound(SERVING_TERM_NANOS, SERVING_MARGIN_NANOS);
        long secondary = FOUND_WITHIN_NANOS + LEFT_BEHIND_NANOS + MASTER_TICK_NANOS;
        long primary = FOUND_WITHIN_NANOS + PROBE_NANOS;
        long both = primary + FOUND_WITHIN_NANOS;
        Invariant.check(secondary < bound, "a hung secondary is given up before its term is over");
        Invariant.check(primary < bound, "a hung primary is given up before its term is over");
        Invariant.check(both < bound, "so are a hung primary and the next member");
        Invariant.check(
                HEARTBEAT_NANOS + bound + SECOND / 2 < PAUSE_MAX_NANOS, "half a second is left for reconciliation");
        Invariant.check(
                FOUND_WITHIN_NANOS + CONNECT_NANOS < SERVING_TERM_NANOS, "a lost heartbeat costs no serving term");
        Invariant.check(2 * FOUND_WITHIN_NANOS < ACKNOWLEDGE_NANOS, "a slow disk is not taken for a hung process");
        Invariant.check(2 * FOUND_WITHIN_NANOS < PREPARE_NANOS, "a slow disk is not taken for a hung process");
        long doublings = REGISTRATION_NANOS_MAX / MASTER_ANSWERS_NANOS;
        Invariant.check(
                Long.bitCount(doublings) == 1 && doublings * MASTER_ANSWERS_NANOS == REGISTRATION_NANOS_MAX,
                "it is reached by doubling");
    }

    private Patience() {}

    /**
     * How long a chunkserver waits for the answer to a registration, or to a page of its replicas, when that came too late {@code late}
     * times in turn. A master to whom a large cell comes at once takes longer than for a heartbeat; and a server that gives
     * up begins anew, so with one patience for all times it might never come to an end.
     */
    public static long registration(int late) {
        int doublings = Math.min(late, Long.numberOfTrailingZeros(REGISTRATION_NANOS_MAX / MASTER_ANSWERS_NANOS));
        return MASTER_ANSWERS_NANOS << doublings;
    }

    /** From when a master last heard of a server until that certainly serves no more: its clock may run slower. */
    public static long servingBound(long termNanos, long marginNanos) {
        return termNanos + termNanos / DRIFT_SHARE + marginNanos;
    }
}
