package cairn.master;

import cairn.master.CopyQueue.Cause;
import cairn.master.CopyQueue.Wanted;
import cairn.model.Amount;
import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.MovementReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Has missing replicas made (GFS 4.3; docs/decisions/0005): the most endangered chunk first, a bounded number at a time.
 * Of a sealed chunk the copy is whole; of one that is being written it holds what was committed, and becomes a member by a new
 * version, whose reconciliation moves the rest.
 */
final class CopyDesk {

    /** A copy that failed is not tried again sooner. */
    private static final long RETRY_NANOS = 5_000_000_000L;

    /** One that could not begin, for want of a server that is free, lets others go first. */
    private static final long REST_NANOS = 500_000_000L;

    /** Looked at in one tick to be begun. */
    private static final int TRIES_MAX = 300;

    private static final int FAILURES_MAX = 1_000;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final Placement placement;
    private final Shortages shortages;

    private final CopyQueue queue = new CopyQueue();
    private final CopyMeter meter;
    private final NavigableMap<ChunkHandle, Copying> copying = new TreeMap<>();
    private final NavigableMap<ChunkHandle, Long> notBeforeNanos = new TreeMap<>();

    /** Copies under way that mend nothing. */
    private int moving;

    /** Why copies failed lately, for operators; the oldest is forgotten. */
    private final SequencedMap<ChunkHandle, String> failures = new LinkedHashMap<>();

    private final CopiesMade made = new CopiesMade();

    /** Copies at a time, of the last tick. */
    private int copiesMax;

    private record Copying(ServerId source, ServerId target, long session, boolean open, Cause cause) {}

    CopyDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.placement = desks.placement();
        this.shortages = new Shortages(desks);
        this.settings = settings;
        this.meter = new CopyMeter(view.startNanos());
    }

    /** For the report. */
    void tell(MovementReport.Builder report, long nanos) {
        report.setCopying(copying.size())
                .setCopyingMax(copiesMax)
                .setCopied(meter.copies())
                .setCopiedBytes(meter.bytes())
                .setBytesPerSecond(meter.bytesPerSecond(nanos))
                .setCopiesFailed(meter.failures())
                .setQueued(queue.size());
    }

    boolean isCopying(ChunkHandle chunk) {
        return copying.containsKey(chunk);
    }

    /** Whether all that is to be mended or moved away has begun. */
    boolean isIdle() {
        return queue.size() == 0;
    }

    /** Another replica of the chunk is wanted, or none; said again whenever it is looked at. */
    void want(Chunk chunk, @Nullable Wanted wanted) {
        if (wanted == null) {
            queue.remove(chunk.handle());
        } else {
            queue.put(wanted);
        }
    }

    int runningCount() {
        return copying.size();
    }

    void forget(ChunkHandle chunk) {
        queue.remove(chunk);
        notBeforeNanos.remove(chunk);
    }

    /** Right after a start nothing is copied: what seems lost may not have registered yet. */
    void tick(long seed, Turn.Draft turn) {
        meter.tick(turn.nanos());
        copiesMax = copiesMax(view.usableCount(turn.nanos()));
        if (view.isGathering(turn.nanos())) {
            return;
        }
        long draw = seed;
        for (Wanted next : queue.first(TRIES_MAX, turn.nanos())) {
            if (copying.size() >= copiesMax) {
                break;
            }
            if (!isDue(next, turn.nanos()) || !start(next, draw++, turn)) {
                queue.rest(next, turn.nanos() + REST_NANOS);
            }
        }
    }

    private int copiesMax(int servers) {
        long share = servers * view.limit(CellLimit.COPIES_PERCENT) / 100;
        long most = Math.max(view.limit(CellLimit.COPIES_IN_CELL), share);
        return (int) Math.min(CellLimit.COPIES_IN_CELL.most(), most);
    }

    private boolean isDue(Wanted next, long nanos) {
        Long notBefore = notBeforeNanos.get(next.chunk());
        return !copying.containsKey(next.chunk())
                && versions.running(next.chunk()) == null
                && (notBefore == null || nanos >= notBefore)
                && !(next.cause().isMove() && moving >= movesMax());
    }

    /** False when it cannot begin now. Much may have been shown since it was put into the queue: it is judged again. */
    private boolean start(Wanted next, long seed, Turn.Draft turn) {
        Chunk chunk = image.chunk(next.chunk());
        Wanted now = chunk == null ? null : shortages.again(chunk, next, turn.nanos());
        if (chunk == null || now == null) {
            queue.remove(next.chunk());
            return true;
        }
        if (!now.equals(next)) {
            queue.put(now); // and has the place in the order that it has now
            return true;
        }
        List<ServerState> sources =
                chunk.sealed() ? view.goodHolders(chunk, turn.nanos()) : members(chunk, turn.nanos());
        sources.removeIf(server -> isBusy(server, next.cause()));
        if (sources.isEmpty()) {
            turn.met(Probe.COPY_WITHOUT_SOURCE);
            return false;
        }
        ServerState target = next.cause() == Cause.NARROW ? null : holder(chunk, next, turn.nanos());
        boolean patient = next.patient() || (next.copies() > 1 && isYoung(turn.nanos()));
        if (target == null && !patient) {
            target = newcomer(chunk, next.cause(), seed, turn.nanos());
        }
        if (target == null) {
            turn.met(Probe.COPY_WITHOUT_TARGET);
            return false;
        }
        copy(chunk, next.cause(), sources, target, turn);
        return true;
    }

    /** How many moves can begin now; each takes a place at its servers, too. */
    int movesLeft() {
        return Math.min(copiesMax - copying.size(), movesMax() - moving);
    }

    /** Repair keeps half of the copies for itself. */
    private int movesMax() {
        return Math.max(1, copiesMax / 2);
    }

    boolean canMoveTo(ServerState target) {
        return !isBusy(target, Cause.BALANCE);
    }

    /** A server that is much fuller than this one has its replica moved there; false when it cannot begin now. */
    boolean move(Chunk chunk, ServerState target, Turn.Draft turn) {
        Wanted wanted = new Wanted(chunk.handle(), Cause.BALANCE, view.goalOf(chunk), false, false, false);
        List<ServerState> sources = view.goodHolders(chunk, turn.nanos());
        sources.removeIf(server -> isBusy(server, Cause.BALANCE));
        boolean room = copying.size() < copiesMax && !isBusy(target, Cause.BALANCE);
        if (!room || sources.isEmpty() || !isDue(wanted, turn.nanos())) {
            return false;
        }
        copy(chunk, Cause.BALANCE, sources, target, turn);
        return true;
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

    /** While something is to be mended, moves leave room for that at every server. */
    private boolean isBusy(ServerState server, Cause cause) {
        long most = view.limit(CellLimit.COPIES_PER_SERVER);
        return server.clones >= (cause.isMove() && queue.hasMissing() ? Math.max(1, most - 1) : most);
    }

    /** Whoever holds an older replica needs only what is different; the one with the newest is the best. */
    private @Nullable ServerState holder(Chunk chunk, Wanted wanted, long nanos) {
        ServerState best = null;
        long newest = -1;
        Holders holders = view.replicasOf(chunk.handle());
        for (ServerId id : holders.servers()) {
            ServerState server = view.server(id);
            long established = Objects.requireNonNull(holders.get(id)).getEstablished();
            boolean fits = server != null
                    && established < chunk.version().value()
                    && !chunk.hasMember(server.id)
                    && view.isUsable(server.id, nanos)
                    && !view.isLeaving(server.id)
                    && !isBusy(server, wanted.cause())
                    && (wanted.copies() == 1 || view.isSteady(server, nanos));
            if (fits && established > newest) {
                best = server;
                newest = established;
            }
        }
        return best;
    }

    /** A server that holds nothing of the chunk; one that was in trouble lately only if there is no other. */
    private @Nullable ServerState newcomer(Chunk chunk, Cause cause, long seed, long nanos) {
        NavigableSet<ServerId> holders =
                new TreeSet<>(view.replicasOf(chunk.handle()).servers());
        chunk.members().forEach(member -> holders.add(member.server()));
        NavigableSet<String> racks =
                cause == Cause.NARROW ? Census.racks(view.stayingHolders(chunk, nanos)) : new TreeSet<>();
        Predicate<ServerState> excluded =
                server -> isBusy(server, cause) || racks.contains(server.rack) || server.isDropping(chunk.handle());
        Predicate<ServerState> avoided = excluded.or(server -> !view.isSteady(server, nanos));
        List<ServerState> chosen = placement.choose(1, holders, avoided, seed, nanos);
        if (chosen.isEmpty() && !cause.isMove()) {
            chosen = placement.choose(1, holders, excluded, seed, nanos);
        }
        return chosen.isEmpty() ? null : chosen.getFirst();
    }

    private void copy(Chunk chunk, Cause cause, List<ServerState> sources, ServerState target, Turn.Draft turn) {
        turn.met(
                switch (cause) {
                    case MISSING -> Probe.REPLICA_MISSING;
                    case LEAVING -> Probe.REPLICA_LEAVING;
                    case NARROW -> Probe.REPLICAS_ON_ONE_RACK;
                    case BALANCE -> Probe.REPLICA_BALANCED;
                });
        queue.remove(chunk.handle());
        sources.sort(Comparator.comparingInt(server -> server.clones)); // stable: the primary stays behind others
        ServerState source = sources.getFirst();
        source.clones++;
        target.clones++;
        target.recentCreations++;
        copying.put(chunk.handle(), new Copying(source.id, target.id, target.session(), !chunk.sealed(), cause));
        moving += cause.isMove() ? 1 : 0;
        List<Member> from = sources.stream().map(ServerState::member).toList();
        CloneRequest request = CloneRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(chunk.version().value())
                .setLength(chunk.sealed() ? chunk.length() : 0)
                .setOpen(!chunk.sealed())
                .addAllSources(from)
                .setBytesPerSecondMax(view.limit(CellLimit.RATE_PER_COPY))
                .build();
        turn.count(Counted.COPIES_STARTED);
        turn.detail(
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
        if (done == null
                || target == null
                || !target.registered
                || target.session() != done.session()
                || target.isDropping(answer.chunk())) {
            turn.met(Probe.COPY_TARGET_REGISTERS);
            return; // a report will show what it has
        }
        if (chunk == null) {
            turn.met(Probe.COPY_OUTDATED);
            turn.perform(new Effect.Drop(target.target(), List.of(answer.chunk())));
            return;
        }
        view.note(target, answer.replica());
        meter.note(answer.moved());
        made.note(chunk.handle(), target.id, done.cause(), turn.nanos());
        turn.count(Counted.COPIES_DONE);
        turn.count(Counted.COPY_BYTES, Math.max(0, answer.moved()));
        if (done.open()) {
            admit(chunk, target, turn);
        } else if (ClusterView.isGood(chunk, answer.replica())) {
            turn.detail(
                    "chunk %s %s: copied to %s, %d bytes moved",
                    chunk.handle(), chunk.version(), target.id, answer.moved());
        }
    }

    /** Its members stay, with one more; a writer's pause for it is as short as reconciling what came in the meantime. */
    private void admit(Chunk chunk, ServerState target, Turn.Draft turn) {
        boolean due = !chunk.sealed()
                && !chunk.hasMember(target.id)
                && view.stayingMembers(chunk) < view.goalOf(chunk)
                && !view.isLeaving(target.id)
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
        meter.noteFailure();
        turn.met(Probe.COPY_FAILED);
        turn.count(Counted.COPIES_FAILED);
        if (failed.failure().processDead()) {
            view.markGone(failed.server(), turn);
        }
        view.troubled(failed.server(), turn.nanos());
        notBeforeNanos.put(failed.chunk(), turn.nanos() + RETRY_NANOS);
        failures.putLast(
                failed.chunk(), failed.server() + ": " + failed.failure().reason());
        if (failures.size() > FAILURES_MAX) {
            failures.pollFirstEntry();
        }
        view.attention().look(failed.chunk());
        turn.warn(
                "chunk %s %s: not copied to %s: %s",
                failed.chunk(),
                failed.version(),
                failed.server(),
                failed.failure().reason());
    }

    // ---- for operators: what is done about a chunk, and what is in the way; decides nothing

    CopiesMade made() {
        return made;
    }

    /** What becomes of the chunk now; of one that is not in the queue yet, if {@code supposed} were. */
    RepairOutlook outlook(Chunk chunk, Wanted supposed, long nanos) {
        Wanted queued = Objects.requireNonNullElse(queue.find(chunk.handle()), supposed);
        Wanted wanted = Objects.requireNonNullElse(shortages.again(chunk, queued, nanos), queued);
        Copying now = copying.get(chunk.handle());
        if (now != null) {
            return RepairOutlook.of(
                    RepairOutlook.COPYING, "a copy from %s to %s is under way".formatted(now.source(), now.target()));
        }
        if (view.isGathering(nanos)) {
            return new RepairOutlook(
                    RepairOutlook.WAITS,
                    "the master has just started: servers are still registering",
                    view.gatheringNanos(nanos));
        }
        long again = notBeforeNanos.getOrDefault(chunk.handle(), nanos) - nanos;
        if (again > 0) {
            String why = failures.getOrDefault(chunk.handle(), "no reason given");
            return new RepairOutlook(RepairOutlook.RETRY, "the last copy failed (%s)".formatted(why), again);
        }
        if (versions.running(chunk.handle()) != null) {
            return RepairOutlook.of(RepairOutlook.WAITS, "a new version of the chunk is being started");
        }
        return prospect(chunk, wanted, nanos);
    }

    private RepairOutlook prospect(Chunk chunk, Wanted wanted, long nanos) {
        List<ServerState> sources = chunk.sealed() ? view.goodHolders(chunk, nanos) : members(chunk, nanos);
        if (sources.isEmpty()) {
            return RepairOutlook.of(RepairOutlook.BLOCKED, "there is no good copy to copy from");
        }
        if (sources.stream().allMatch(server -> isBusy(server, wanted.cause()))) {
            return RepairOutlook.of(
                    RepairOutlook.DUE,
                    "all its holders make or take as many copies already as one server may (%d)"
                            .formatted(view.limit(CellLimit.COPIES_PER_SERVER)));
        }
        boolean held = wanted.cause() != Cause.NARROW && holder(chunk, wanted, nanos) != null;
        if (!held && (wanted.patient() || (wanted.copies() > 1 && isYoung(nanos)))) {
            return RepairOutlook.of(RepairOutlook.WAITS, "a server that is away may be back with its copy in a moment");
        }
        if (!held && newcomer(chunk, wanted.cause(), 0, nanos) == null) {
            return RepairOutlook.of(RepairOutlook.BLOCKED, noTarget(chunk, nanos));
        }
        boolean full = copying.size() >= copiesMax || (wanted.cause().isMove() && moving >= movesMax());
        return RepairOutlook.of(
                RepairOutlook.DUE,
                full
                        ? "%s under way in the cell and %s for one, the most endangered first"
                                .formatted(
                                        Amount.of(copying.size(), "copy is", "copies are"),
                                        Amount.of(queue.size(), "chunk waits", "chunks wait"))
                        : "it is among the next");
    }

    private String noTarget(Chunk chunk, long nanos) {
        int live = 0;
        int holders = 0;
        int full = 0;
        for (ServerState server : view.servers()) {
            if (view.isUsable(server.id, nanos) && !view.isLeaving(server.id)) {
                live++;
                boolean holds = chunk.hasMember(server.id) || view.replica(chunk.handle(), server.id) != null;
                boolean room = server.hasRoomFor(image.geometry().chunkBytes());
                holders += holds ? 1 : 0;
                full += !holds && !room ? 1 : 0;
            }
        }
        if (live == holders) {
            return "each of the %d live chunkservers has a replica already: another chunkserver is needed"
                    .formatted(live);
        }
        return full == live - holders
                ? "none of the %d live chunkservers that have no replica has room for one: more space is needed"
                        .formatted(full)
                : "each server that could take a copy is busy with others, or was in trouble a moment ago";
    }

    private @Nullable Copying end(MasterInput.OrderEnded ended) {
        Copying done = copying.remove(ended.chunk());
        if (done != null) {
            moving -= done.cause().isMove() ? 1 : 0;
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
