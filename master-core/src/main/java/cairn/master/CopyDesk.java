package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Has missing replicas made (GFS 4.3; docs/decisions/0005): the most endangered chunk first, a bounded number at a time.
 * Of a sealed chunk the copy is whole; of one that is being written it holds what was committed, and becomes a member by a new
 * version, whose reconciliation moves the rest.
 */
final class CopyDesk {

    /** A copy that failed is not tried again sooner. */
    private static final long RETRY_NANOS = 5_000_000_000L;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final Placement placement;

    private final NavigableSet<Wanted> wanted = new TreeSet<>(Wanted.WORST_FIRST);
    private final NavigableMap<ChunkHandle, Copying> copying = new TreeMap<>();
    private final NavigableMap<ChunkHandle, Long> notBeforeNanos = new TreeMap<>();

    /** @param patient a server that is away may be back in a moment: only who holds an old replica takes a copy */
    private record Wanted(int copies, ChunkHandle chunk, boolean patient) {
        static final Comparator<Wanted> WORST_FIRST =
                Comparator.comparingInt(Wanted::copies).thenComparing(Wanted::chunk);
    }

    private record Copying(ServerId source, ServerId target, boolean open) {}

    CopyDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.placement = desks.placement();
        this.settings = settings;
    }

    /**
     * The chunk has too few replicas now; asked again in every round.
     *
     * @param copies good ones that are there
     */
    void want(Chunk chunk, int copies, boolean patient) {
        wanted.add(new Wanted(copies, chunk.handle(), patient));
    }

    void forget(ChunkHandle chunk) {
        notBeforeNanos.remove(chunk);
    }

    void tick(long seed, Turn.Draft turn) {
        long draw = seed;
        for (Wanted next : wanted) {
            if (copying.size() >= settings.clonesPerCellMax()) {
                break;
            }
            if (isDue(next, turn.nanos())) {
                start(next, draw++, turn);
            }
        }
        wanted.clear();
    }

    /** Right after a start nothing is copied: what seems lost may not have registered yet. */
    private boolean isDue(Wanted next, long nanos) {
        Long notBefore = notBeforeNanos.get(next.chunk());
        return nanos - view.startNanos() >= settings.registerGrace()
                && !copying.containsKey(next.chunk())
                && versions.running(next.chunk()) == null
                && (notBefore == null || nanos >= notBefore);
    }

    private void start(Wanted next, long seed, Turn.Draft turn) {
        Chunk chunk = image.chunk(next.chunk());
        if (chunk == null) {
            return;
        }
        List<ServerState> sources =
                chunk.sealed() ? view.goodHolders(chunk, turn.nanos()) : members(chunk, turn.nanos());
        sources.removeIf(this::isBusy);
        ServerState target = holder(chunk, next.copies(), turn.nanos());
        boolean patient = next.patient() || (next.copies() > 1 && isYoung(turn.nanos()));
        if (target == null && !patient) {
            target = newcomer(chunk, seed, turn.nanos());
        }
        if (!sources.isEmpty() && target != null) {
            copy(chunk, sources, target, turn);
        } else {
            turn.met(sources.isEmpty() ? Probe.COPY_WITHOUT_SOURCE : Probe.COPY_WITHOUT_TARGET);
        }
    }

    /** The master has not been up for so long that who is not here must be gone. */
    private boolean isYoung(long nanos) {
        return nanos - view.startNanos() < settings.repairAfter();
    }

    /** The primary last: it has enough to do. */
    private List<ServerState> members(Chunk chunk, long nanos) {
        List<ServerState> members = new ArrayList<>();
        for (ChunkMember member : chunk.members().reversed()) {
            ServerState server = view.server(member.server());
            if (server != null && view.isUsable(member.server(), nanos)) {
                members.add(server);
            }
        }
        return members;
    }

    private boolean isBusy(ServerState server) {
        return server.clones >= settings.clonesPerServerMax();
    }

    /** Whoever holds an older replica needs only what is different; the one with the newest is the best. */
    private @Nullable ServerState holder(Chunk chunk, int copies, long nanos) {
        ServerState best = null;
        long newest = -1;
        for (var entry : view.replicasOf(chunk.handle()).entrySet()) {
            ServerState server = view.server(entry.getKey());
            long established = entry.getValue().getEstablished();
            boolean fits = server != null
                    && established < chunk.version().value()
                    && !chunk.hasMember(server.id)
                    && view.isUsable(server.id, nanos)
                    && !isBusy(server)
                    && (copies == 1 || view.isSteady(server, nanos));
            if (fits && established > newest) {
                best = server;
                newest = established;
            }
        }
        return best;
    }

    /** A server that holds nothing of the chunk; one that was in trouble lately only if there is no other. */
    private @Nullable ServerState newcomer(Chunk chunk, long seed, long nanos) {
        NavigableSet<ServerId> holders =
                new TreeSet<>(view.replicasOf(chunk.handle()).keySet());
        chunk.members().forEach(member -> holders.add(member.server()));
        List<ServerId> busy = new ArrayList<>();
        List<ServerId> avoided = new ArrayList<>();
        for (ServerState server : view.servers()) {
            if (isBusy(server)) {
                busy.add(server.id);
            }
            if (isBusy(server) || !view.isSteady(server, nanos)) {
                avoided.add(server.id);
            }
        }
        List<ServerState> chosen = placement.choose(1, holders, avoided, seed, nanos);
        if (chosen.isEmpty()) {
            chosen = placement.choose(1, holders, busy, seed, nanos);
        }
        return chosen.isEmpty() ? null : chosen.getFirst();
    }

    private void copy(Chunk chunk, List<ServerState> sources, ServerState target, Turn.Draft turn) {
        turn.met(Probe.REPLICA_MISSING);
        ServerState source = sources.getFirst();
        source.clones++;
        target.clones++;
        target.recentCreations++;
        copying.put(chunk.handle(), new Copying(source.id, target.id, !chunk.sealed()));
        List<Member> from = sources.stream().map(ServerState::member).toList();
        CloneRequest request = CloneRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value())
                .setLength(chunk.sealed() ? chunk.length() : 0)
                .setOpen(!chunk.sealed())
                .addAllSources(from)
                .build();
        turn.note(
                "chunk %s %s: %s from %s to %s",
                chunk.handle(),
                chunk.version(),
                chunk.sealed() ? "copied" : "copied while it is written,",
                source.id,
                target.id);
        turn.perform(new Effect.Clone(target.target(), chunk.handle(), chunk.version(), request));
    }

    void cloneAnswered(MasterInput.CloneAnswered answer, Turn.Draft turn) {
        Copying done = end(answer);
        Chunk chunk = image.chunk(answer.chunk());
        ServerState target = view.server(answer.server());
        if (done == null || target == null || !target.registered) {
            turn.met(Probe.COPY_TARGET_REGISTERS);
            return; // a report will show what it has
        }
        if (chunk == null) {
            turn.met(Probe.COPY_OUTDATED);
            turn.perform(new Effect.Drop(target.target(), List.of(answer.chunk())));
            return;
        }
        view.note(target, answer.replica());
        if (done.open()) {
            admit(chunk, target, turn);
        } else if (ClusterView.isGood(chunk, answer.replica())) {
            turn.note(
                    "chunk %s %s: copied to %s, %d bytes moved",
                    chunk.handle(), chunk.version(), target.id, answer.moved());
        }
    }

    /** Its members stay, with one more; a writer's pause for it is as short as reconciling what came in the meantime. */
    private void admit(Chunk chunk, ServerState target, Turn.Draft turn) {
        boolean due = !chunk.sealed()
                && !chunk.hasMember(target.id)
                && chunk.members().size() < view.goalOf(chunk.file())
                && view.leader(chunk, turn.nanos()) != null
                && versions.running(chunk.handle()) == null
                && members(chunk, turn.nanos()).size() == chunk.members().size();
        if (due) {
            turn.note("chunk %s %s: %s has a copy and joins", chunk.handle(), chunk.version(), target.id);
            versions.admit(chunk, target.id, turn);
        } else {
            turn.met(Probe.NEWCOMER_NOT_DUE);
        }
        view.attention().look(chunk.handle());
    }

    void cloneFailed(MasterInput.CloneFailed failed, Turn.Draft turn) {
        end(failed);
        turn.met(Probe.COPY_FAILED);
        if (failed.failure().processDead()) {
            view.markGone(failed.server(), turn);
        }
        view.troubled(failed.server(), turn.nanos());
        notBeforeNanos.put(failed.chunk(), turn.nanos() + RETRY_NANOS);
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
