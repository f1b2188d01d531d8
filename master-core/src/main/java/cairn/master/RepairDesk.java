package cairn.master;

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

    /** Open chunks that primaries seal for repair at the same time. */
    private static final int SEALS_MAX = 128;

    /** A primary that has not sealed a chunk by then is asked again. */
    private static final long SEAL_AGAIN_NANOS = 5_000_000_000L;

    /** What has changed is looked at so many times as fast as what has not. */
    private static final int HURRY = 4;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final CopyDesk copies;
    private final Shortages shortages;
    private final BalanceDesk balance;
    private final HealthBook health;

    private ChunkHandle cursor = new ChunkHandle(0);

    /** Servers were still showing what they hold; then all chunks are looked at once, before what changes. */
    private boolean gathering = true;

    /** A round that is to be over soon: something has changed, and nobody knows where. */
    private boolean hurried;

    /** Since when a chunk is as it should not stay. */
    private final NavigableMap<ChunkHandle, Long> unsettledSinceNanos = new TreeMap<>();

    /** Since when a chunk that is being written has fewer members than it should have. */
    private final NavigableMap<ChunkHandle, Long> shortSinceNanos = new TreeMap<>();

    /** Open chunks whose primaries were asked to seal them, and when. */
    private final NavigableMap<ChunkHandle, Long> sealAskedNanos = new TreeMap<>();

    RepairDesk(
            MasterCore.Desks desks, MasterSettings settings, CopyDesk copies, BalanceDesk balance, HealthBook health) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.settings = settings;
        this.copies = copies;
        this.balance = balance;
        this.shortages = new Shortages(desks);
        this.health = health;
    }

    void tick(long seed, Turn.Draft turn) {
        if (gathering && !view.isGathering(turn.nanos())) {
            gathering = false;
            view.attention().clear();
            hurry();
        } else if (!gathering && view.attention().takeOverflow()) {
            hurry();
        }
        int budget = settings.examinedPerTickMax();
        for (ChunkHandle changed : view.attention().take(HURRY * budget, view)) {
            examine(changed, turn);
        }
        goRound(hurried ? HURRY * budget : budget, turn);
        copies.tick(seed, turn);
        balance.tick(turn);
    }

    private void hurry() {
        hurried = true;
        cursor = new ChunkHandle(0);
    }

    private void goRound(int budget, Turn.Draft turn) {
        List<ChunkHandle> round = new ArrayList<>();
        for (Chunk chunk : image.chunksAfter(cursor)) {
            if (round.size() == budget) {
                break;
            }
            round.add(chunk.handle());
        }
        boolean atEnd = round.size() < budget;
        cursor = atEnd ? new ChunkHandle(0) : round.getLast();
        hurried &= !atEnd;
        round.forEach(handle -> examine(handle, turn));
    }

    private void examine(ChunkHandle handle, Turn.Draft turn) {
        Chunk chunk = image.chunk(handle);
        health.look(handle, chunk, turn);
        if (chunk == null) {
            unsettledSinceNanos.remove(handle);
            shortSinceNanos.remove(handle);
            sealAskedNanos.remove(handle);
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
        boolean lacksOne = view.hasWrittenOffMember(chunk, turn.nanos());
        if (!lacksOne) {
            sealAskedNanos.remove(chunk.handle());
        }
        if (led && versions.running(chunk.handle()) == null) {
            if (lacksOne) {
                askForSeal(chunk, turn);
            } else {
                examineMembers(chunk, turn);
            }
        }
    }

    /**
     * Nobody has written since a member went away for good, or its failure would have been told: the chunk is sealed, and then
     * copied like others. A version without the member would do, too; but this way who comes back after all has all of it still.
     */
    private void askForSeal(Chunk chunk, Turn.Draft turn) {
        Long asked = sealAskedNanos.get(chunk.handle());
        if (asked == null && sealAskedNanos.size() >= SEALS_MAX) {
            view.attention().look(chunk.handle()); // when others are sealed
        } else if (asked == null || turn.nanos() - asked >= SEAL_AGAIN_NANOS) {
            turn.met(Probe.MEMBER_WRITTEN_OFF);
            sealAskedNanos.put(chunk.handle(), turn.nanos());
            versions.seal(chunk, turn);
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
        copies.want(chunk, shortages.ofOpen(chunk, members < goal && isPatient(chunk, turn.nanos()), turn.nanos()));
        if (staying >= goal && staying < members) {
            dismiss(chunk, turn);
        }
    }

    private boolean isPatient(Chunk chunk, long nanos) {
        long since = Objects.requireNonNullElse(shortSinceNanos.putIfAbsent(chunk.handle(), nanos), nanos);
        return chunk.members().size() > 1 && nanos - since < settings.repairAfter();
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
        boolean calm = !view.isGathering(turn.nanos())
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
        sealAskedNanos.remove(chunk.handle());
        Census census = Census.of(chunk, view, turn.nanos());
        if (census.unproven == 0) {
            unsettledSinceNanos.remove(chunk.handle());
        } else if (unsettledFor(chunk.handle(), census.patience(settings), turn)) {
            turn.met(Probe.REPLICA_UNPROVEN);
            bringUp(chunk, turn);
            return;
        }
        if (!view.isGathering(turn.nanos())) {
            copies.want(chunk, shortages.ofSealed(chunk, census, turn.nanos()));
        }
        int goal = view.goalOf(chunk);
        int staying = census.staying.size();
        boolean surplus = staying > goal || (staying == goal && !census.leaving.isEmpty());
        if (surplus && versions.running(chunk.handle()) == null) {
            dropSurplus(chunk, census, turn);
        }
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
