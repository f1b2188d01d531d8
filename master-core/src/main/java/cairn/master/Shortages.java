package cairn.master;

import cairn.master.CopyQueue.Cause;
import cairn.master.CopyQueue.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * Whether a chunk lacks a replica, why and how urgently: the one answer for the look at it that puts it into the queue, and for the
 * one when it is its turn, since much may have been shown in between. Changes nothing.
 */
final class Shortages {
    private final MasterImage image;
    private final ClusterView view;
    private final Placement placement;
    private final Paths paths;

    Shortages(MasterCore.Desks desks) {
        this.image = desks.image();
        this.view = desks.view();
        this.placement = desks.placement();
        this.paths = desks.paths();
    }

    Wanted wanted(Chunk chunk, Cause cause, int copies, boolean patient, long nanos) {
        boolean trashed = image.filesOf(chunk).stream().allMatch(paths::isTrashed);
        boolean sought = view.attention().isSought(chunk.handle(), nanos);
        return new Wanted(chunk.handle(), cause, copies, trashed, sought, patient);
    }

    /** What is wanted of a chunk now that was wanted before; null when nothing is. */
    @Nullable
    Wanted again(Chunk chunk, Wanted before, long nanos) {
        return chunk.sealed()
                ? ofSealed(chunk, Census.of(chunk, view, nanos), nanos)
                : ofOpen(chunk, before.patient(), nanos);
    }

    /** A chunk that is written lacks members, whoever shows what. */
    @Nullable
    Wanted ofOpen(Chunk chunk, boolean patient, long nanos) {
        int members = chunk.members().size();
        int goal = view.goalOf(chunk);
        if (view.stayingMembers(chunk) >= goal) {
            return null;
        }
        return members >= goal
                ? wanted(chunk, Cause.LEAVING, members, false, nanos)
                : wanted(chunk, Cause.MISSING, members, patient, nanos);
    }

    @Nullable
    Wanted ofSealed(Chunk chunk, Census census, long nanos) {
        int goal = view.goalOf(chunk);
        int staying = census.staying.size();
        if (staying + census.unproven < goal && census.good() > 0) {
            return lacking(chunk, census, goal, nanos);
        }
        return staying == goal && placement.isNarrow(census.staying, nanos)
                ? wanted(chunk, Cause.NARROW, staying, false, nanos)
                : null;
    }

    /** Who is away has its time to return while two are left; who is showing what it holds has it in any case. */
    private Wanted lacking(Chunk chunk, Census census, int goal, long nanos) {
        int here = census.good() + census.unproven;
        if (here >= goal) {
            return wanted(chunk, Cause.LEAVING, census.good(), false, nanos);
        }
        boolean patient = here + census.showing >= goal || (census.good() > 1 && here + census.away >= goal);
        return wanted(chunk, Cause.MISSING, census.good(), patient, nanos);
    }
}
