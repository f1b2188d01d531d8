package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.DiskReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
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

    private static final int BEGUN_AT_A_TIME_MAX = 8;
    private static final int LOOKED_AT_MAX = 200;

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

    private record Move(ServerId from, ServerId to, long bytes, long begunNanos) {}

    /** A server, and how full it is when all that is under way has come. */
    private static final class Load {
        final ServerState server;
        final long capacity;
        long used;

        /** How much is held is reckoned here, from what is known of each replica: disks are reported later than replicas come and go. */
        Load(ServerState server) {
            this.server = server;
            long bytes = 0;
            for (DiskReport disk : server.disks) {
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
        sorted.sort(Comparator.comparingDouble(Load::share));
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

    private void begin(List<Load> loads, Turn.Draft turn) {
        for (int begun = 0; begun < BEGUN_AT_A_TIME_MAX; begun++) {
            loads.sort(Comparator.comparingDouble(Load::share));
            if (!beginOne(loads, turn)) {
                return;
            }
        }
    }

    /** From the fullest that has something to give, to the emptiest that can take it. */
    private boolean beginOne(List<Load> loads, Turn.Draft turn) {
        for (int high = loads.size() - 1; high > 0; high--) {
            Load from = loads.get(high);
            for (int low = 0; low < high; low++) {
                Load to = loads.get(low);
                if (from.share() - to.share() <= view.unevenMax() * 0.5) {
                    break;
                }
                if (placement.canTake(to.server, turn.nanos()) && moveOne(from, to, turn)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean moveOne(Load from, Load to, Turn.Draft turn) {
        ChunkHandle cursor = cursors.getOrDefault(from.server.id, new ChunkHandle(0));
        int looked = 0;
        for (ChunkHandle handle : from.server.replicas.tailSet(cursor)) {
            if (looked++ == LOOKED_AT_MAX) {
                cursors.put(from.server.id, handle);
                return false;
            }
            Chunk chunk = image.chunk(handle);
            if (chunk != null && mayMove(chunk, from, to, turn.nanos()) && copies.move(chunk, to.server, turn)) {
                moves.put(handle, new Move(from.server.id, to.server.id, chunk.length(), turn.nanos()));
                from.used -= chunk.length();
                to.used += chunk.length();
                cursors.put(from.server.id, handle);
                return true;
            }
        }
        cursors.remove(from.server.id);
        return false;
    }

    private boolean mayMove(Chunk chunk, Load from, Load to, long nanos) {
        boolean evens = chunk.sealed()
                && chunk.length() > 0
                && !moves.containsKey(chunk.handle())
                && from.shareWith(-chunk.length()) >= to.shareWith(chunk.length())
                && view.replica(chunk.handle(), to.server.id) == null;
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
