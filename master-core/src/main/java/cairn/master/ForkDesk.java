package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.ForkRequest;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives a file a chunk of its own before the chunk is changed (GFS 3.4; docs/decisions/0008): every server that holds the shared
 * chunk copies it within itself, then the log says that all files but the one that wants to write have the copy. The writer's
 * file keeps the handle, so that the new version which it starts now fences whoever still reads the old one.
 *
 * <p>What runs here is volatile. After a restart of the master the copies belong to no chunk, and are dropped when they are
 * reported; the writer asks again.
 */
final class ForkDesk {

    /**
     * Servers that have not answered by then are left out, if the others are enough. Otherwise the writers are told to come back, and
     * join what is going on: a copy may take as long as its disk needs.
     */
    private static final long FORK_NANOS = 5_000_000_000L;

    /** Copies that must be there before the others' bytes depend on them, if so many servers hold the chunk. */
    private static final int COPIES_MIN = 2;

    /** Writers that wait for one chunk; beyond it they are told to come back. */
    private static final int WAITERS_MAX = 10_000;

    private final MasterImage image;
    private final ClusterView view;
    private final VersionDesk versions;
    private final Statuses statuses;

    /** By the shared chunk, and by the fork. */
    private final NavigableMap<ChunkHandle, Forking> running = new TreeMap<>();

    private final NavigableMap<ChunkHandle, Forking> forks = new TreeMap<>();

    /** One shared chunk on its way. */
    private static final class Forking {
        final Chunk chunk;
        final ChunkHandle fork;
        final FileId keeper;
        final int needed;
        long lateAtNanos;
        final List<MasterInput.OpenChunk> waiters = new ArrayList<>();
        final NavigableSet<ServerId> awaited = new TreeSet<>();
        final NavigableMap<ServerId, ReplicaReport> done = new TreeMap<>();

        /** Of the servers that were asked: what they have done in another one is not known to be there. */
        final NavigableMap<ServerId, Long> sessions = new TreeMap<>();

        String problem = "its servers have not copied it yet";

        Forking(Chunk chunk, ChunkHandle fork, FileId keeper, int needed, long nanos) {
            this.chunk = chunk;
            this.fork = fork;
            this.keeper = keeper;
            this.needed = needed;
            this.lateAtNanos = nanos + FORK_NANOS;
        }
    }

    ForkDesk(ClusterView view, VersionDesk versions, Statuses statuses) {
        this.image = view.image();
        this.view = view;
        this.versions = versions;
        this.statuses = statuses;
    }

    /** Whether copies with this handle are being made: they are no garbage, although no chunk has the handle yet. */
    boolean isPending(ChunkHandle fork) {
        return forks.containsKey(fork);
    }

    /** {@code file} wants to change the chunk, which it shares: the request is served once it has the chunk alone. */
    void want(MasterInput.OpenChunk input, Inode file, Chunk chunk, Turn.Draft turn) throws CairnException {
        if (versions.running(chunk.handle()) != null) {
            turn.met(Probe.FORK_WAITS_FOR_PROOF);
            versions.bringUp(chunk, input.ticket(), turn); // frozen: the writer finds it sealed again, and comes back
            return;
        }
        Forking forking = running.get(chunk.handle());
        if (forking == null) {
            List<ServerState> holders =
                    statuses.readable(chunk, turn.nanos()); // some may learn of the seal by this order
            holders.removeIf(server -> ClusterView.isSilent(server) || server.gone);
            if (holders.isEmpty()) {
                awaitHolder(input.ticket(), chunk, turn);
                return;
            }
            forking = begin(file, chunk, holders, turn);
        }
        if (forking.waiters.size() >= WAITERS_MAX) {
            throw new CairnException(ErrorCode.BUSY, "too many wait to write to chunk " + chunk.handle());
        }
        forking.waiters.add(input);
    }

    /** Nobody can copy the chunk; those who hold it may be good once they are proved against each other. */
    private void awaitHolder(long ticket, Chunk chunk, Turn.Draft turn) {
        if (view.hasLiveHolder(chunk, turn.nanos())) {
            turn.met(Probe.FORK_WITHOUT_HOLDER);
            versions.bringUpAndSeal(chunk, turn);
            versions.bringUp(chunk, ticket, turn); // frozen, as above
        } else {
            turn.refuse(ticket, ErrorCode.NO_REPLICA, versions.explain(chunk, null, turn.nanos()));
        }
    }

    private Forking begin(Inode file, Chunk chunk, List<ServerState> holders, Turn.Draft turn) {
        ChunkHandle fork = new ChunkHandle(image.nextHandle());
        turn.log(new MasterRecord.HandleTaken(fork));
        int needed = Math.min(COPIES_MIN, Math.min(holders.size(), view.goalOf(chunk)));
        Forking forking = new Forking(chunk, fork, file.id(), needed, turn.nanos());
        running.put(chunk.handle(), forking);
        forks.put(fork, forking);
        ForkRequest request = ForkRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value())
                .setLength(chunk.length())
                .setFork(fork.value())
                .build();
        for (ServerState server : holders) {
            forking.awaited.add(server.id);
            forking.sessions.put(server.id, server.session());
            turn.perform(new Effect.Fork(server.target(), fork, chunk.version(), request));
        }
        return forking;
    }

    void answered(MasterInput.ForkAnswered answer, Turn.Draft turn) {
        Forking forking = forks.get(answer.chunk());
        if (forking == null) {
            turn.met(Probe.FORKED_TOO_LATE);
            ServerState server = view.server(answer.server());
            if (server != null && image.chunk(answer.chunk()) == null) {
                turn.perform(new Effect.Drop(server.target(), List.of(answer.chunk())));
            }
            return; // of a chunk that there is, the server will report its replica
        }
        ReplicaReport copy = answer.replica();
        if (copy.getHandle() == forking.fork.value() && ClusterView.isGood(forking.chunk, copy)) {
            forking.done.put(answer.server(), copy);
        } else {
            turn.met(Probe.FORK_FAILED);
            forking.problem = answer.server() + " made something else";
        }
        settle(forking, answer.server(), turn);
    }

    void failed(MasterInput.ForkFailed failed, Turn.Draft turn) {
        turn.met(Probe.FORK_FAILED);
        view.noteFailure(failed.server(), failed.failure(), turn);
        turn.warn(
                "chunk %s: not copied for a writer on %s: %s",
                failed.chunk(), failed.server(), failed.failure().reason());
        Forking forking = forks.get(failed.chunk());
        if (forking != null) {
            forking.problem = failed.failure().reason();
            settle(forking, failed.server(), turn);
        }
    }

    private void settle(Forking forking, ServerId server, Turn.Draft turn) {
        forking.awaited.remove(server);
        boolean hopeless = forking.done.size() + forking.awaited.size() < forking.needed;
        if (forking.awaited.isEmpty() || hopeless) {
            conclude(forking, turn);
        }
    }

    boolean isAnyLate(long nanos) {
        return late(nanos) != null;
    }

    /** Goes on without those that do not answer; false when there is nothing of that kind to do. In a turn of its own. */
    boolean concludeLate(Turn.Draft turn) {
        Forking late = late(turn.nanos());
        if (late != null && sound(late).size() >= late.needed) {
            turn.met(Probe.FORK_LATE);
            conclude(late, turn);
        } else if (late != null) {
            turn.met(Probe.FORK_SLOW);
            late.lateAtNanos = turn.nanos() + FORK_NANOS;
            refuse(late, turn);
        }
        return late != null;
    }

    private @Nullable Forking late(long nanos) {
        for (Forking forking : running.values()) {
            boolean matters = !forking.waiters.isEmpty() || forking.done.size() >= forking.needed;
            if (matters && nanos > forking.lateAtNanos) {
                return forking;
            }
        }
        return null;
    }

    /** Those whose copies are there as they were when they were made, as far as anybody knows. */
    private NavigableMap<ServerId, ReplicaReport> sound(Forking forking) {
        NavigableMap<ServerId, ReplicaReport> sound = new TreeMap<>();
        forking.done.forEach((id, replica) -> {
            ServerState server = view.server(id);
            Long session = forking.sessions.get(id);
            if (server != null
                    && session != null
                    && server.registered
                    && server.session() == session
                    && !server.unsound.contains(forking.fork)) {
                sound.put(id, replica);
            }
        });
        return sound;
    }

    private void conclude(Forking forking, Turn.Draft turn) {
        running.remove(forking.chunk.handle());
        forks.remove(forking.fork);
        NavigableMap<ServerId, ReplicaReport> made = sound(forking);
        boolean enough = made.size() >= forking.needed;
        if (enough && isAsBefore(forking)) {
            turn.log(new MasterRecord.ChunkForked(forking.chunk.handle(), forking.fork, forking.keeper));
            turn.note(
                    "chunk %s: %s has it alone now, others have %s on %s",
                    forking.chunk.handle(), forking.keeper, forking.fork, made.keySet());
            made.forEach(this::note);
        } else {
            turn.met(enough ? Probe.FORK_OUTDATED : Probe.FORK_TOO_FEW);
            drop(forking, turn);
        }
        if (enough) {
            forking.waiters.forEach(waiter -> turn.perform(new Effect.Again(waiter)));
        } else {
            refuse(forking, turn);
        }
    }

    private static void refuse(Forking forking, Turn.Draft turn) {
        for (MasterInput.OpenChunk waiter : forking.waiters) {
            turn.refuse(
                    waiter.ticket(),
                    ErrorCode.NO_REPLICA,
                    "chunk %s is shared with a snapshot and cannot be copied now: %s"
                            .formatted(forking.chunk.handle(), forking.problem));
        }
        forking.waiters.clear();
    }

    private void note(ServerId id, ReplicaReport replica) {
        view.note(Objects.requireNonNull(view.server(id)), replica);
    }

    /** While it was copied, nothing was brought up under a newer version, and the file neither lost it nor got it alone. */
    private boolean isAsBefore(Forking forking) {
        Chunk now = image.chunk(forking.chunk.handle());
        return now != null
                && now.sealed()
                && now.version().equals(forking.chunk.version())
                && versions.running(now.handle()) == null
                && image.isShared(now.handle())
                && image.holds(forking.keeper, now);
    }

    private void drop(Forking forking, Turn.Draft turn) {
        for (ServerId id : forking.done.keySet()) {
            ServerState server = view.server(id);
            if (server != null) {
                turn.perform(new Effect.Drop(server.target(), List.of(forking.fork)));
            }
        }
    }
}
