package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SplittableRandom;

/**
 * Chooses servers for new replicas (GFS 4.2): each on another server, on two racks at least when there are two, emptier
 * disks preferred, not too many new ones on the same server, and some chance in it so that not all choose the same.
 */
final class Placement {

    /** A server that was given so many lately is passed over while another can be had. */
    private static final double RECENT_CREATIONS_MAX = 200;

    private final ClusterView view;
    private final long chunkBytes;

    Placement(ClusterView view, long chunkBytes) {
        this.view = view;
        this.chunkBytes = chunkBytes;
    }

    /**
     * Up to {@code count} servers; fewer when there are not enough.
     *
     * @param taken servers that hold or get a replica already: their racks count, they are not chosen
     * @param avoided not chosen either, and their racks do not count
     */
    List<ServerState> choose(
            int count, Collection<ServerId> taken, Collection<ServerId> avoided, long seed, long nanos) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ServerState> candidates = new ArrayList<>();
        for (ServerState server : view.servers()) {
            boolean answers = view.isUsable(server.id, nanos) && !ClusterView.isSilent(server);
            if (answers && server.hasRoomFor(chunkBytes) && !avoided.contains(server.id)) {
                candidates.add(server);
            }
        }
        SequencedSet<String> racks = new LinkedHashSet<>();
        candidates.stream().filter(server -> taken.contains(server.id)).forEach(server -> racks.add(server.rack));
        candidates.removeIf(server -> taken.contains(server.id));
        List<ServerState> chosen = new ArrayList<>();
        while (chosen.size() < count && !candidates.isEmpty()) {
            ServerState next = draw(preferred(candidates, racks), random);
            candidates.remove(next);
            racks.add(next.rack);
            chosen.add(next);
        }
        return chosen;
    }

    /** The first is drawn from all; the second from other racks; from then on two racks are enough. */
    private static List<ServerState> preferred(List<ServerState> candidates, SequencedSet<String> racks) {
        List<ServerState> fresh = candidates.stream()
                .filter(server -> server.recentCreations < RECENT_CREATIONS_MAX)
                .toList();
        List<ServerState> all = fresh.isEmpty() ? candidates : fresh;
        if (racks.size() != 1) {
            return all;
        }
        List<ServerState> elsewhere =
                all.stream().filter(server -> !racks.contains(server.rack)).toList();
        return elsewhere.isEmpty() ? all : elsewhere;
    }

    /** By chance, in proportion to free bytes, less for who was given much lately. */
    private static ServerState draw(List<ServerState> candidates, SplittableRandom random) {
        double total = 0;
        for (ServerState server : candidates) {
            total += weight(server);
        }
        double drawn = random.nextDouble() * total;
        for (ServerState server : candidates) {
            drawn -= weight(server);
            if (drawn < 0) {
                return server;
            }
        }
        return candidates.getLast();
    }

    private static double weight(ServerState server) {
        return (1.0 + server.usableBytes()) / (1 + server.recentCreations);
    }

    /** What to tell a user when nobody could be chosen. Servers that are known may be back in a moment: worth a wait. */
    CairnException none(long nanos) {
        int usable = 0;
        int known = 0;
        for (ServerState server : view.servers()) {
            known++;
            usable += view.isUsable(server.id, nanos) ? 1 : 0;
        }
        if (usable > 0) {
            return new CairnException(
                    ErrorCode.NO_SPACE,
                    "none of the %d live chunkservers has room for another chunk of %d bytes; add one or delete files"
                            .formatted(usable, chunkBytes));
        }
        return new CairnException(
                known == 0 ? ErrorCode.NO_SPACE : ErrorCode.NO_REPLICA,
                "no chunkserver is live (%d known); start one".formatted(known));
    }
}
