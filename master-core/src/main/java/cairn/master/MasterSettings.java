package cairn.master;

import cairn.model.Invariant;
import cairn.model.Patience;
import cairn.model.proof.Rule;
import java.util.Set;

/**
 * The times and bounds of the master's decisions. Times in nanoseconds unless the name says otherwise.
 *
 * @param servingTerm how long a chunkserver serves after it sent a heartbeat that was answered
 * @param servingMargin added, with a tenth of the term for clock drift, when the master waits for a term to end
 * @param heartbeat how often chunkservers report
 * @param leftBehind how long a new version waits for the fences of servers that it leaves behind, before it waits for their
 *     serving terms instead
 * @param silentAfter a server not heard of for this long is chosen for nothing new
 * @param deadAfter a server not heard of for this long is not offered to readers
 * @param repairAfter a server not heard of for this long is counted out, and what it held is copied
 * @param registerGrace after a start of the master, how long members that have not registered yet are awaited; and how long nothing
 *     more must have been shown until all is known that will be ({@link Gathering})
 * @param requestWait how long a request waits for a chunk to be ready
 * @param idleLead an open chunk that nobody leads for this long is brought up and sealed; an unproven replica mended
 * @param trashMillis how long deleted entries stay in the trash
 * @param steadyAfter a server that registered this long ago may join chunks that are written; after trouble, twice, four
 *     times ... as long
 * @param steadyDoublingsMax how often that doubles at most
 * @param clonesPerServerMax copies that one server makes or takes at a time
 * @param clonesPerCellMax copies at a time in the cell, unless there are more by the next
 * @param clonesPercent copies at a time in a large cell, for each hundred live servers (GFS 6.2.5)
 * @param purgePerTickMax inodes reclaimed in one tick
 * @param examinedPerTickMax chunks looked at by repair in one tick in its round over all, and four times as many of those that changed
 * @param unevenMax servers are evened out when one is fuller than another by more than this share of what it can hold, until
 *     they differ by no more than half of it
 * @param broken rules that this master breaks; never any outside of tests
 */
public record MasterSettings(
        long servingTerm,
        long servingMargin,
        long heartbeat,
        long leftBehind,
        long silentAfter,
        long deadAfter,
        long repairAfter,
        long registerGrace,
        long requestWait,
        long idleLead,
        long trashMillis,
        long steadyAfter,
        int steadyDoublingsMax,
        int clonesPerServerMax,
        int clonesPerCellMax,
        int clonesPercent,
        int purgePerTickMax,
        int examinedPerTickMax,
        double unevenMax,
        Set<Rule> broken) {

    private static final long SECOND = 1_000_000_000L;

    public static final MasterSettings DEFAULT = new MasterSettings(
            Patience.SERVING_TERM_NANOS,
            Patience.SERVING_MARGIN_NANOS,
            Patience.HEARTBEAT_NANOS,
            Patience.LEFT_BEHIND_NANOS,
            4 * SECOND,
            10 * SECOND,
            15 * SECOND,
            5 * SECOND,
            20 * SECOND,
            10 * SECOND,
            3L * 24 * 3600 * 1000,
            SECOND,
            4,
            2,
            10,
            40,
            250,
            500,
            0.1,
            Set.of());

    public MasterSettings {
        Invariant.check(heartbeat < servingTerm, "a server serves from heartbeat to heartbeat");
        Invariant.check(servingTerm <= silentAfter && silentAfter <= deadAfter, "silent, then dead");
        Invariant.check(deadAfter <= repairAfter, "repair begins after death");
    }

    /** For tests of tests. */
    public MasterSettings breaking(Set<Rule> rules) {
        return with(unevenMax, rules);
    }

    /** As the field says. */
    public MasterSettings withUnevenMax(double share) {
        return with(share, broken);
    }

    private MasterSettings with(double uneven, Set<Rule> rules) {
        return new MasterSettings(
                servingTerm,
                servingMargin,
                heartbeat,
                leftBehind,
                silentAfter,
                deadAfter,
                repairAfter,
                registerGrace,
                requestWait,
                idleLead,
                trashMillis,
                steadyAfter,
                steadyDoublingsMax,
                clonesPerServerMax,
                clonesPerCellMax,
                clonesPercent,
                purgePerTickMax,
                examinedPerTickMax,
                uneven,
                rules);
    }

    /** What holds when nobody has set it; for a rate 0: none. */
    long builtIn(CellLimit limit) {
        return switch (limit) {
            case COPIES_IN_CELL -> clonesPerCellMax;
            case COPIES_PERCENT -> clonesPercent;
            case COPIES_PER_SERVER -> clonesPerServerMax;
            case RATE_PER_COPY -> 0;
            case UNEVEN_PERCENT -> Math.round(100 * unevenMax);
        };
    }

    boolean keeps(Rule rule) {
        return !broken.contains(rule);
    }

    /** From when the master last heard of a server until it certainly serves no more: its clock may run slower. */
    long servingBound() {
        return Patience.servingBound(servingTerm, servingMargin);
    }
}
