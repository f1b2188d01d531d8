package cairn.master;

import cairn.model.ServerId;
import cairn.model.proof.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Who holds a chunk, or may hold it, and takes no part in its next version: fenced, or waited for (docs/decisions/0001). */
final class LeftBehind {
    private final ClusterView view;

    LeftBehind(ClusterView view) {
        this.view = view;
    }

    List<ServerState> of(Establishment establishment, Chunk chunk) {
        NavigableSet<ServerId> ids = new TreeSet<>();
        chunk.members().forEach(member -> ids.add(member.server()));
        if (establishment.complete != null) {
            ids.addAll(establishment.complete);
        }
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            if (replica.getFence() < establishment.version.value()) {
                ids.add(id);
            }
        });
        for (ServerState server : view.servers()) {
            if (server.isDropping(chunk.handle())) {
                ids.add(server.id); // it serves readers until it has carried that out
            }
        }
        List<ServerState> left = new ArrayList<>();
        for (ServerId id : ids) {
            ServerState server = view.server(id);
            if (server != null && !establishment.isMember(id) && !establishment.confirmed.contains(id)) {
                left.add(server);
            }
        }
        left.removeIf(server -> server.registered
                && view.replica(chunk.handle(), server.id) == null
                && !server.isDropping(chunk.handle()));
        return left;
    }

    /**
     * How long somebody who was left behind without a fence may still serve. From now on such a server is not heard any more
     * before it has registered again, or its term would never end.
     */
    long waitForUnfenced(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        long until = turn.nanos();
        for (ServerState server : of(establishment, chunk)) {
            until = Math.max(until, view.mayServeUntil(server.id));
            view.takeBack(server, turn);
        }
        for (ServerState server : view.servers()) {
            if (!server.heard) {
                turn.met(Probe.SERVER_UNHEARD_SINCE_START);
                until = Math.max(until, view.mayServeUntil(server.id));
            }
        }
        turn.metIf(!establishment.fresh && until > turn.nanos(), Probe.SERVING_TERM_AWAITED);
        return establishment.fresh ? 0 : until - turn.nanos();
    }
}
