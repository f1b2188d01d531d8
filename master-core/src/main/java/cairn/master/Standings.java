package cairn.master;

import cairn.model.ServerId;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges chunks by what the servers reported: the one answer to "is it healthy", for reports, for events and for operators.
 * Changes nothing.
 */
final class Standings {

    private final ClusterView view;
    private final Placement placement;
    private final VersionDesk versions;

    Standings(MasterCore.Desks desks) {
        this.view = desks.view();
        this.placement = desks.placement();
        this.versions = desks.versions();
    }

    Standing of(Chunk chunk, long nanos) {
        List<Standing.Copy> copies = new ArrayList<>();
        boolean fresh = isBeingMade(chunk);
        boolean led = fresh || (!chunk.sealed() && view.leader(chunk, nanos) != null);
        Holders reported = view.replicasOf(chunk.handle());
        reported.forEach((id, replica) -> copies.add(new Standing.Copy(
                id, worth(chunk, id, replica, led, nanos), replica.getEstablished(), replica.getLength())));
        for (ChunkMember member : chunk.members()) {
            if (!reported.contains(member.server())) {
                Worth worth = unreported(chunk, member.server(), led, fresh, nanos);
                copies.add(new Standing.Copy(member.server(), worth, 0, 0));
            }
        }
        return new Standing(chunk, view.goalOf(chunk), copies, chunk.sealed() && isNarrow(copies, nanos));
    }

    /** By the copies that count here, also of servers that have not heard of the seal yet. */
    private boolean isNarrow(List<Standing.Copy> copies, long nanos) {
        List<ServerState> staying = new ArrayList<>();
        for (Standing.Copy copy : copies) {
            ServerState server = view.server(copy.server());
            if (copy.worth() == Worth.GOOD && server != null) {
                staying.add(server);
            }
        }
        return placement.isNarrow(staying, nanos);
    }

    /** Nobody was told to lead it yet: it holds nothing that a member could lack. */
    private boolean isBeingMade(Chunk chunk) {
        Establishment running = versions.running(chunk.handle());
        return running != null && running.fresh;
    }

    private Worth worth(Chunk chunk, ServerId id, ReplicaReport replica, boolean led, long nanos) {
        if (!chunk.sealed() && !chunk.hasMember(id)) {
            return Worth.STALE;
        }
        if (chunk.sealed() && replica.getEstablished() != chunk.version().value()) {
            return Worth.STALE;
        }
        if (!view.isLive(id, nanos)) {
            return absent(id, nanos);
        }
        ServerState server = view.server(id);
        if (server != null && server.damaged.contains(chunk.handle())) {
            return Worth.DAMAGED;
        }
        Worth worth = chunk.sealed() ? ofSealed(chunk, replica) : ofMember(chunk, id, replica, led);
        return staying(worth, id);
    }

    /** One that has not heard of the seal yet has taken part in all that was acknowledged. */
    private static Worth ofSealed(Chunk chunk, ReplicaReport replica) {
        boolean counts = ClusterView.isGood(chunk, replica) || (!replica.getSealed() && !replica.getSuspect());
        return counts ? Worth.GOOD : Worth.UNPROVEN;
    }

    /**
     * While somebody leads, every member of the version is complete, but for one that crashed and came back and that nobody has
     * needed since (seed 53); until then those are that were when it was logged.
     */
    private static Worth ofMember(Chunk chunk, ServerId id, @Nullable ReplicaReport replica, boolean led) {
        if (replica != null && replica.getSuspect()) {
            return Worth.UNPROVEN;
        }
        return led || chunk.loggedFull(id) ? Worth.GOOD : Worth.UNPROVEN;
    }

    /** A member that has not told of its replica yet, or has none. */
    private Worth unreported(Chunk chunk, ServerId id, boolean led, boolean fresh, long nanos) {
        if (!view.isLive(id, nanos)) {
            return absent(id, nanos);
        }
        boolean lacks = !fresh && view.lacks(chunk.handle(), id, nanos);
        return lacks ? Worth.UNPROVEN : staying(ofMember(chunk, id, null, led), id);
    }

    private Worth staying(Worth worth, ServerId id) {
        return worth == Worth.GOOD && view.isLeaving(id) ? Worth.LEAVING : worth;
    }

    private Worth absent(ServerId id, long nanos) {
        return view.isWrittenOff(id, nanos) ? Worth.GONE : Worth.AWAY;
    }
}
