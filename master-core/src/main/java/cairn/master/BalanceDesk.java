package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.DiskReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Evens out how full the servers are, when some have joined or have filled up (GFS 4.3; docs/decisions/0006): replicas of the fullest are
 * copied to the emptiest, and dropped when the copy is proven. Only while nothing is to be mended or moved away.
 *
 * <p>Does not swing: it begins at one difference and ends at half of it; what is under way counts as if it were done; and no
 * move makes its source emptier than its target.
 */
final class BalanceDesk {
    private static final long EVERY_NANOS = 1_000_000_000L;

    /** A copy that has come, and for which nothing was dropped by then, was no move after all. */
    private static final long MOVE_NANOS_MAX = 600_000_000_000L;

    /** Of a server's replicas, for a move to one other server. */
    private static final int LOOKED_AT_MAX = 200;

    /** Of all replicas, at one time. */
    private static final int LOOKED_AT_IN_ALL_MAX = 10_000;

    /** A replica that does not fit on one server, because of its racks, may fit on another. */
    private static final int TARGETS_TRIED_MAX = 16;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final Placement placement;
    private final CopyDesk copies;
    private final NavigableMap<ChunkHandle, Move> moves = new TreeMap<>();

    /** Where to go on among a server's replicas. */
    private final NavigableMap<ServerId, ChunkHandle> cursors = new TreeMap<>();

    private boolean balancing;
    private long nextNanos = Long.MIN_VALUE;

    /** Replicas that may still be looked at this time. */
    private int looks;

    private record Move(ServerId from, ServerId to, long bytes, long begunNanos) {}

    private record Given(Chunk chunk, Load to) {}

    /** A server, and how full it is when all that is under way has come. */
    private static final class Load {
        static final Comparator<Load> EMPTIEST_FIRST =
                Comparator.comparingDouble(Load::share).thenComparing(load -> load.server.id);

        final ServerState server;
        final long capacity;
        long used;

        /** How much is held is reckoned here, from what is known of each replica: disks are reported later than replicas come and go. */
        Load(ServerState server) {
            this.server = server;
            long bytes = 0;
            for (DiskReport disk : server.disks()) {
                boolean ok = disk.getState().equals("ok") || disk.getState().equals("full");
                bytes += ok ? disk.getUsedBytes() : 0;
            }
            this.used = server.replicaBytes;
            this.capacity = Math.max(1, bytes + server.usableBytes());
        }

        double share() {
            return shareWith(0);
        }

        double shareWith(long more) {
            return (double) (used + more) / capacity;
        }
    }

    BalanceDesk(MasterCore.Desks desks, MasterSettings settings, CopyDesk copies) {
        this.image = desks.image();
        this.view = desks.view();
        this.placement = desks.placement();
        this.settings = settings;
        this.copies = copies;
    }

    boolean isBalancing() {
        return balancing;
    }

    /** From whom this chunk is being moved; null when it is not. */
    @Nullable
    ServerId source(ChunkHandle chunk) {
        Move move = moves.get(chunk);
        return move == null ? null : move.from;
    }

    void tick(Turn.Draft turn) {
        if (turn.nanos() < nextNanos || turn.nanos() - view.startNanos() < settings.repairAfter()) {
            return;
        }
        nextNanos = turn.nanos() + EVERY_NANOS;
        retire(turn.nanos());
        List<Load> loads = loads(turn.nanos());
        if (loads.size() < 2) {
            balancing = false;
            return;
        }
        decide(loads, turn);
        if (balancing && copies.isIdle()) {
            begin(loads, turn);
        }
    }

    /** What was carried out, and what came to nothing. */
    private void retire(long nanos) {
        moves.entrySet().removeIf(entry -> {
            ChunkHandle chunk = entry.getKey();
            Move move = entry.getValue();
            boolean came = view.replica(chunk, move.to) != null;
            boolean left = view.replica(chunk, move.from) == null;
            return left || (!came && !copies.isCopying(chunk)) || nanos - move.begunNanos > MOVE_NANOS_MAX;
        });
    }

    /** The emptiest first. */
    private List<Load> loads(long nanos) {
        NavigableMap<ServerId, Load> loads = new TreeMap<>();
        for (ServerState server : view.servers()) {
            if (view.isUsable(server.id, nanos) && !view.isLeaving(server.id) && view.isSteady(server, nanos)) {
                loads.put(server.id, new Load(server));
            }
        }
        moves.forEach((chunk, move) -> {
            Load from = loads.get(move.from);
            Load to = loads.get(move.to);
            if (from != null && view.replica(chunk, move.from) != null) {
                from.used -= move.bytes;
            }
            if (to != null && view.replica(chunk, move.to) == null) {
                to.used += move.bytes;
            }
        });
        List<Load> sorted = new ArrayList<>(loads.values());
        sorted.sort(Load.EMPTIEST_FIRST);
        return sorted;
    }

    private void decide(List<Load> loads, Turn.Draft turn) {
        double difference = loads.getLast().share() - loads.getFirst().share();
        double limit = view.unevenMax() * (balancing ? 0.5 : 1);
        boolean uneven = difference > limit;
        if (uneven != balancing) {
            balancing = uneven;
            turn.note(
                    "servers are %s: the fullest, %s, is %.1f%% full, the emptiest, %s, %.1f%%",
                    uneven ? "evened out" : "even enough",
                    loads.getLast().server.id,
                    100 * loads.getLast().share(),
                    loads.getFirst().server.id,
                    100 * loads.getFirst().share());
        }
    }

    /** From the fullest that have something to give to the emptiest that can take it, as many as the limits of copies leave room for. */
    private void begin(List<Load> loads, Turn.Draft turn) {
        looks = LOOKED_AT_IN_ALL_MAX;
        NavigableSet<Load> sources = new TreeSet<>(Load.EMPTIEST_FIRST);
        NavigableSet<Load> targets = new TreeSet<>(Load.EMPTIEST_FIRST);
        for (Load load : loads) {
            sources.add(load);
            if (canTake(load, turn)) {
                targets.add(load);
            }
        }
        int most = copies.movesLeft();
        for (int begun = 0; begun < most && looks > 0 && !sources.isEmpty() && !targets.isEmpty(); ) {
            Load from = sources.pollLast();
            if (isEven(from, targets.getFirst())) {
                return;
            }
            if (giveAway(from, targets, turn)) {
                sources.add(from);
                begun++;
            }
        }
    }

    private boolean isEven(Load from, Load to) {
        return from.share() - to.share() <= view.unevenMax() * 0.5;
    }

    private boolean canTake(Load load, Turn.Draft turn) {
        return placement.canTake(load.server, turn.nanos()) && copies.canMoveTo(load.server);
    }

    private boolean giveAway(Load from, NavigableSet<Load> targets, Turn.Draft turn) {
        targets.remove(from); // its place in the order changes
        Given given = give(from, targets, turn);
        if (given == null) {
            return false;
        }
        targets.remove(given.to);
        note(given, from, turn);
        if (canTake(given.to, turn)) {
            targets.add(given.to);
        }
        return true;
    }

    private @Nullable Given give(Load from, NavigableSet<Load> targets, Turn.Draft turn) {
        int tried = 0;
        for (Load to : targets) {
            if (isEven(from, to) || looks <= 0 || tried++ == TARGETS_TRIED_MAX) {
                return null;
            }
            Chunk chunk = find(from, to, turn);
            if (chunk != null) {
                return new Given(chunk, to);
            }
        }
        return null;
    }

    /** A replica that has begun to move; null when none could. */
    private @Nullable Chunk find(Load from, Load to, Turn.Draft turn) {
        ChunkHandle cursor = cursors.getOrDefault(from.server.id, new ChunkHandle(0));
        int looked = 0;
        for (ChunkHandle handle : from.server.replicas.from(cursor)) {
            if (looked++ == LOOKED_AT_MAX) {
                cursors.put(from.server.id, handle);
                return null;
            }
            looks--;
            Chunk chunk = image.chunk(handle);
            if (chunk != null && mayMove(chunk, from, to, turn.nanos()) && copies.move(chunk, to.server, turn)) {
                cursors.put(from.server.id, handle);
                return chunk;
            }
        }
        cursors.remove(from.server.id);
        return null;
    }

    private void note(Given given, Load from, Turn.Draft turn) {
        long bytes = given.chunk.length();
        moves.put(given.chunk.handle(), new Move(from.server.id, given.to.server.id, bytes, turn.nanos()));
        from.used -= bytes;
        given.to.used += bytes;
    }

    private boolean mayMove(Chunk chunk, Load from, Load to, long nanos) {
        boolean evens = chunk.sealed()
                && chunk.length() > 0
                && !moves.containsKey(chunk.handle())
                && from.shareWith(-chunk.length()) >= to.shareWith(chunk.length())
                && view.replica(chunk.handle(), to.server.id) == null
                && !to.server.isDropping(chunk.handle());
        if (!evens) {
            return false;
        }
        Census census = Census.of(chunk, view, nanos);
        boolean whole = census.unproven == 0
                && census.leaving.isEmpty()
                && census.staying.size() == view.goalOf(chunk)
                && census.staying.contains(from.server);
        return whole && keepsRacks(census, from.server, to.server);
    }

    private static boolean keepsRacks(Census census, ServerState from, ServerState to) {
        List<ServerState> after = new ArrayList<>(census.staying);
        after.remove(from);
        after.add(to);
        return Census.racks(after).size()
                >= Math.min(2, Census.racks(census.staying).size());
    }

    /** Whose surplus replica goes: the one that was moved, if it can; null when there was no move. */
    @Nullable
    ServerState movedFrom(Chunk chunk, Census census, Turn.Draft turn) {
        ServerId source = source(chunk.handle());
        for (ServerState server : census.staying) {
            if (server.id.equals(source) && census.staysSpreadWithout(server)) {
                turn.met(Probe.REPLICA_MOVED_FOR_BALANCE);
                return server;
            }
        }
        return null;
    }
}
