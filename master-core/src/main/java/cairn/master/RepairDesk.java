package cairn.master;

import cairn.master.CopyQueue.Cause;
import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
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
    private final Placement placement;
    private final BalanceDesk balance;
    private final HealthBook health;

    private ChunkHandle cursor = new ChunkHandle(0);

    /** Since when a chunk is as it should not stay. */
    private final NavigableMap<ChunkHandle, Long> unsettledSinceNanos = new TreeMap<>();

    /** Since when a chunk that is being written has fewer members than it should have. */
    private final NavigableMap<ChunkHandle, Long> shortSinceNanos = new TreeMap<>();

    RepairDesk(
            MasterCore.Desks desks, MasterSettings settings, CopyDesk copies, BalanceDesk balance, HealthBook health) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.settings = settings;
        this.copies = copies;
        this.balance = balance;
        this.placement = desks.placement();
        this.health = health;
    }

    void tick(long seed, Turn.Draft turn) {
        int budget = settings.examinedPerTickMax();
        for (ChunkHandle changed : view.attention().take(budget)) {
            examine(changed, turn);
        }
        goRound(budget, turn);
        copies.tick(seed, turn);
        balance.tick(turn);
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
        health.look(handle, chunk, turn);
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
        if (versions.runningCount() < BRING_UPS_MAX && hasDoubtfulMember(chunk, turn.nanos())) {
            turn.met(Probe.MEMBER_TO_BE_PROVEN);
            versions.renew(chunk, turn);
            return;
        }
        int members = chunk.members().size();
        int staying = view.stayingMembers(chunk);
        int goal = view.goalOf(chunk);
        if (members >= goal) {
            shortSinceNanos.remove(chunk.handle());
        }
        if (staying >= goal) {
            copies.enough(chunk.handle());
            if (staying < members) {
                dismiss(chunk, turn);
            }
        } else if (members >= goal) {
            copies.want(chunk, Cause.LEAVING, members, false);
        } else {
            long since =
                    Objects.requireNonNullElse(shortSinceNanos.putIfAbsent(chunk.handle(), turn.nanos()), turn.nanos());
            boolean patient = members > 1 && turn.nanos() - since < settings.repairAfter();
            copies.want(chunk, Cause.MISSING, members, patient);
        }
    }

    /**
     * One came back after a power loss, or without what it had, and nobody has written since: a new version proves it, makes
     * it good, or goes on without it.
     */
    private boolean hasDoubtfulMember(Chunk chunk, long nanos) {
        for (ChunkMember member : chunk.members()) {
            ServerState server = view.server(member.server());
            if (view.isDoubtful(chunk.handle(), member.server(), nanos)
                    && server != null
                    && view.isSteady(server, nanos)) {
                return true;
            }
        }
        return false;
    }

    /** The goal is met without those that are drained. While one of the others cannot be reached, nobody is let go. */
    private void dismiss(Chunk chunk, Turn.Draft turn) {
        boolean calm = turn.nanos() - view.startNanos() >= settings.registerGrace()
                && view.areAllHere(chunk, turn.nanos())
                && versions.runningCount() < BRING_UPS_MAX;
        if (calm) {
            List<ServerId> leaving = chunk.members().stream()
                    .map(ChunkMember::server)
                    .filter(view::isLeaving)
                    .toList();
            turn.met(Probe.MEMBER_DISMISSED);
            turn.note("chunk %s %s: goes on without %s, drained", chunk.handle(), chunk.version(), leaving);
            versions.dismiss(chunk, leaving, turn);
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
        shortSinceNanos.remove(chunk.handle());
        Census census = Census.of(chunk, view, turn.nanos());
        if (census.unproven == 0) {
            unsettledSinceNanos.remove(chunk.handle());
        } else if (unsettledFor(chunk.handle(), census.patience(settings), turn)) {
            turn.met(Probe.REPLICA_UNPROVEN);
            bringUp(chunk, turn);
            return;
        }
        int goal = view.goalOf(chunk);
        int staying = census.staying.size();
        if (staying + census.unproven < goal && census.good() > 0) {
            wantCopy(chunk, census, goal);
        } else if (staying == goal && placement.isNarrow(census, turn.nanos())) {
            copies.want(chunk, Cause.NARROW, staying, false);
        } else {
            copies.enough(chunk.handle());
        }
        boolean surplus = staying > goal || (staying == goal && !census.leaving.isEmpty());
        if (surplus && versions.running(chunk.handle()) == null) {
            dropSurplus(chunk, census, turn);
        }
    }

    private void wantCopy(Chunk chunk, Census census, int goal) {
        boolean missing = census.good() + census.unproven < goal;
        int present = census.good() + census.unproven + census.away;
        boolean patient = missing && census.good() > 1 && present >= goal;
        copies.want(chunk, missing ? Cause.MISSING : Cause.LEAVING, census.good(), patient);
    }

    /**
     * Never below the goal: only live, proven replicas count that are there to stay. Drained servers' go first; then the
     * fullest server's whose rack others are on, too.
     */
    private void dropSurplus(Chunk chunk, Census census, Turn.Draft turn) {
        ServerState from;
        if (census.leaving.isEmpty()) {
            ServerState moved = balance.movedFrom(chunk, census, turn);
            from = moved != null
                    ? moved
                    : census.staying.stream()
                            .max(Comparator.comparing(census::staysSpreadWithout)
                                    .thenComparingDouble(ServerState::fullness))
                            .orElseThrow();
            turn.met(Probe.REPLICA_SURPLUS);
            turn.detail("chunk %s: one replica more than wanted, dropped from %s", chunk.handle(), from);
        } else {
            from = census.leaving.getFirst();
            turn.met(Probe.REPLICA_MOVED_AWAY);
            turn.detail("chunk %s: its replicas are elsewhere, dropped from %s, drained", chunk.handle(), from);
        }
        turn.count(Counted.SURPLUS_DROPPED);
        view.lose(from, chunk.handle());
        from.surplus.add(chunk.handle());
    }
}
