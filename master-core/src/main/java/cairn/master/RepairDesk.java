package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerId;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Mends what it finds, in ticks: sealed chunks with too few replicas are copied, the most endangered first and a bounded
 * number at a time (GFS 4.3); surplus replicas are dropped one by one; unproven replicas, and open chunks that nobody
 * leads, are brought up and sealed. Looks first at chunks of which something changed, then goes round over all.
 */
final class RepairDesk {

    /** Chunks that the master brings up on its own at the same time. */
    private static final int BRING_UPS_MAX = 16;

    /** A copy that failed is not tried again sooner. */
    private static final long CLONE_RETRY_NANOS = 5_000_000_000L;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final Placement placement;

    private ChunkHandle cursor = new ChunkHandle(0);
    private final NavigableSet<Endangered> endangered = new TreeSet<>(Endangered.WORST_FIRST);
    private final NavigableMap<ChunkHandle, Copying> copying = new TreeMap<>();
    private final NavigableMap<ChunkHandle, Long> notBeforeNanos = new TreeMap<>();

    /** Since when a chunk is as it should not stay. */
    private final NavigableMap<ChunkHandle, Long> unsettledSinceNanos = new TreeMap<>();

    /** A chunk and how many good replicas are left. */
    private record Endangered(int copies, ChunkHandle chunk) {
        static final Comparator<Endangered> WORST_FIRST =
                Comparator.comparingInt(Endangered::copies).thenComparing(Endangered::chunk);
    }

    private record Copying(ServerId source, ServerId target, ChunkVersion version) {}

    RepairDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.placement = desks.placement();
        this.settings = settings;
    }

    void tick(long seed, Turn.Draft turn) {
        int budget = settings.examinedPerTickMax();
        for (ChunkHandle changed : view.attention().take(budget)) {
            examine(changed, turn);
        }
        goRound(budget, turn);
        startCopies(seed, turn);
    }

    private void goRound(int budget, Turn.Draft turn) {
        List<ChunkHandle> round = new ArrayList<>();
        for (Chunk chunk : image.chunksAfter(cursor)) {
            if (round.size() == budget) {
                break;
            }
            round.add(chunk.handle());
        }
        cursor = round.size() < budget ? new ChunkHandle(0) : round.getLast();
        round.forEach(handle -> examine(handle, turn));
    }

    private void examine(ChunkHandle handle, Turn.Draft turn) {
        Chunk chunk = image.chunk(handle);
        if (chunk == null) {
            unsettledSinceNanos.remove(handle);
            notBeforeNanos.remove(handle);
        } else if (chunk.sealed()) {
            examineSealed(chunk, turn);
        } else {
            examineOpen(chunk, turn);
        }
    }

    private void examineOpen(Chunk chunk, Turn.Draft turn) {
        boolean cared = view.leader(chunk, turn.nanos()) != null || versions.running(chunk.handle()) != null;
        if (!cared && unsettledFor(chunk.handle(), settings.idleLead(), turn)) {
            bringUp(chunk, turn);
        } else if (cared) {
            unsettledSinceNanos.remove(chunk.handle());
        }
    }

    private void bringUp(Chunk chunk, Turn.Draft turn) {
        if (versions.runningCount() < BRING_UPS_MAX) {
            unsettledSinceNanos.remove(chunk.handle());
            versions.bringUpAndSeal(chunk, turn);
        }
    }

    private boolean unsettledFor(ChunkHandle chunk, long nanos, Turn.Draft turn) {
        Long since = unsettledSinceNanos.putIfAbsent(chunk, turn.nanos());
        return since != null && turn.nanos() - since >= nanos;
    }

    private void examineSealed(Chunk chunk, Turn.Draft turn) {
        Census census = census(chunk, turn.nanos());
        if (census.unproven == 0) {
            unsettledSinceNanos.remove(chunk.handle());
        } else if (unsettledFor(chunk.handle(), census.patience(settings), turn)) {
            bringUp(chunk, turn);
            return;
        }
        int goal = view.goalOf(chunk.file());
        if (census.good.size() > goal && versions.running(chunk.handle()) == null) {
            dropSurplus(chunk, census, turn);
        } else if (census.good.size() + census.unproven + census.away < goal && !census.good.isEmpty()) {
            endangered.add(new Endangered(census.good.size(), chunk.handle()));
        }
    }

    /** The replicas of a sealed chunk, by what they are worth. */
    private static final class Census {
        final List<ServerState> good = new ArrayList<>();
        int unproven;
        int suspect;

        /** On servers that are not heard of, but have not been away long enough to be written off. */
        int away;

        /** A chunk that nobody can read now is proved at once. */
        long patience(MasterSettings settings) {
            return good.isEmpty() && suspect == unproven ? 0 : settings.idleLead();
        }
    }

    private Census census(Chunk chunk, long nanos) {
        Census census = new Census();
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            ServerState server = view.server(id);
            if (server != null && replica.getEstablished() == chunk.version().value()) {
                count(chunk, server, replica, nanos, census);
            }
        });
        return census;
    }

    private void count(Chunk chunk, ServerState server, ReplicaReport replica, long nanos, Census census) {
        if (view.isLive(server.id, nanos)) {
            if (ClusterView.isGood(chunk, replica)) {
                census.good.add(server);
            } else {
                census.unproven++;
                census.suspect += replica.getSuspect() ? 1 : 0;
            }
        } else if (!view.isWrittenOff(server.id, nanos)) {
            census.away++;
        }
    }

    /** Never below the goal: only a surplus of live, proven replicas counts. */
    private void dropSurplus(Chunk chunk, Census census, Turn.Draft turn) {
        ServerState fullest = census.good.stream()
                .max(Comparator.comparingDouble(ServerState::fullness))
                .orElseThrow();
        turn.note("chunk %s: one replica more than wanted, dropped from %s", chunk.handle(), fullest);
        view.lose(fullest, chunk.handle());
        turn.perform(new Effect.Drop(fullest.target(), List.of(chunk.handle())));
    }

    /** Soon after a start nothing is copied: what seems lost may not have registered yet. */
    private void startCopies(long seed, Turn.Draft turn) {
        if (turn.nanos() - view.startNanos() < settings.repairAfter()) {
            endangered.clear();
            return;
        }
        long draw = seed;
        for (Endangered next : endangered) {
            if (copying.size() >= settings.clonesPerCellMax()) {
                break;
            }
            startCopy(next.chunk(), draw++, turn);
        }
        endangered.clear();
    }

    private void startCopy(ChunkHandle handle, long seed, Turn.Draft turn) {
        Chunk chunk = image.chunk(handle);
        Long notBefore = notBeforeNanos.get(handle);
        boolean mayCopy = chunk != null
                && chunk.sealed()
                && !copying.containsKey(handle)
                && versions.running(handle) == null
                && (notBefore == null || turn.nanos() >= notBefore);
        if (!mayCopy || chunk == null) {
            return;
        }
        List<ServerState> sources = view.goodHolders(chunk, turn.nanos());
        sources.removeIf(server -> server.clones >= settings.clonesPerServerMax());
        ServerState target = target(chunk, seed, turn.nanos());
        if (!sources.isEmpty() && target != null) {
            copy(chunk, sources, target, turn);
        }
    }

    private void copy(Chunk chunk, List<ServerState> sources, ServerState target, Turn.Draft turn) {
        ServerState source = sources.getFirst();
        source.clones++;
        target.clones++;
        target.recentCreations++;
        copying.put(chunk.handle(), new Copying(source.id, target.id, chunk.version()));
        boolean dropFirst = view.replica(chunk.handle(), target.id) != null;
        if (dropFirst) {
            view.lose(target, chunk.handle());
        }
        CloneRequest.Builder request = CloneRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value())
                .setLength(chunk.length());
        sources.forEach(server -> request.addSources(server.member()));
        turn.note("chunk %s %s: copied from %s to %s", chunk.handle(), chunk.version(), source.id, target.id);
        turn.perform(new Effect.Clone(target.target(), chunk.handle(), chunk.version(), request.build(), dropFirst));
    }

    /** A server that holds nothing of the chunk; failing that, one whose replica is of an older version, and worthless. */
    private @Nullable ServerState target(Chunk chunk, long seed, long nanos) {
        List<ServerId> holders = new ArrayList<>();
        List<ServerId> stale = new ArrayList<>();
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            boolean old = replica.getEstablished() < chunk.version().value();
            (old && view.isUsable(id, nanos) ? stale : holders).add(id);
        });
        List<ServerId> busy = new ArrayList<>();
        for (ServerState server : view.servers()) {
            if (server.clones >= settings.clonesPerServerMax()) {
                busy.add(server.id);
            }
        }
        List<ServerId> avoided = new ArrayList<>(busy);
        avoided.addAll(stale);
        List<ServerState> chosen = placement.choose(1, holders, avoided, seed, nanos);
        if (chosen.isEmpty()) {
            chosen = placement.choose(1, holders, busy, seed, nanos);
        }
        return chosen.isEmpty() ? null : chosen.getFirst();
    }

    void cloneAnswered(MasterInput.CloneAnswered answer, Turn.Draft turn) {
        Copying done = end(answer);
        Chunk chunk = image.chunk(answer.chunk());
        ServerState target = view.server(answer.server());
        if (done == null || target == null) {
            return;
        }
        if (chunk == null || !chunk.sealed() || !chunk.version().equals(answer.version())) {
            turn.perform(new Effect.Drop(target.target(), List.of(answer.chunk())));
        } else if (target.registered) {
            view.note(target, cloned(chunk));
            turn.note("chunk %s %s: copied to %s", chunk.handle(), chunk.version(), target.id);
        }
    }

    private static ReplicaReport cloned(Chunk chunk) {
        return ReplicaReport.newBuilder()
                .setHandle(chunk.handle().value())
                .setFence(chunk.version().value())
                .setEstablished(chunk.version().value())
                .setLength(chunk.length())
                .setSealed(true)
                .build();
    }

    void cloneFailed(MasterInput.CloneFailed failed, Turn.Draft turn) {
        end(failed);
        if (failed.failure().processDead()) {
            view.markGone(failed.server(), turn);
        }
        notBeforeNanos.put(failed.chunk(), turn.nanos() + CLONE_RETRY_NANOS);
        view.attention().look(failed.chunk());
        turn.warn(
                "chunk %s %s: not copied to %s: %s",
                failed.chunk(),
                failed.version(),
                failed.server(),
                failed.failure().reason());
    }

    private @Nullable Copying end(MasterInput.OrderEnded ended) {
        Copying done = copying.remove(ended.chunk());
        if (done != null) {
            for (ServerId id : List.of(done.source(), done.target())) {
                ServerState server = view.server(id);
                if (server != null) {
                    server.clones--;
                }
            }
        }
        notBeforeNanos.remove(ended.chunk());
        return done;
    }
}
