package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.HandleVersion;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.SealedChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listens to chunkservers: who they are, what they hold, that they live. Answers with what they shall drop, what is sealed,
 * and what was left behind while they were away: those replicas must be fenced before the server serves (again), or a
 * client that knows their old version could read what is no longer true.
 */
final class ServerDesk {

    /** A report that says "not leading" counts only if it cannot have been made before the server began to lead. */
    private static final long LEADING_REPORT_NANOS = 5_000_000_000L;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** For each tick: of some trouble half is forgotten after a minute of ten ticks a second. */
    private static final double TROUBLE_KEPT = 0.99885;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final ForkDesk forks;

    /** A new replica counts half against its server after 14 s. */
    private static final double FADES_EACH_TICK = 0.995;

    /** What becomes of a reported replica. */
    private enum Verdict {
        KEEP,
        DROP,
        FENCE
    }

    /** What the answer tells the server about its replicas. */
    private static final class Notices {
        final List<Long> drop = new ArrayList<>();
        final List<HandleVersion> fence = new ArrayList<>();
        final List<SealedChunk> sealed = new ArrayList<>();
        final List<Long> lookAgain = new ArrayList<>();
        final DamageNotes damage = new DamageNotes();

        void add(Verdict verdict, Chunk chunk, ReplicaReport report, Turn.Draft turn) {
            long handle = chunk.handle().value();
            long version = chunk.version().value();
            if (verdict == Verdict.FENCE) {
                fence.add(HandleVersion.newBuilder()
                        .setHandle(handle)
                        .setVersion(version)
                        .build());
            }
            if (chunk.sealed() && !report.getSealed() && report.getEstablished() == version) {
                turn.met(Probe.SEAL_MISSED);
                sealed.add(SealedChunk.newBuilder()
                        .setHandle(handle)
                        .setVersion(version)
                        .setLength(chunk.length())
                        .build());
            }
        }
    }

    ServerDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.forks = desks.forks();
        this.settings = settings;
    }

    void register(long ticket, RegisterRequest request, Turn.Draft turn) throws CairnException {
        checkBelongs(request, turn);
        ServerState repeated = sameSession(request, turn);
        if (repeated != null) {
            turn.met(Probe.REGISTERED_TWICE);
            turn.answer(ticket, registered(repeated.id));
            return;
        }
        ServerId id = new ServerId(request.getServerId() == 0 ? image.nextServerId() : request.getServerId());
        KnownServer server = new KnownServer(id, request.getAddress(), request.getRack(), view.isLeaving(id));
        if (!server.equals(image.server(id))) {
            turn.log(new MasterRecord.ServerKnown(server));
        }
        ServerState state = view.join(server);
        state.ledBefore = state.replicas.stream()
                .filter(chunk -> view.ledBy(chunk, state))
                .toList();
        view.loseAll(state);
        state.surplus.clear();
        state.unsound.clear();
        state.unsoundKnown = false;
        state.damaged.clear();
        state.orphans.clear();
        state.clockKnown = false;
        turn.count(Counted.SERVER_REGISTRATIONS);
        DiskNotes.changed(state, request.getDisksList(), turn);
        state.heartbeatNumber = 0;
        if (state.heard) {
            view.troubled(id, turn.nanos());
        }
        state.address = request.getAddress();
        state.rack = request.getRack();
        state.software = request.getSoftware();
        state.disks = request.getDisksList();
        state.session(request.getSession());
        state.registered = false;
        hear(state, turn);
        turn.answer(ticket, registered(id));
    }

    private void checkBelongs(RegisterRequest request, Turn.Draft turn) throws CairnException {
        if (request.getCellId() != 0 && request.getCellId() != image.cellId()) {
            turn.met(Probe.SERVER_OF_ANOTHER_CELL);
            throw new CairnException(
                    ErrorCode.WRONG_CELL,
                    "this is cell %016x, the chunkserver's disks belong to cell %016x; start it with its own master"
                            .formatted(image.cellId(), request.getCellId()));
        }
        boolean forgotten = request.getServerId() != 0 && image.server(new ServerId(request.getServerId())) == null;
        if (forgotten && Long.compareUnsigned(request.getServerId(), image.nextServerId()) < 0) {
            turn.met(Probe.FORGOTTEN_SERVER_BACK);
            turn.warn("chunkserver %s had been forgotten; it is known again", new ServerId(request.getServerId()));
        } else if (forgotten) {
            turn.met(Probe.SERVER_NEVER_KNOWN);
            throw new CairnException(
                    ErrorCode.WRONG_CELL,
                    "this cell never had a chunkserver " + new ServerId(request.getServerId())
                            + "; is the master's log an old copy?");
        }
        if (request.getSession() == 0 || !isAddress(request.getAddress())) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a chunkserver registers with session and address");
        }
        if (isTooLong(request.getRack()) || isTooLong(request.getSoftware())) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a rack or a software is not named in so many words");
        }
        checkDisks(request.getDisksList());
        if (request.getServerId() == 0 && image.servers().size() >= Limits.SERVERS_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    "this cell has had " + Limits.SERVERS_MAX + " chunkservers; it takes no more");
        }
    }

    private static void checkDisks(List<DiskReport> disks) throws CairnException {
        boolean fine = disks.size() <= Limits.DISKS_MAX;
        for (DiskReport disk : disks) {
            fine &= disk.getPath().length() <= Limits.PATH_BYTES_MAX
                    && !isTooLong(disk.getState())
                    && disk.getDetail().length() <= Limits.PATH_BYTES_MAX;
        }
        if (!fine) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "no chunkserver has such disks");
        }
    }

    private static boolean isTooLong(String words) {
        return words.length() > Limits.WORDS_CHARS_MAX;
    }

    private static boolean isAddress(String text) {
        try {
            return text.length() <= Limits.ADDRESS_CHARS_MAX
                    && ServerAddress.parse(text).port() != 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * A registration that comes twice changes nothing the second time: it is not another server, and what it has shown since
     * counts. One that its server has given up meanwhile would put the past in place of the present.
     */
    private @Nullable ServerState sameSession(RegisterRequest request, Turn.Draft turn) throws CairnException {
        for (ServerState server : view.servers()) {
            if (server.session() == request.getSession()) {
                return server;
            }
            if (server.had(request.getSession())) {
                turn.met(Probe.REGISTRATION_LATE);
                throw new CairnException(ErrorCode.UNKNOWN_SERVER, server + " has given up that session");
            }
        }
        return null;
    }

    private RegisterReply registered(ServerId id) {
        return RegisterReply.newBuilder()
                .setServerId(id.value())
                .setCellId(image.cellId())
                .setGeometry(GeometryMessage.newBuilder()
                        .setChunkBytes(image.geometry().chunkBytes())
                        .setBlockBytes(image.geometry().blockBytes()))
                .setServingTermNanos(settings.servingTerm())
                .setHeartbeatNanos(settings.heartbeat())
                .build();
    }

    void replicas(long ticket, ReplicasRequest request, Turn.Draft turn) throws CairnException {
        ServerState server = session(request.getServerId(), request.getSession(), turn);
        if (request.getReplicasCount() > Limits.REPORT_PAGE_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "a page of more than " + Limits.REPORT_PAGE_MAX + " replicas");
        }
        hear(server, turn);
        if (server.registered) {
            turn.met(Probe.REPLICAS_LATE);
            turn.answer(ticket, ReplicasReply.getDefaultInstance());
            return;
        }
        Notices notices = new Notices();
        for (ReplicaReport report : request.getReplicasList()) {
            warnOfLoss(server, report, turn);
            judge(server, report, notices, turn);
        }
        if (request.getLast()) {
            leadsNoMore(server, turn);
            server.registered = true;
            server.unsteadySinceNanos = turn.nanos();
            turn.note("chunkserver %s: registered with %d replicas", server, server.replicas.size());
            if (!server.orphans.isEmpty()) {
                turn.event(
                        true,
                        "replicas.orphaned",
                        "server",
                        server.id,
                        "address",
                        server.address,
                        "replicas",
                        server.orphans.size(),
                        "such_as",
                        server.orphans.first(),
                        "meaning",
                        "never made by this master, kept; is its log an old copy?");
            }
        }
        turn.answer(
                ticket,
                ReplicasReply.newBuilder()
                        .addAllDrop(notices.drop)
                        .addAllFence(notices.fence)
                        .addAllSealed(notices.sealed)
                        .build());
    }

    /** A process that was just started shows what its disk has kept. */
    private void warnOfLoss(ServerState server, ReplicaReport report, Turn.Draft turn) {
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

    void heartbeat(long ticket, HeartbeatRequest request, Turn.Draft turn) throws CairnException {
        ServerState server = session(request.getServerId(), request.getSession(), turn);
        checkDisks(request.getDisksList());
        if (isLate(server, request.getNumber())) {
            turn.met(Probe.HEARTBEAT_LATE);
            turn.answer(ticket, HeartbeatReply.getDefaultInstance());
            return;
        }
        hear(server, turn);
        DiskNotes.changed(server, request.getDisksList(), turn);
        server.disks = request.getDisksList();
        noteUnsound(server, request);
        if (request.getWallMillis() != 0) {
            server.noteClock(request.getWallMillis(), turn.millis());
        }
        Notices notices = new Notices();
        for (long handle : request.getLostList()) {
            lost(server, new ChunkHandle(handle), notices, turn);
        }
        for (ReplicaReport report : request.getReplicasList()) {
            judge(server, report, notices, turn);
        }
        notices.damage.told(server, turn);
        dropSurplus(server, notices, turn);
        turn.answer(
                ticket,
                HeartbeatReply.newBuilder()
                        .addAllDrop(notices.drop)
                        .addAllFence(notices.fence)
                        .addAllSealed(notices.sealed)
                        .addAllLookAgain(notices.lookAgain)
                        .build());
    }

    /** What it led before it registered, and has no replica of now, it does not lead. */
    private void leadsNoMore(ServerState server, Turn.Draft turn) {
        for (ChunkHandle chunk : server.ledBefore) {
            if (view.replica(chunk, server.id) == null && view.ledBy(chunk, server)) {
                turn.met(Probe.LEADER_LOST_ITS_REPLICA);
                view.unlead(chunk);
            }
        }
        server.ledBefore = List.of();
    }

    private static void noteUnsound(ServerState server, HeartbeatRequest request) {
        server.unsound.clear();
        request.getLostList().forEach(handle -> server.unsound.add(new ChunkHandle(handle)));
        server.unsoundKnown = request.getLostCount() < Limits.LOST_TOLD_MAX;
    }

    /**
     * What was sent on a connection that its sender has given up may come after what was sent later on another. It would show
     * replicas that were dropped meanwhile, and nothing would ever contradict it.
     */
    private static boolean isLate(ServerState server, long number) {
        if (number != 0 && number <= server.heartbeatNumber) {
            return true;
        }
        server.heartbeatNumber = number;
        return false;
    }

    /** Only what others still make up for; what is needed again is shown again. */
    private void dropSurplus(ServerState server, Notices notices, Turn.Draft turn) {
        for (ChunkHandle handle : server.surplus) {
            Chunk chunk = image.chunk(handle);
            if (chunk != null && chunk.sealed()) {
                long others = view.stayingHolders(chunk, turn.nanos()).stream()
                        .filter(holder -> !holder.id.equals(server.id))
                        .count();
                if (others >= view.goalOf(chunk)) {
                    view.lose(server, handle);
                    notices.drop.add(handle.value());
                }
            }
        }
        server.surplus.clear();
    }

    /**
     * A bad replica is counted out while there are others, and put aside by its server then; the last one stays, for what
     * can still be read of it. What was put aside is deleted when nobody will need it.
     */
    private void lost(ServerState server, ChunkHandle handle, Notices notices, Turn.Draft turn) {
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
        view.lose(server, handle);
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

    /** Nobody who is here has what readers want: then even a replica that was put aside is worth another look. */
    private boolean isMissed(Chunk chunk, long nanos) {
        return chunk.sealed() ? !view.hasLiveHolder(chunk, nanos) : view.leader(chunk, nanos) == null;
    }

    /** Nobody will need what is left of a replica that was counted out. */
    private boolean isReplaced(Chunk chunk, ServerState server, long nanos) {
        return chunk.sealed()
                ? view.stayingHolders(chunk, nanos).size() >= view.goalOf(chunk)
                : view.leader(chunk, nanos) != null && !chunk.hasMember(server.id);
    }

    private boolean othersHold(Chunk chunk, ServerState server, Turn.Draft turn) {
        return view.replicasOf(chunk.handle()).entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(server.id)
                        && view.isLive(entry.getKey(), turn.nanos())
                        && (chunk.sealed()
                                ? ClusterView.isGood(chunk, entry.getValue())
                                : entry.getValue().getEstablished()
                                        == chunk.version().value()));
    }

    private ServerState session(long id, long session, Turn.Draft turn) throws CairnException {
        ServerState server = view.server(new ServerId(id));
        if (server == null || session == 0 || server.session() != session) {
            turn.met(Probe.SESSION_UNKNOWN);
            throw new CairnException(ErrorCode.UNKNOWN_SERVER, new ServerId(id) + " is not registered; register again");
        }
        return server;
    }

    private static void hear(ServerState server, Turn.Draft turn) {
        server.heard = true;
        server.gone = false;
        server.heardNanos = turn.nanos();
    }

    /** Notes a reported replica and decides what becomes of it. */
    private void judge(ServerState server, ReplicaReport report, Notices notices, Turn.Draft turn) {
        ChunkHandle handle = new ChunkHandle(report.getHandle());
        Chunk chunk = image.chunk(handle);
        Verdict verdict = chunk == null
                ? judgeUnknown(server, handle, turn)
                : chunk.sealed() ? judgeSealed(chunk, report, turn) : judgeOpen(chunk, server, report, turn);
        if (verdict == Verdict.DROP) {
            notices.drop.add(handle.value());
            view.lose(server, handle);
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

    /** Says once what has become of a server, and has its replicas looked at when it is written off. */
    void tick(Turn.Draft turn) {
        for (ServerState server : view.servers()) {
            String state =
                    view.isWrittenOff(server.id, turn.nanos()) ? "written off" : view.stateOf(server, turn.nanos());
            if (!state.equals(server.saidState)) {
                say(server, state, turn);
                server.saidState = state;
            }
            server.recentCreations *= FADES_EACH_TICK;
            server.trouble *= TROUBLE_KEPT;
        }
    }

    private void say(ServerState server, String state, Turn.Draft turn) {
        long heardNanos = server.heard ? server.heardNanos : view.startNanos();
        turn.event(
                !state.equals("live"),
                "server.state",
                "server",
                server.id,
                "address",
                server.address,
                "rack",
                server.rack,
                "from",
                server.saidState.isEmpty() ? "unknown" : server.saidState,
                "to",
                state,
                "heard_seconds_ago",
                (turn.nanos() - heardNanos) / SECOND_NANOS,
                "replicas",
                server.replicas.size());
        switch (state) {
            case "live" -> {}
            case "written off" -> {
                turn.met(Probe.SERVER_WRITTEN_OFF);
                turn.count(Counted.SERVERS_WRITTEN_OFF);
                server.replicas.forEach(view.attention()::look);
            }
            case "dead" -> {
                turn.met(Probe.SERVER_DEAD);
                server.replicas.forEach(view.attention()::look);
            }
            default -> turn.met(Probe.SERVER_SILENT);
        }
    }
}
