package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What becomes of the replicas that a chunkserver shows: kept, dropped, fenced, or counted out as bad. A replica that was
 * left behind must be fenced before its server serves it (again), or a client that knows its old version could read what is
 * no longer true.
 */
final class ReplicaJudge {

    /** A report that says "not leading" counts only if it cannot have been made before the server began to lead. */
    private static final long LEADING_REPORT_NANOS = 5_000_000_000L;

    /** With one answer: they take time, and no heartbeat is sent meanwhile. */
    private static final int DROPS_MAX = 64;

    private final MasterImage image;
    private final ClusterView view;
    private final VersionDesk versions;
    private final ForkDesk forks;

    ReplicaJudge(MasterCore.Desks desks) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.forks = desks.forks();
    }

    /** A process that was just started shows what its disk has kept. */
    void warnOfLoss(ServerState server, ReplicaReport report, Turn.Draft turn) {
        Chunk chunk = image.chunk(new ChunkHandle(report.getHandle()));
        if (chunk != null
                && chunk.sealed()
                && report.getEstablished() == chunk.version().value()
                && report.getLength() < chunk.length()) {
            turn.met(Probe.SEALED_REPLICA_CAME_BACK_SHORT);
            turn.warn(
                    "chunk %s: the replica on %s has lost its end: %d of %d bytes are left; it is mended from the"
                            + " others",
                    chunk.handle(), server, report.getLength(), chunk.length());
        }
    }

    /** Notes a reported replica and decides what becomes of it. */
    void judge(ServerState server, ReplicaReport report, ReplicaNotices notices, Turn.Draft turn) {
        ChunkHandle handle = new ChunkHandle(report.getHandle());
        Chunk chunk = image.chunk(handle);
        server.showsStill(handle);
        Verdict verdict = chunk == null
                ? judgeUnknown(server, handle, turn)
                : chunk.sealed() ? judgeSealed(chunk, report, turn) : judgeOpen(chunk, server, report, turn);
        if (verdict == Verdict.DROP) {
            countOut(server, handle, notices);
        } else if (chunk != null) {
            view.note(server, report);
            noteLeading(chunk, server, report, turn);
            notices.add(verdict, chunk, report, turn);
        }
    }

    /** Handles are given in rising order: one that was never given says that the log has lost its end. */
    private Verdict judgeUnknown(ServerState server, ChunkHandle handle, Turn.Draft turn) {
        if (forks.isPending(handle)) {
            turn.met(Probe.PENDING_FORK_REPORTED);
            return Verdict.KEEP;
        }
        if (Long.compareUnsigned(handle.value(), image.nextHandle()) < 0) {
            turn.met(Probe.DELETED_CHUNK_REPORTED);
            return Verdict.DROP;
        }
        turn.met(Probe.CHUNK_NEVER_MADE);
        if (server.orphans.size() < ServerState.ORPHANS_MAX && server.orphans.add(handle)) {
            turn.count(Counted.ORPHANS_FOUND);
        }
        return Verdict.KEEP;
    }

    /**
     * Of an open chunk, a replica outside the version is garbage once the version is led with all the members that it
     * should have; until then its server may join, and would have to be sent little.
     */
    private Verdict judgeOpen(Chunk chunk, ServerState server, ReplicaReport report, Turn.Draft turn) {
        if (chunk.hasMember(server.id)) {
            return Verdict.KEEP;
        }
        boolean led = view.leader(chunk, turn.nanos()) != null && versions.running(chunk.handle()) == null;
        if (led && view.stayingMembers(chunk) >= view.goalOf(chunk)) {
            turn.met(Probe.LEFT_BEHIND_REPLICA_DROPPED);
            return Verdict.DROP;
        }
        return fenced(chunk, report, turn, Probe.LEFT_BEHIND_REPLICA_FENCED);
    }

    /** Of a sealed chunk, an older replica is garbage once enough good ones are there. */
    private Verdict judgeSealed(Chunk chunk, ReplicaReport report, Turn.Draft turn) {
        if (report.getEstablished() >= chunk.version().value()) {
            return Verdict.KEEP;
        }
        if (view.stayingHolders(chunk, turn.nanos()).size() >= view.goalOf(chunk)) {
            turn.met(Probe.STALE_REPLICA_DROPPED);
            return Verdict.DROP;
        }
        return fenced(chunk, report, turn, Probe.STALE_REPLICA_FENCED);
    }

    private static Verdict fenced(Chunk chunk, ReplicaReport report, Turn.Draft turn, Probe probe) {
        boolean unfenced = report.getFence() < chunk.version().value();
        turn.metIf(unfenced, probe);
        return unfenced ? Verdict.FENCE : Verdict.KEEP;
    }

    private void noteLeading(Chunk chunk, ServerState server, ReplicaReport report, Turn.Draft turn) {
        if (chunk.sealed()) {
            return;
        }
        ClusterView.Leader leader = view.lastLeader(chunk.handle());
        boolean ours = leader != null
                && leader.server().equals(server.id)
                && leader.version().equals(chunk.version());
        if (report.getLeading() && report.getFence() == chunk.version().value() && chunk.isHead(server.id)) {
            if (versions.isBeginning(chunk.handle())) {
                return;
            }
            if (!ours) {
                turn.met(Probe.LEADER_ADOPTED);
                turn.note("chunk %s %s: %s leads it already", chunk.handle(), chunk.version(), server.id);
                view.lead(chunk.handle(), new ClusterView.Leader(server.id, chunk.version(), turn.nanos()));
            }
            versions.adopted(chunk, turn);
        } else if (ours && leader != null && turn.nanos() - leader.sinceNanos() > LEADING_REPORT_NANOS) {
            turn.met(Probe.LEADER_DENIES);
            view.unlead(chunk.handle());
        }
    }

    /** What it led before it registered, and has no replica of now, it does not lead. */
    void leadsNoMore(ServerState server, Turn.Draft turn) {
        for (ChunkHandle chunk : server.ledBefore) {
            if (view.replica(chunk, server.id) == null && view.ledBy(chunk, server)) {
                turn.met(Probe.LEADER_LOST_ITS_REPLICA);
                view.unlead(chunk);
            }
        }
        server.ledBefore = List.of();
    }

    /**
     * A bad replica is counted out while there are others, and put aside by its server then; the last one stays, for what
     * can still be read of it. What was put aside is deleted when nobody will need it.
     */
    void bad(ServerState server, ChunkHandle handle, ReplicaNotices notices, Turn.Draft turn) {
        Chunk chunk = image.chunk(handle);
        if (chunk == null || view.replica(handle, server.id) == null) {
            if (chunk == null
                    ? judgeUnknown(server, handle, turn) == Verdict.DROP
                    : isReplaced(chunk, server, turn.nanos())) {
                turn.met(Probe.QUARANTINED_REPLICA_DISCARDED);
                notices.drop.add(handle.value());
            } else if (chunk != null && isMissed(chunk, turn.nanos())) {
                turn.met(Probe.QUARANTINED_REPLICA_WANTED);
                notices.lookAgain.add(handle.value());
            }
            return;
        }
        if (!othersHold(chunk, server, turn)) {
            turn.met(Probe.BAD_REPLICA_KEPT_AS_LAST);
            notices.damage.kept(handle);
            return;
        }
        if (!chunk.sealed() && chunk.hasMember(server.id)) {
            turn.met(Probe.BAD_MEMBER_LEFT_OUT);
            notices.damage.kept(handle);
            leaveOut(chunk, server, turn);
            return;
        }
        turn.met(Probe.BAD_REPLICA_COUNTED_OUT);
        notices.damage.countedOut(handle);
        countOut(server, handle, notices);
    }

    private void countOut(ServerState server, ChunkHandle handle, ReplicaNotices notices) {
        view.lose(server, handle);
        server.toldToDrop(handle);
        notices.drop.add(handle.value());
    }

    /** It may still serve readers: it is fenced like any member that is left behind, and told to drop what it has then. */
    private void leaveOut(Chunk chunk, ServerState server, Turn.Draft turn) {
        Establishment running = versions.running(chunk.handle());
        if (running == null || !running.excluded.contains(server.id)) {
            turn.warn("chunk %s: the replica on %s is bad; a version without it is started", chunk.handle(), server);
            versions.membersFailed(chunk, List.of(server.id), turn);
        }
    }

    /**
     * Nobody who is here surely has what readers want (one that is to be proven yet may have lost just that): then even a
     * replica that was put aside is worth another look.
     */
    private boolean isMissed(Chunk chunk, long nanos) {
        return chunk.sealed() ? view.goodHolders(chunk, nanos).isEmpty() : view.leader(chunk, nanos) == null;
    }

    /** Nobody will need what is left of a replica that was counted out. */
    private boolean isReplaced(Chunk chunk, ServerState server, long nanos) {
        return chunk.sealed()
                ? view.stayingHolders(chunk, nanos).size() >= view.goalOf(chunk)
                : view.leader(chunk, nanos) != null && !chunk.hasMember(server.id);
    }

    /**
     * What a server is thought to have and does not show with all that it has of a range. An answer that was late may have said
     * so, after the replica was dropped. Twice in turn: what has just come may be missing in a heartbeat that was on its way.
     */
    void dismissGhosts(ServerState server, HeartbeatRequest request, Turn.Draft turn) {
        if (request.getAllThrough() <= request.getAllAfter() || !server.unsoundKnown) {
            return;
        }
        Set<ChunkHandle> shown = new LinkedHashSet<>();
        request.getReplicasList().forEach(report -> shown.add(new ChunkHandle(report.getHandle())));
        ChunkHandle last = new ChunkHandle(request.getAllThrough());
        List<ChunkHandle> ghosts = new ArrayList<>();
        for (ChunkHandle handle : server.replicas.after(new ChunkHandle(request.getAllAfter()))) {
            if (handle.compareTo(last) > 0) {
                break;
            }
            if (!shown.contains(handle) && !server.unsound.contains(handle) && !server.missed.add(handle)) {
                ghosts.add(handle);
            }
        }
        for (ChunkHandle ghost : ghosts) {
            turn.met(Probe.GHOST_DISMISSED);
            turn.warn("chunk %s: %s does not show its replica any more, and counts as without it", ghost, server);
            view.lose(server, ghost);
        }
    }

    private boolean othersHold(Chunk chunk, ServerState server, Turn.Draft turn) {
        return view.replicasOf(chunk.handle())
                .any((id, replica) -> !id.equals(server.id)
                        && view.isLive(id, turn.nanos())
                        && (chunk.sealed()
                                ? ClusterView.isGood(chunk, replica)
                                : replica.getEstablished() == chunk.version().value()));
    }

    /**
     * Only what others still make up for. What is needed again counts again once it is shown; until then its server may serve it, and
     * nobody may forget that.
     */
    void dropSurplus(ServerState server, ReplicaNotices notices, Turn.Draft turn) {
        int most = server.hasMuchToDrop() ? 0 : DROPS_MAX;
        for (ChunkHandle handle : List.copyOf(server.surplus)) {
            Chunk chunk = image.chunk(handle);
            if (chunk == null || !chunk.sealed()) { // deleted, or a new version has seen to all that may hold it
                server.surplus.remove(handle);
            } else if (othersMakeUpFor(chunk, server, turn.nanos())) {
                if (most-- > 0) {
                    server.surplus.remove(handle);
                    countOut(server, handle, notices);
                }
            } else if (view.replica(handle, server.id) != null) {
                server.surplus.remove(handle);
            }
        }
    }

    private boolean othersMakeUpFor(Chunk chunk, ServerState server, long nanos) {
        long others = view.stayingHolders(chunk, nanos).stream()
                .filter(holder -> !holder.id.equals(server.id))
                .count();
        return others >= view.goalOf(chunk);
    }
}
