package cairn.master;

import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ForgetRequest;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Takes chunkservers out of the cell (docs/decisions/0006): drains those that live, forgets those that are gone for good. What
 * moves the replicas is {@link RepairDesk}; here is who asked for it, what is in the way, and when it is done.
 */
final class DrainDesk {

    /** Replicas looked at to find out what is in the way: of more, those say it as well. */
    private static final int EXPLAINED_MAX = 20_000;

    /** Names of chunks given in a refusal. */
    private static final int EXAMPLES_MAX = 3;

    private final MasterImage image;
    private final ClusterView view;
    private final Paths paths;
    private final Placement placement;
    private final RequestBook requests;
    private final Standings standings;

    /** Drained servers of which it was said that they are empty. */
    private final NavigableSet<ServerId> saidEmpty = new TreeSet<>();

    DrainDesk(MasterCore.Desks desks, Standings standings) {
        this.image = desks.image();
        this.view = desks.view();
        this.paths = desks.paths();
        this.placement = desks.placement();
        this.requests = desks.names().requests();
        this.standings = standings;
    }

    void drain(long ticket, DrainRequest request, Turn.Draft turn) throws CairnException {
        if (requests.before(request.getId(), Method.DRAIN, turn) != null) {
            turn.answer(ticket, Empty.getDefaultInstance());
            return;
        }
        KnownServer known = known(request.getServerId());
        boolean changes = known.draining() != request.getDrain();
        if (changes) {
            turn.met(request.getDrain() ? Probe.SERVER_DRAINED : Probe.SERVER_UNDRAINED);
            turn.note(
                    "chunkserver %s (%s): %s",
                    known.id(),
                    known.address(),
                    request.getDrain() ? "is being drained from now on" : "is not drained any more");
            turn.log(new MasterRecord.ServerKnown(known.drained(request.getDrain())));
            lookAtAllOf(known.id());
        }
        requests.done(request.getId(), Method.DRAIN, changes, turn);
        turn.answer(ticket, Empty.getDefaultInstance());
    }

    private void lookAtAllOf(ServerId id) {
        ServerState server = view.server(id);
        if (server != null) {
            view.attention().lookAtAllOf(id);
            server.surplus.clear();
        }
    }

    private KnownServer known(long id) throws CairnException {
        KnownServer known = image.server(new ServerId(id));
        if (known == null) {
            throw new CairnException(
                    ErrorCode.NOT_FOUND, new ServerId(id) + ": this cell has no such chunkserver; see: cairn report");
        }
        return known;
    }

    /** Nothing of it is known from then on. It serves nobody: it has not been heard of for longer than its serving term. */
    void forget(long ticket, ForgetRequest request, Turn.Draft turn) throws CairnException {
        if (requests.before(request.getId(), Method.FORGET, turn) != null) {
            turn.answer(ticket, Empty.getDefaultInstance());
            return;
        }
        KnownServer known = known(request.getServerId());
        ServerState server = view.server(known.id());
        if (server != null && (!view.isWrittenOff(server.id, turn.nanos()) || mayServe(server, turn.nanos()))) {
            turn.met(Probe.LIVE_SERVER_TO_BE_FORGOTTEN);
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    ("%s (%s) was heard of %d s ago and may be alive, and such a server is never forgotten, not even with --force; "
                                    + "next: cairn drain %s --wait, stop its process, and half a minute later: cairn forget %s")
                            .formatted(
                                    known.id(),
                                    known.address(),
                                    heardSecondsAgo(server, turn.nanos()),
                                    known.id(),
                                    known.id()));
        }
        if (!request.getForce()) {
            refuseIfNeeded(known, turn);
        }
        turn.met(Probe.SERVER_FORGOTTEN);
        turn.warn("chunkserver %s (%s): forgotten", known.id(), known.address());
        turn.log(new MasterRecord.ServerForgotten(known.id()));
        if (server != null) {
            view.dismiss(server);
        }
        saidEmpty.remove(known.id());
        requests.done(request.getId(), Method.FORGET, true, turn);
        turn.answer(ticket, Empty.getDefaultInstance());
    }

    private boolean mayServe(ServerState server, long nanos) {
        return nanos <= view.mayServeUntil(server.id);
    }

    private long heardSecondsAgo(ServerState server, long nanos) {
        return (nanos - (server.heard ? server.heardNanos : view.startNanos())) / 1_000_000_000L;
    }

    private void refuseIfNeeded(KnownServer known, Turn.Draft turn) throws CairnException {
        List<String> examples = new ArrayList<>();
        long needed = 0;
        for (Chunk chunk : image.chunksAfter(new ChunkHandle(0))) {
            if (mayBeLast(chunk, known.id(), turn.nanos())) {
                needed++;
                Inode file = image.names().find(chunk.file());
                if (examples.size() < EXAMPLES_MAX && file != null) {
                    examples.add(Words.of(paths.pathOf(file)));
                }
            }
        }
        if (needed > 0) {
            turn.met(Probe.LAST_HOLDER_TO_BE_FORGOTTEN);
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    "%s (%s) may hold the last replica of %s, of %s; start it again, or give those up with --force"
                            .formatted(
                                    known.id(),
                                    known.address(),
                                    Amount.of(needed, "chunk"),
                                    String.join(", ", examples)));
        }
    }

    /** No live server has the chunk as it should be, and this one may have it, as far as is known. */
    private boolean mayBeLast(Chunk chunk, ServerId id, long nanos) {
        boolean held = view.replica(chunk.handle(), id) != null;
        ServerState server = view.server(id);
        boolean untold = server == null || !server.heard || !server.unsoundKnown;
        boolean said = server != null
                && (server.unshown.contains(chunk.handle())
                        || server.unsound.contains(chunk.handle())
                        || server.isDropping(chunk.handle()));
        boolean mayHold = held || said || chunk.hasMember(id) || (chunk.sealed() && untold);
        return mayHold
                && !view.replicasOf(chunk.handle())
                        .any((other, replica) -> !other.equals(id)
                                && view.isLive(other, nanos)
                                && replica.getEstablished() == chunk.version().value()
                                && !replica.getSuspect());
    }

    /** Says once that a drained server is empty. */
    void tick(Turn.Draft turn) {
        for (ServerState server : view.servers()) {
            boolean empty =
                    view.isLeaving(server.id) && view.isUsable(server.id, turn.nanos()) && server.replicas.isEmpty();
            if (!empty) {
                saidEmpty.remove(server.id);
            } else if (saidEmpty.add(server.id)) {
                turn.met(Probe.SERVER_EMPTY);
                turn.note("chunkserver %s: is drained and holds nothing any more", server);
            }
        }
    }

    /** In the replicas that it still has, as it reported them. */
    long bytesLeft(ServerState server) {
        long bytes = 0;
        for (ChunkHandle handle : server.replicas) {
            ReplicaReport replica = view.replica(handle, server.id);
            bytes += replica == null ? 0 : replica.getLength();
        }
        return bytes;
    }

    /** Servers that could take something now, had {@code server} to be done without. */
    List<ServerState> takersBeside(ServerState server, long nanos) {
        return view.servers().stream()
                .filter(other -> other != server && placement.canTake(other, nanos))
                .toList();
    }

    /** Why not all replicas of a drained server can leave now; empty when nothing is in the way. */
    String obstacle(ServerState server, long nanos) {
        if (view.isAwaited(server, nanos) || view.isRegistering(server, nanos)) {
            return "the master has just started, or the server has, and it has not shown yet what it holds; that takes some seconds";
        }
        if (!view.isUsable(server.id, nanos)) {
            return "it is not heard of, and what it held is made anew from other replicas; start it again, or when it is gone for "
                    + "good: cairn forget " + server.id;
        }
        List<ServerState> takers = takersBeside(server, nanos);
        Tally tally = new Tally();
        int looked = 0;
        for (ChunkHandle handle : server.replicas) {
            Chunk chunk = image.chunk(handle);
            if (looked++ == EXPLAINED_MAX) {
                break;
            }
            if (chunk != null) {
                count(chunk, takers, nanos, tally);
            }
        }
        return tally.words(takers.size(), server.id, drainedBeside(server, nanos));
    }

    private List<String> drainedBeside(ServerState server, long nanos) {
        return view.servers().stream()
                .filter(other -> other != server && view.isLeaving(other.id) && view.isUsable(other.id, nanos))
                .map(other -> other.id.toString())
                .limit(EXAMPLES_MAX)
                .toList();
    }

    /** What is in the way, and of how many chunks. */
    private static final class Tally {
        long untaken;
        long unread;
        int goalMax;

        String words(int takers, ServerId drained, List<String> drainedToo) {
            List<String> words = new ArrayList<>();
            if (untaken > 0) {
                words.add(
                        "%s %s on other servers, and %s copies; add a chunkserver or room, lower the goal (cairn setrep), or: cairn undrain %s%s"
                                .formatted(
                                        Amount.of(untaken, "chunk wants", "chunks want up to"),
                                        Amount.of(goalMax, "copy"),
                                        Amount.of(takers, "other can take", "others can take"),
                                        drained,
                                        drainedToo.isEmpty()
                                                ? ""
                                                : " (or one of those drained, too: " + String.join(", ", drainedToo)
                                                        + ")"));
            }
            if (unread > 0) {
                words.add("%s no good copy; see: cairn fsck".formatted(Amount.of(unread, "chunk has", "chunks have")));
            }
            return String.join("; ", words);
        }
    }

    private void count(Chunk chunk, List<ServerState> takers, long nanos, Tally tally) {
        int goal = view.goalOf(chunk);
        Standing standing = standings.of(chunk, nanos);
        if (standing.count(Worth.GOOD) >= goal) {
            return;
        }
        if (standing.good() == 0) {
            tally.unread++;
        } else if (!canBeTaken(chunk, takers)) {
            tally.untaken++;
            tally.goalMax = Math.max(tally.goalMax, goal);
        }
    }

    /** One of them could take a replica of the chunk: it has none that counts. */
    boolean canBeTaken(Chunk chunk, List<ServerState> takers) {
        for (ServerState taker : takers) {
            var replica = view.replica(chunk.handle(), taker.id);
            boolean counts = chunk.hasMember(taker.id)
                    || (replica != null
                            && replica.getEstablished() == chunk.version().value());
            if (!counts) {
                return true;
            }
        }
        return false;
    }
}
