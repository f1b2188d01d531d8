package cairn.master;

import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The replicas of a sealed chunk, by what they are worth now. What lies on a server that is drained serves readers and is a
 * source like any other; it does not count towards the goal.
 */
final class Census {

    /** Good, live, and there to stay. */
    final List<ServerState> staying = new ArrayList<>();

    /** Good and live, on servers that are drained. */
    final List<ServerState> leaving = new ArrayList<>();

    int unproven;
    int suspect;

    /** On servers that cannot be read from now, but have not been away long enough to be written off. */
    int away;

    /** Of these, on servers that are here and just showing what they hold. */
    int showing;

    static Census of(Chunk chunk, ClusterView view, long nanos) {
        Census census = new Census();
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            ServerState server = view.server(id);
            if (server != null && replica.getEstablished() == chunk.version().value()) {
                census.count(chunk, server, replica, view, nanos);
            }
        });
        for (ServerState server : view.returning()) {
            if (server.unshown.contains(chunk.handle())) {
                census.countAbsent(server, view, nanos);
            }
        }
        return census;
    }

    private void count(Chunk chunk, ServerState server, ReplicaReport replica, ClusterView view, long nanos) {
        if (view.isLive(server, nanos)) {
            if (!ClusterView.isGood(chunk, replica)) {
                unproven++;
                suspect += replica.getSuspect() ? 1 : 0;
            } else if (view.isLeaving(server.id)) {
                leaving.add(server);
            } else {
                staying.add(server);
            }
        } else {
            countAbsent(server, view, nanos);
        }
    }

    private void countAbsent(ServerState server, ClusterView view, long nanos) {
        if (view.isWrittenOff(server.id, nanos) || view.isOverdue(server, nanos)) {
            return;
        }
        away++;
        showing += view.isRegistering(server, nanos) ? 1 : 0;
    }

    /** Those that readers can be sent to. */
    int good() {
        return staying.size() + leaving.size();
    }

    /** A chunk that nobody can read now is proved at once. */
    long patience(MasterSettings settings) {
        return good() == 0 && suspect == unproven ? 0 : settings.idleLead();
    }

    static NavigableSet<String> racks(Collection<ServerState> servers) {
        NavigableSet<String> racks = new TreeSet<>();
        servers.forEach(server -> racks.add(server.rack));
        return racks;
    }

    /** Whether those that stay are on two racks at least, or on as many as before, when this one goes. */
    boolean staysSpreadWithout(ServerState server) {
        List<ServerState> rest = new ArrayList<>(staying);
        rest.remove(server);
        return racks(rest).size() >= Math.min(2, racks(staying).size());
    }
}
