package cairn.master;

import cairn.master.Establishment.Phase;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks to a led version (GFS 3.1, 4.5; docs/decisions/0001): log the version, tell every member and fence every
 * holder that is left behind, find out how long the unfenced may still serve, have the first member lead. All requests
 * for one chunk share one {@link Establishment}. Orders end in an {@link MasterInput.OrderEnded}, which brings it on.
 */
final class VersionDesk {

    /** Versions that one establishment starts before it gives up; a new request begins another. */
    private static final int ATTEMPTS_MAX = 12;

    /** The first tries follow at once; then the wait doubles from here. */
    private static final int QUICK_ATTEMPTS = 3;

    private static final long BACKOFF_NANOS = 100_000_000L;
    private static final long BACKOFF_NANOS_MAX = 2_000_000_000L;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final Statuses statuses;
    private final Candidates candidates;
    private final Placement placement;
    private final LeftBehind leftBehind;
    private final NavigableMap<ChunkHandle, Establishment> running = new TreeMap<>();

    VersionDesk(MasterImage image, ClusterView view, MasterSettings settings, Statuses statuses, Placement placement) {
        this.image = image;
        this.view = view;
        this.settings = settings;
        this.statuses = statuses;
        this.candidates = new Candidates(view, settings);
        this.placement = placement;
        this.leftBehind = new LeftBehind(view);
    }

    @Nullable
    Establishment running(ChunkHandle chunk) {
        return running.get(chunk);
    }

    int runningCount() {
        return running.size();
    }

    /** Brings the chunk up, or waits for the establishment that runs. */
    void bringUp(Chunk chunk, long ticket, Turn.Draft turn) {
        Establishment establishment = running.get(chunk.handle());
        if (establishment == null) {
            establishment = open(chunk, turn);
            await(establishment, ticket, turn);
            attempt(establishment, chunk, turn);
        } else {
            await(establishment, ticket, turn);
        }
    }

    /** The master's own wish: bring the chunk up, and have it sealed. */
    void bringUpAndSeal(Chunk chunk, Turn.Draft turn) {
        if (!running.containsKey(chunk.handle())) {
            Establishment establishment = open(chunk, turn);
            establishment.sealAfter = true;
            attempt(establishment, chunk, turn);
        }
    }

    /** Has whoever leads the chunk seal it as it is; false when nobody does, or a version is being started. */
    boolean seal(Chunk chunk, Turn.Draft turn) {
        ClusterView.Leader leader = view.leader(chunk, turn.nanos());
        ServerState server = leader == null ? null : view.server(leader.server());
        if (server == null || running.containsKey(chunk.handle())) {
            return false;
        }
        turn.perform(new Effect.Seal(server.target(), chunk.handle(), chunk.version()));
        return true;
    }

    /** The master's own wish: the chunk, which is led, goes on with members that are all proven. */
    void renew(Chunk chunk, Turn.Draft turn) {
        if (!running.containsKey(chunk.handle())) {
            attempt(open(chunk, turn), chunk, turn);
        }
    }

    /** The master's own wish: the chunk, which is led and well, goes on with one more member. */
    void admit(Chunk chunk, ServerId newcomer, Turn.Draft turn) {
        if (!running.containsKey(chunk.handle())) {
            Establishment establishment = open(chunk, turn);
            establishment.newcomer = newcomer;
            attempt(establishment, chunk, turn);
        }
    }

    /** The master's own wish: the chunk, which is led and well, goes on without these, whom enough others make up for. */
    void dismiss(Chunk chunk, Collection<ServerId> leaving, Turn.Draft turn) {
        if (!running.containsKey(chunk.handle())) {
            Establishment establishment = open(chunk, turn);
            establishment.dismissed.addAll(leaving);
            attempt(establishment, chunk, turn);
        }
    }

    /** A chunk that this turn adds, its version 1 is in the turn's records already: the request is told where it is. */
    void bringUpFresh(Chunk chunk, long ticket, long seed, Turn.Draft turn) {
        bringUpFresh(chunk, new Establishment.Waiter(ticket, deadline(turn), null), seed, turn);
    }

    /** The same of the first chunk of a file that this turn makes: the request is told of the file. */
    void bringUpWithFile(Chunk chunk, long ticket, long seed, Turn.Draft turn) {
        bringUpFresh(chunk, new Establishment.Waiter(ticket, deadline(turn), chunk.file()), seed, turn);
    }

    private void bringUpFresh(Chunk chunk, Establishment.Waiter waiter, long seed, Turn.Draft turn) {
        Establishment establishment = new Establishment(chunk.handle(), chunk.version(), turn.nanos(), seed);
        running.put(chunk.handle(), establishment);
        establishment.waiters.add(waiter);
        establishment.fresh = true;
        establishment.atOnce = true;
        view.beginsUnled(chunk.handle());
        establishment.complete = fullMembers(chunk.members());
        establishment.begin(chunk.version(), chunk.members(), turn.nanos());
        tellMembers(establishment, turn);
    }

    /** Before the version is given up: is the leader alive at all? */
    void probe(Chunk chunk, ServerId leader, long ticket, Turn.Draft turn) {
        Establishment establishment = open(chunk, turn);
        await(establishment, ticket, turn);
        establishment.phase = Phase.PROBING;
        establishment.probed = leader;
        ServerState server = view.server(leader);
        if (server == null || ClusterView.isSilent(server)) {
            establishment.excluded.add(leader);
            attempt(establishment, chunk, turn);
        } else {
            turn.perform(new Effect.Probe(server.target(), chunk.handle(), chunk.version()));
        }
    }

    /** The primary could not get a mutation applied by these members of this version. */
    void membersFailed(Chunk chunk, Collection<ServerId> failed, Turn.Draft turn) {
        Establishment establishment = running.get(chunk.handle());
        if (establishment == null) {
            establishment = open(chunk, turn);
        }
        turn.met(Probe.MEMBER_REPORTED);
        for (ServerId server : failed) {
            exclude(establishment, server, turn);
        }
        attempt(establishment, chunk, turn);
    }

    // ---- how orders ended

    void prepareAnswered(MasterInput.PrepareAnswered answer, Turn.Draft turn) {
        ServerState server = view.server(answer.server());
        if (server != null && image.chunk(answer.chunk()) == null) {
            turn.met(Probe.PREPARED_AFTER_DELETION);
            turn.perform(new Effect.Drop(server.target(), List.of(answer.chunk())));
        } else if (server != null && !server.isDropping(answer.chunk())) {
            view.note(server, fenced(answer));
        }
        Establishment establishment = awaiting(answer);
        turn.metIf(establishment == null, Probe.PREPARED_TOO_LATE);
        if (establishment != null) {
            establishment.confirmed.add(answer.server());
            establishment.prepared.put(answer.server(), answer.before());
            settle(establishment, answer.server(), turn);
        }
    }

    private static ReplicaReport fenced(MasterInput.PrepareAnswered answer) {
        return answer.before().toBuilder()
                .setHandle(answer.chunk().value())
                .setFence(Math.max(answer.version().value(), answer.before().getFence()))
                .setLeading(false)
                .build();
    }

    void prepareFailed(MasterInput.PrepareFailed failed, Turn.Draft turn) {
        noteFailure(failed, failed.failure(), turn);
        ServerState server = view.server(failed.server());
        boolean holdsNothing = failed.failure().code() == ErrorCode.NO_SUCH_CHUNK;
        turn.met(holdsNothing ? Probe.PREPARE_FOUND_NOTHING : Probe.PREPARE_FAILED);
        if (holdsNothing && server != null) {
            view.lose(server, failed.chunk());
        }
        Establishment establishment = awaiting(failed);
        if (establishment != null) {
            (holdsNothing ? establishment.confirmed : establishment.failed).add(failed.server());
            if (establishment.isMember(failed.server())) {
                establishment.failed.add(failed.server());
            }
            settle(establishment, failed.server(), turn);
        }
    }

    void leadAnswered(MasterInput.LeadAnswered answer, Turn.Draft turn) {
        Establishment establishment = inPhase(answer, Phase.LEADING);
        Chunk chunk = image.chunk(answer.chunk());
        if (establishment == null || chunk == null || !chunk.version().equals(answer.version())) {
            turn.met(Probe.LED_TOO_LATE);
            return;
        }
        turn.note(
                "chunk %s %s: led by %s, %d bytes, members %s",
                answer.chunk(), answer.version(), answer.server(), answer.length(), establishment.members);
        led(establishment, chunk, answer.length(), turn);
    }

    private void led(Establishment establishment, Chunk chunk, long length, Turn.Draft turn) {
        noteEstablished(establishment, length);
        view.lead(chunk.handle(), new ClusterView.Leader(establishment.head(), establishment.version, turn.nanos()));
        finish(establishment, chunk, turn);
        sealIfWanted(establishment, chunk, turn);
    }

    void leadFailed(MasterInput.LeadFailed failed, Turn.Draft turn) {
        noteFailure(failed, failed.failure(), turn);
        Establishment establishment = inPhase(failed, Phase.LEADING);
        Chunk chunk = image.chunk(failed.chunk());
        if (establishment == null || chunk == null) {
            return;
        }
        long culprit = failed.failure().culprit();
        boolean named = culprit != 0 && establishment.isMember(new ServerId(culprit));
        turn.met(named ? Probe.LEAD_FAILED_AT_MEMBER : Probe.LEAD_FAILED);
        exclude(establishment, named ? new ServerId(culprit) : failed.server(), turn);
        attempt(establishment, chunk, turn);
    }

    private void exclude(Establishment establishment, ServerId server, Turn.Draft turn) {
        establishment.excluded.add(server);
        view.troubled(server, turn.nanos());
    }

    void probeAnswered(MasterInput.ProbeAnswered answer, Turn.Draft turn) {
        Establishment establishment = inPhase(answer, Phase.PROBING);
        Chunk chunk = image.chunk(answer.chunk());
        if (establishment == null || chunk == null) {
            return;
        }
        if (view.leader(chunk, turn.nanos()) != null) {
            turn.met(Probe.SUSPECTED_LEADER_LIVES);
            finish(establishment, chunk, turn);
        } else {
            turn.met(Probe.SUSPECTED_LEADER_LEADS_NO_MORE);
            attempt(establishment, chunk, turn);
        }
    }

    void probeFailed(MasterInput.ProbeFailed failed, Turn.Draft turn) {
        noteFailure(failed, failed.failure(), turn);
        for (Establishment establishment : List.copyOf(running.values())) {
            Chunk chunk = image.chunk(establishment.chunk);
            boolean asksToo =
                    establishment.phase == Phase.PROBING && failed.server().equals(establishment.probed);
            if (asksToo && chunk != null) { // one answer for all the chunks that it led
                turn.met(Probe.SUSPECTED_LEADER_SILENT);
                establishment.excluded.add(failed.server());
                attempt(establishment, chunk, turn);
            }
        }
    }

    /**
     * A server reports that it leads exactly the logged version of an open chunk: it is believed, and nobody need wait. So too
     * while the answer to LEAD is under way: from now on clients are told, and nothing may be tried that takes the version
     * for one that has acknowledged nothing.
     */
    void adopted(Chunk chunk, Turn.Draft turn) {
        Establishment establishment = running.get(chunk.handle());
        if (establishment == null) {
            return;
        }
        boolean leading = establishment.phase == Phase.LEADING && establishment.version.equals(chunk.version());
        if (establishment.phase == Phase.WAITING || leading) {
            turn.met(leading ? Probe.ADOPTED_WHILE_LEADING : Probe.ADOPTED_WHILE_WAITING);
            finish(establishment, chunk, turn);
            sealIfWanted(establishment, chunk, turn);
        }
    }

    /**
     * Whether the members of the first version are still being told of it. Its head says that it leads as soon as it has heard;
     * nobody is sent there before the others have heard, too.
     */
    boolean isBeginning(ChunkHandle chunk) {
        Establishment establishment = running.get(chunk);
        return establishment != null && establishment.atOnce && establishment.phase == Phase.PREPARING;
    }

    private void sealIfWanted(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        ClusterView.Leader leader = view.lastLeader(chunk.handle());
        ServerState server = leader == null ? null : view.server(leader.server());
        if (establishment.sealAfter && server != null) {
            turn.perform(new Effect.Seal(server.target(), chunk.handle(), chunk.version()));
        }
    }

    // ---- time

    void tick(Turn.Draft turn) {
        for (Establishment establishment : List.copyOf(running.values())) {
            Chunk chunk = image.chunk(establishment.chunk);
            if (chunk == null) {
                turn.met(Probe.CHUNK_CUT_WHILE_BROUGHT_UP);
                dissolve(establishment, ErrorCode.CONFLICT, "was cut from its file or deleted meanwhile", turn);
                continue;
            }
            refuseLate(establishment, chunk, turn);
            if (isStuck(establishment, chunk, turn)) {
                attempt(establishment, chunk, turn);
            } else if (waitsLong(establishment, turn)) {
                conclude(establishment, chunk, turn); // from here on we wait for their terms
            }
        }
    }

    private boolean isStuck(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        if (establishment.phase == Phase.WAITING) {
            if (establishment.waiters.isEmpty() && !establishment.obstacle.isEmpty()) {
                turn.met(Probe.NOBODY_WAITS_FOR_CHUNK);
                running.remove(chunk.handle());
                return false;
            }
            return turn.nanos() >= establishment.retryAtNanos;
        }
        if (establishment.phase == Phase.LEADING && !view.isUsable(establishment.head(), turn.nanos())) {
            turn.met(Probe.LEADER_TO_BE_VANISHED);
            establishment.excluded.add(establishment.head());
            return true;
        }
        return false;
    }

    /** Every member is ready, and only servers that were left behind have not answered. */
    private boolean waitsLong(Establishment establishment, Turn.Draft turn) {
        return establishment.phase == Phase.PREPARING
                && turn.nanos() - establishment.begunNanos > settings.leftBehind()
                && establishment.heardMembers()
                && membersStand(establishment, turn);
    }

    private void refuseLate(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        establishment.waiters.removeIf(waiter -> {
            boolean late = turn.nanos() >= waiter.deadlineNanos();
            if (late) {
                turn.met(Probe.WAITED_TOO_LONG_FOR_CHUNK);
                refuse(waiter, ErrorCode.NO_REPLICA, explain(chunk, establishment, turn.nanos()), turn);
            }
            return late;
        });
    }

    String explain(Chunk chunk, @Nullable Establishment establishment, long nanos) {
        return "chunk %s cannot be used now: %s"
                .formatted(chunk.handle(), candidates.missingNow(chunk, establishment, nanos));
    }

    // ---- the state machine itself

    private Establishment open(Chunk chunk, Turn.Draft turn) {
        Establishment establishment = new Establishment(chunk.handle(), chunk.version(), turn.nanos(), 0);
        establishment.sealedBase = chunk.sealed() ? chunk : null;
        running.put(chunk.handle(), establishment);
        return establishment;
    }

    private void await(Establishment establishment, long ticket, Turn.Draft turn) {
        establishment.waiters.add(new Establishment.Waiter(ticket, deadline(turn), null));
    }

    private long deadline(Turn.Draft turn) {
        return turn.nanos() + settings.requestWait();
    }

    private void attempt(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        if (establishment.attempts >= ATTEMPTS_MAX) {
            turn.met(Probe.VERSIONS_USED_UP);
            dissolve(establishment, ErrorCode.NO_REPLICA, "could not be brought up; try again", turn);
            return;
        }
        if (establishment.attempts >= QUICK_ATTEMPTS && establishment.phase != Phase.WAITING) {
            turn.met(Probe.VERSION_POSTPONED);
            postpone(establishment, turn);
            return;
        }
        Candidates.Choice choice = choose(chunk, establishment, turn);
        if (!choice.obstacle().isEmpty() && !choice.obstacle().equals(establishment.obstacle)) {
            turn.note("chunk %s %s: waits: %s", chunk.handle(), chunk.version(), choice.obstacle());
        }
        establishment.obstacle = choice.obstacle();
        List<ChunkMember> members = establishment.fresh && choice.obstacle().isEmpty()
                ? filledUp(establishment, chunk, choice.members(), turn)
                : choice.members();
        if (members.isEmpty()) {
            establishment.excluded.clear();
            postpone(establishment, turn);
            return;
        }
        establishment.suspectSource = choice.suspectSource();
        start(establishment, chunk, members, turn);
    }

    /** Nobody is dismissed whom the others do not make up for, or in place of whom one has just failed. */
    private Candidates.Choice choose(Chunk chunk, Establishment establishment, Turn.Draft turn) {
        Candidates.Choice choice = candidates.choose(chunk, establishment, turn);
        boolean tooFew = establishment.attempts > 0 || choice.members().size() < view.goalOf(chunk);
        if (!establishment.dismissed.isEmpty() && tooFew) {
            turn.met(Probe.DISMISSAL_TAKEN_BACK);
            establishment.dismissed.clear();
            choice = candidates.choose(chunk, establishment, turn);
        }
        return choice;
    }

    private static void postpone(Establishment establishment, Turn.Draft turn) {
        establishment.phase = Phase.WAITING;
        int doublings = Math.max(0, Math.min(6, establishment.attempts - QUICK_ATTEMPTS));
        establishment.retryAtNanos = turn.nanos() + Math.min(BACKOFF_NANOS << doublings, BACKOFF_NANOS_MAX);
    }

    private void start(Establishment establishment, Chunk chunk, List<ChunkMember> members, Turn.Draft turn) {
        boolean again = establishment.attempts > 0 && !settings.keeps(Rule.VERSION_ONCE);
        ChunkVersion version = again ? chunk.version() : chunk.nextVersion();
        if (establishment.complete == null) {
            establishment.complete = completeNow(chunk, members);
        }
        establishment.begin(version, members, turn.nanos());
        establishment.atOnce = false;
        view.attention().look(chunk.handle());
        if (!again) {
            List<ServerId> complete =
                    view.isNeverLed(chunk.handle()) ? Chunk.NEVER_LED : List.copyOf(establishment.complete);
            turn.log(new MasterRecord.VersionStarted(chunk.handle(), version, members, complete, turn.millis()));
        }
        turn.metIf(members.size() < chunk.members().size(), Probe.MEMBER_LEFT_OUT);
        if (establishment.suspectSource) {
            turn.met(Probe.SUSPECT_SOURCE);
            turn.warn(
                    "chunk %s %s: only replicas that may lack acknowledged bytes are left; %s has the most and is the source",
                    chunk.handle(), version, establishment.head());
        }
        tellMembers(establishment, turn);
        tellLeftBehind(establishment, chunk, turn);
    }

    /** While nothing was acknowledged, a target that failed is replaced by another server. */
    private List<ChunkMember> filledUp(
            Establishment establishment, Chunk chunk, List<ChunkMember> members, Turn.Draft turn) {
        Set<ServerId> taken = new TreeSet<>();
        members.forEach(member -> taken.add(member.server()));
        int lacking = view.goalOf(chunk) - members.size();
        List<ChunkMember> filled = new ArrayList<>(members);
        long seed = establishment.seed + establishment.attempts;
        List<ServerState> chosen = placement.choose(
                lacking, taken, server -> establishment.excluded.contains(server.id), seed, turn.nanos());
        for (ServerState server : chosen) {
            turn.met(Probe.FRESH_MEMBER_REPLACED);
            filled.add(new ChunkMember(server.id, filled.isEmpty()));
        }
        return filled;
    }

    /** Also those that cannot take part now: while the new version is not led, they stay complete. */
    private NavigableSet<ServerId> completeNow(Chunk chunk, List<ChunkMember> chosen) {
        NavigableSet<ServerId> complete = fullMembers(chosen);
        complete.addAll(fullMembers(chunk.members()));
        complete.addAll(candidates.stillComplete(chunk));
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            boolean joined = !chunk.sealed()
                    && chunk.hasMember(id)
                    && replica.getEstablished() == chunk.version().value();
            if (joined || ClusterView.isGood(chunk, replica) || Candidates.mayHoldSeal(chunk, replica)) {
                complete.add(id);
            }
        });
        return complete;
    }

    private static NavigableSet<ServerId> fullMembers(List<ChunkMember> members) {
        NavigableSet<ServerId> full = new TreeSet<>();
        members.stream().filter(ChunkMember::full).forEach(member -> full.add(member.server()));
        return full;
    }

    private void tellMembers(Establishment establishment, Turn.Draft turn) {
        for (ChunkMember member : establishment.members) {
            ServerState server = view.server(member.server());
            if (server == null) {
                establishment.failed.add(member.server());
                continue;
            }
            boolean create = view.replica(establishment.chunk, member.server()) == null;
            tell(establishment, server, create, turn);
        }
    }

    private void tell(Establishment establishment, ServerState server, boolean create, Turn.Draft turn) {
        establishment.told.add(server.id);
        establishment.awaited.add(server.id);
        List<Member> chain = establishment.atOnce ? chain(establishment) : List.of();
        turn.perform(new Effect.Prepare(server.target(), establishment.chunk, establishment.version, create, chain));
    }

    private List<Member> chain(Establishment establishment) {
        List<Member> chain = new ArrayList<>(establishment.members.size());
        for (ChunkMember member : establishment.members) {
            ServerState server = view.server(member.server());
            if (server != null) {
                chain.add(server.member());
            }
        }
        return chain;
    }

    /**
     * Fences whoever holds the chunk, or may hold it, and is no member; each server is asked once. One that does not answer is
     * not asked: we wait for its term.
     */
    private void tellLeftBehind(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        for (ServerState server : leftBehind.of(establishment, chunk)) {
            boolean maySpeak =
                    !server.gone && !ClusterView.isSilent(server) && turn.nanos() <= view.mayServeUntil(server.id);
            if (maySpeak && !establishment.told.contains(server.id)) {
                tell(establishment, server, false, turn);
            }
        }
    }

    private @Nullable Establishment awaiting(MasterInput.OrderEnded ended) {
        Establishment establishment = inPhase(ended, Phase.PREPARING);
        return establishment != null && establishment.awaited.contains(ended.server()) ? establishment : null;
    }

    private @Nullable Establishment inPhase(MasterInput.OrderEnded ended, Phase phase) {
        Establishment establishment = running.get(ended.chunk());
        boolean fits =
                establishment != null && establishment.phase == phase && establishment.version.equals(ended.version());
        return fits ? establishment : null;
    }

    private void settle(Establishment establishment, ServerId server, Turn.Draft turn) {
        establishment.awaited.remove(server);
        Chunk chunk = image.chunk(establishment.chunk);
        if (!establishment.heardMembers() || chunk == null) {
            return;
        }
        if (membersStand(establishment, turn)) {
            tellLeftBehind(establishment, chunk, turn);
            if (establishment.awaited.isEmpty()) {
                conclude(establishment, chunk, turn);
            }
        } else {
            attempt(establishment, chunk, turn);
        }
    }

    /** Every member has the fence, and those that were logged as complete have not lost anything meanwhile. */
    private boolean membersStand(Establishment establishment, Turn.Draft turn) {
        boolean stand = !hasBetterSource(establishment, turn);
        for (ChunkMember member : establishment.members) {
            ReplicaReport before = establishment.prepared.get(member.server());
            if (before == null) {
                exclude(establishment, member.server(), turn);
                stand = false;
            } else if (establishment.fresh && (before.getSerial() > 0 || before.getLength() > 0)) {
                turn.met(Probe.FRESH_CHUNK_LED_BEFORE);
                view.mayHaveBeenLed(establishment.chunk);
                establishment.fresh = false;
                establishment.complete = null;
                stand = false;
            } else if (member.full() && before.getSuspect() && !establishment.suspectSource) {
                turn.met(Probe.MEMBER_SUSPECT_SINCE);
                stand = false;
            }
        }
        return stand;
    }

    /**
     * Members that are full have all that was acknowledged, unless the disk of one has lost the end of its journal and nobody
     * can tell; so none is the source while another shows more.
     */
    private boolean hasBetterSource(Establishment establishment, Turn.Draft turn) {
        ReplicaReport head = establishment.prepared.get(establishment.head());
        if (head == null || establishment.suspectSource) {
            return false;
        }
        boolean better = establishment.members.stream()
                .filter(ChunkMember::full)
                .map(member -> establishment.prepared.get(member.server()))
                .anyMatch(other ->
                        other != null && !other.getSuspect() && Candidates.BY_CONTENT.compare(head, other) < 0);
        turn.metIf(better, Probe.BETTER_SOURCE_FOUND);
        return better;
    }

    /** Every member is ready. Those of the first version have taken their parts with that, for there is nothing to reconcile. */
    private void conclude(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        if (establishment.atOnce) {
            turn.detail("chunk %s: made on %s", chunk.handle(), establishment.members);
            led(establishment, chunk, 0, turn);
        } else {
            orderLead(establishment, chunk, turn);
        }
    }

    private void orderLead(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        ServerState head = view.server(establishment.head());
        if (head == null) {
            attempt(establishment, chunk, turn);
            return;
        }
        long wait = leftBehind.waitForUnfenced(establishment, chunk, turn);
        ReplicaReport shown = establishment.prepared.get(establishment.head());
        LeadRequest.Builder request = LeadRequest.newBuilder()
                .setHandle(chunk.handle().value())
                .setVersion(establishment.version.value())
                .setWaitNanos(wait)
                .setResume(canResume(establishment))
                .setFrozen(image.isShared(chunk.handle()) && settings.keeps(Rule.FORK_FIRST))
                .setLeastSerial(shown == null ? 0 : shown.getSerial())
                .addAllMembers(chain(establishment));
        establishment.phase = Phase.LEADING;
        establishment.fresh = false;
        establishment.complete = null;
        establishment.sealedBase = null;
        establishment.newcomer = null;
        turn.perform(new Effect.Lead(head.target(), chunk.handle(), establishment.version, request.build()));
    }

    private static boolean canResume(Establishment establishment) {
        Chunk base = establishment.sealedBase;
        return base != null
                && establishment.prepared.entrySet().stream()
                        .filter(entry -> establishment.isMember(entry.getKey()))
                        .allMatch(entry -> ClusterView.isGood(base, entry.getValue()));
    }

    private void noteEstablished(Establishment establishment, long length) {
        for (ChunkMember member : establishment.members) {
            ServerState server = view.server(member.server());
            if (server != null && server.registered) {
                view.note(
                        server,
                        ReplicaReport.newBuilder()
                                .setHandle(establishment.chunk.value())
                                .setFence(establishment.version.value())
                                .setEstablished(establishment.version.value())
                                .setLength(length)
                                .setLeading(member.server().equals(establishment.head()))
                                .build());
            }
        }
    }

    private void finish(Establishment establishment, Chunk chunk, Turn.Draft turn) {
        running.remove(chunk.handle());
        for (Establishment.Waiter waiter : establishment.waiters) {
            FileId made = waiter.made();
            turn.answer(
                    waiter.ticket(),
                    made == null ? statuses.location(chunk, turn.nanos()) : statuses.ofRemembered(made, turn.nanos()));
        }
    }

    /** What has become of the chunk is no refusal of the file, which is made: its maker finds out when it writes. */
    private void refuse(Establishment.Waiter waiter, ErrorCode code, String why, Turn.Draft turn) {
        FileId made = waiter.made();
        if (made == null) {
            turn.refuse(waiter.ticket(), code, why);
        } else {
            turn.answer(waiter.ticket(), statuses.ofRemembered(made, turn.nanos()));
        }
    }

    private void dissolve(Establishment establishment, ErrorCode code, String why, Turn.Draft turn) {
        running.remove(establishment.chunk);
        for (Establishment.Waiter waiter : establishment.waiters) {
            refuse(waiter, code, "chunk " + establishment.chunk + " " + why, turn);
        }
    }

    private void noteFailure(MasterInput.OrderEnded order, MasterInput.Failure failure, Turn.Draft turn) {
        view.noteFailure(order.server(), failure, turn);
        turn.note("chunk %s %s: %s: %s", order.chunk(), order.version(), order.server(), failure.reason());
    }
}
