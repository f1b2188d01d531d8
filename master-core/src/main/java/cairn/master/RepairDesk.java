package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Mends what it finds, in ticks: has {@link CopyDesk} make the replicas that are missing; surplus ones are dropped one by
 * one; unproven replicas, and open chunks that nobody leads, are brought up and sealed. Looks first at chunks of which
 * something changed, then goes round over all.
 */
final class RepairDesk {

    /** Chunks that the master brings up on its own at the same time. */
    private static final int BRING_UPS_MAX = 16;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final CopyDesk copies;

    private ChunkHandle cursor = new ChunkHandle(0);

    /** Since when a chunk is as it should not stay. */
    private final NavigableMap<ChunkHandle, Long> unsettledSinceNanos = new TreeMap<>();

    /** Since when a chunk that is being written has fewer members than it should have. */
    private final NavigableMap<ChunkHandle, Long> shortSinceNanos = new TreeMap<>();

    RepairDesk(MasterCore.Desks desks, MasterSettings settings, CopyDesk copies) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.settings = settings;
        this.copies = copies;
    }

    void tick(long seed, Turn.Draft turn) {
        int budget = settings.examinedPerTickMax();
        for (ChunkHandle changed : view.attention().take(budget)) {
            examine(changed, turn);
        }
        goRound(budget, turn);
        copies.tick(seed, turn);
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
            shortSinceNanos.remove(handle);
            copies.forget(handle);
        } else if (chunk.sealed()) {
            examineSealed(chunk, turn);
        } else {
            examineOpen(chunk, turn);
        }
    }

    private void examineOpen(Chunk chunk, Turn.Draft turn) {
        boolean led = view.leader(chunk, turn.nanos()) != null;
        boolean cared = led || versions.running(chunk.handle()) != null;
        if (!cared && unsettledFor(chunk.handle(), settings.idleLead(), turn)) {
            turn.met(Probe.CHUNK_WITHOUT_LEADER);
            bringUp(chunk, turn);
        } else if (cared) {
            unsettledSinceNanos.remove(chunk.handle());
        }
        if (led && versions.running(chunk.handle()) == null) {
            examineMembers(chunk, turn);
        }
    }

    /** One that is written gets members back meanwhile. While two are left, a server that is away has its time to return. */
    private void examineMembers(Chunk chunk, Turn.Draft turn) {
        int members = chunk.members().size();
        if (members >= view.goalOf(chunk.file())) {
            shortSinceNanos.remove(chunk.handle());
            return;
        }
        long since =
                Objects.requireNonNullElse(shortSinceNanos.putIfAbsent(chunk.handle(), turn.nanos()), turn.nanos());
        copies.want(chunk, members, members > 1 && turn.nanos() - since < settings.repairAfter());
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
        shortSinceNanos.remove(chunk.handle());
        Census census = census(chunk, turn.nanos());
        if (census.unproven == 0) {
            unsettledSinceNanos.remove(chunk.handle());
        } else if (unsettledFor(chunk.handle(), census.patience(settings), turn)) {
            turn.met(Probe.REPLICA_UNPROVEN);
            bringUp(chunk, turn);
            return;
        }
        int goal = view.goalOf(chunk.file());
        if (census.good.size() > goal && versions.running(chunk.handle()) == null) {
            dropSurplus(chunk, census, turn);
        } else if (census.good.size() + census.unproven < goal && !census.good.isEmpty()) {
            int present = census.good.size() + census.unproven + census.away;
            copies.want(chunk, census.good.size(), census.good.size() > 1 && present >= goal);
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
        turn.met(Probe.REPLICA_SURPLUS);
        turn.note("chunk %s: one replica more than wanted, dropped from %s", chunk.handle(), fullest);
        view.lose(fullest, chunk.handle());
        fullest.surplus.add(chunk.handle());
    }
}
