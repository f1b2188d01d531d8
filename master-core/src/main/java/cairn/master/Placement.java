package cairn.master;

import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Chooses servers for new replicas (GFS 4.2): each on another server, on two racks at least when there are two, emptier
 * disks preferred, not too many new ones on the same server, and some chance in it so that not all choose the same.
 */
final class Placement {

    /** A server that was given so many lately is passed over while another can be had. */
    private static final double RECENT_CREATIONS_MAX = 200;

    /** In a larger cell not all servers are looked at for each replica, which would cost more with each server. */
    private static final int ALL_LOOKED_AT_MAX = 100;

    /** By chance, then; all after all when too few of them will do. */
    private static final int LOOKED_AT = 40;

    private final ClusterView view;
    private final long chunkBytes;

    /** As of one moment: asked for each chunk that is looked at. */
    private NavigableSet<String> roomy = new TreeSet<>();

    private long roomyAtNanos = Long.MIN_VALUE;

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
            int count, Collection<ServerId> taken, Predicate<ServerState> avoided, long seed, long nanos) {
        SplittableRandom random = new SplittableRandom(seed);
        Predicate<ServerState> fits =
                server -> !taken.contains(server.id) && canTake(server, nanos) && !avoided.test(server);
        if (view.servers().size() > ALL_LOOKED_AT_MAX) {
            List<ServerState> sample = sample(random);
            sample.removeIf(fits.negate());
            SequencedSet<String> racks = racksOf(taken, nanos);
            List<ServerState> chosen = choose(count, sample, racks, random);
            boolean narrow = racks.size() == 1
                    && count + taken.size() > 1
                    && roomyRacks(nanos).size() > 1;
            if (chosen.size() == count && !narrow) {
                return chosen;
            }
        }
        List<ServerState> candidates = new ArrayList<>(view.servers());
        candidates.removeIf(fits.negate());
        return choose(count, candidates, racksOf(taken, nanos), random);
    }

    /** Different servers, by chance. */
    private List<ServerState> sample(SplittableRandom random) {
        List<ServerState> all = view.serverList();
        NavigableSet<Integer> numbers = new TreeSet<>();
        while (numbers.size() < LOOKED_AT) {
            numbers.add(random.nextInt(all.size()));
        }
        List<ServerState> sample = new ArrayList<>();
        numbers.forEach(number -> sample.add(all.get(number)));
        return sample;
    }

    private SequencedSet<String> racksOf(Collection<ServerId> taken, long nanos) {
        SequencedSet<String> racks = new LinkedHashSet<>();
        for (ServerId id : taken) {
            ServerState server = view.server(id);
            if (server != null && view.isUsable(id, nanos) && !view.isLeaving(id)) {
                racks.add(server.rack);
            }
        }
        return racks;
    }

    /** Takes {@code candidates} apart, and adds to {@code racks}. */
    private static List<ServerState> choose(
            int count, List<ServerState> candidates, SequencedSet<String> racks, SplittableRandom random) {
        List<ServerState> chosen = new ArrayList<>();
        while (chosen.size() < count && !candidates.isEmpty()) {
            ServerState next = draw(preferred(candidates, racks), random);
            candidates.remove(next);
            racks.add(next.rack);
            chosen.add(next);
        }
        return chosen;
    }

    /** Answers, stays, and has room for a chunk. */
    boolean canTake(ServerState server, long nanos) {
        return view.isUsable(server.id, nanos)
                && !ClusterView.isSilent(server)
                && !view.isLeaving(server.id)
                && server.hasRoomFor(chunkBytes);
    }

    /** Whether those that stay are all on one rack, and a server on another could take one. */
    boolean isNarrow(List<ServerState> staying, long nanos) {
        if (staying.size() < 2) {
            return false;
        }
        String rack = staying.getFirst().rack;
        for (ServerState server : staying) {
            if (!server.rack.equals(rack)) {
                return false;
            }
        }
        return roomyRacks(nanos).size() > (roomyRacks(nanos).contains(rack) ? 1 : 0);
    }

    /** Of servers that can take something, and have been well for a while. */
    private NavigableSet<String> roomyRacks(long nanos) {
        if (nanos != roomyAtNanos) {
            roomyAtNanos = nanos;
            roomy = new TreeSet<>();
            for (ServerState server : view.servers()) {
                if (canTake(server, nanos) && view.isSteady(server, nanos)) {
                    roomy.add(server.rack);
                }
            }
        }
        return roomy;
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
        int drained = 0;
        for (ServerState server : view.servers()) {
            known++;
            usable += view.isUsable(server.id, nanos) ? 1 : 0;
            drained += view.isUsable(server.id, nanos) && view.isLeaving(server.id) ? 1 : 0;
        }
        if (drained > 0 && drained == usable) {
            return new CairnException(
                    ErrorCode.NO_SPACE,
                    "%s; add one, or take a drain back with: cairn undrain"
                            .formatted(Amount.of(
                                    usable,
                                    "live chunkserver there is, and it is being drained",
                                    "live chunkservers there are, and all are being drained")));
        }
        if (usable > 0) {
            return new CairnException(
                    ErrorCode.NO_SPACE,
                    "%s room for another chunk of %d bytes; add one or delete files"
                            .formatted(
                                    usable == 1
                                            ? "the one live chunkserver has no"
                                            : "none of the " + usable + " live chunkservers has",
                                    chunkBytes));
        }
        return new CairnException(
                known == 0 ? ErrorCode.NO_SPACE : ErrorCode.NO_REPLICA,
                "no chunkserver is live (%d known); start one".formatted(known));
    }
}
