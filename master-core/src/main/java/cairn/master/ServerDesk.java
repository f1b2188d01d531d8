package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Listens to chunkservers: who they are, what they hold, that they live. Answers with what they shall drop.
 *
 * <p>A page of replicas is answered only when every replica of an older version in it that is kept was fenced: a server
 * serves from its last page on, and must not serve what was left behind while it was away.
 */
final class ServerDesk {

    /** A report that says "not leading" counts only if it cannot have been made before the server began to lead. */
    private static final long LEADING_REPORT_NANOS = 5_000_000_000L;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final NavigableMap<ServerId, Page> pages = new TreeMap<>();

    /** A page of replicas that waits for fences. */
    private record Page(long ticket, boolean last, List<Long> drops, NavigableSet<ChunkHandle> unfenced) {}

    /** What becomes of a reported replica. */
    private enum Verdict {
        KEEP,
        DROP,
        FENCE
    }

    ServerDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.versions = desks.versions();
        this.settings = settings;
    }

    void register(long ticket, RegisterRequest request, Turn.Draft turn) throws CairnException {
        checkBelongs(request);
        ServerState known = sameSession(request);
        ServerId id = known != null
                ? known.id
                : new ServerId(request.getServerId() == 0 ? image.nextServerId() : request.getServerId());
        KnownServer server = new KnownServer(id, request.getAddress(), request.getRack());
        if (!server.equals(image.server(id))) {
            turn.log(new MasterRecord.ServerKnown(server));
        }
        ServerState state = view.join(server);
        view.loseAll(state);
        refusePage(id, "registered anew", turn);
        state.address = request.getAddress();
        state.rack = request.getRack();
        state.software = request.getSoftware();
        state.disks = request.getDisksList();
        state.session = request.getSession();
        state.registered = false;
        hear(state, turn);
        turn.answer(ticket, registered(id));
    }

    private void checkBelongs(RegisterRequest request) throws CairnException {
        if (request.getCellId() != 0 && request.getCellId() != image.cellId()) {
            throw new CairnException(
                    ErrorCode.WRONG_CELL,
                    "this is cell %016x, the chunkserver's disks belong to cell %016x; start it with its own master"
                            .formatted(image.cellId(), request.getCellId()));
        }
        if (request.getServerId() != 0 && image.server(new ServerId(request.getServerId())) == null) {
            throw new CairnException(
                    ErrorCode.WRONG_CELL,
                    "this cell never had a chunkserver " + new ServerId(request.getServerId())
                            + "; is the master's log an old copy?");
        }
        if (request.getSession() == 0 || !isAddress(request.getAddress())) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a chunkserver registers with session and address");
        }
    }

    private static boolean isAddress(String text) {
        try {
            return ServerAddress.parse(text).port() != 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A first registration repeated, because its answer was lost, is not another server. */
    private @Nullable ServerState sameSession(RegisterRequest request) {
        for (ServerState server : view.servers()) {
            if (server.session == request.getSession()) {
                return server;
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
        ServerState server = session(request.getServerId(), request.getSession());
        if (request.getReplicasCount() > Limits.REPORT_PAGE_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "a page of more than " + Limits.REPORT_PAGE_MAX + " replicas");
        }
        hear(server, turn);
        refusePage(server.id, "sent again", turn);
        Page page = new Page(ticket, request.getLast(), new ArrayList<>(), new TreeSet<>());
        for (ReplicaReport report : request.getReplicasList()) {
            if (judge(server, report, page.drops(), turn) == Verdict.FENCE) {
                page.unfenced().add(new ChunkHandle(report.getHandle()));
            }
        }
        pages.put(server.id, page);
        finishPage(server, turn);
    }

    /** An answer or failure of PREPARE may be what a page waits for. */
    void fenced(MasterInput.PrepareAnswered answer, Turn.Draft turn) {
        Page page = pages.get(answer.server());
        ServerState server = view.server(answer.server());
        Chunk chunk = image.chunk(answer.chunk());
        if (page != null && server != null && (chunk == null || !olderThan(answer.version(), chunk))) {
            page.unfenced().remove(answer.chunk());
            finishPage(server, turn);
        }
    }

    private static boolean olderThan(ChunkVersion version, Chunk chunk) {
        return version.compareTo(chunk.version()) < 0;
    }

    void notFenced(MasterInput.PrepareFailed failed, Turn.Draft turn) {
        Page page = pages.get(failed.server());
        if (page != null && page.unfenced().contains(failed.chunk())) {
            refusePage(failed.server(), "PREPARE failed: " + failed.failure().reason(), turn);
        }
    }

    private void finishPage(ServerState server, Turn.Draft turn) {
        Page page = pages.get(server.id);
        if (page == null || !page.unfenced().isEmpty()) {
            return;
        }
        pages.remove(server.id);
        if (page.last() && !server.registered) {
            server.registered = true;
            turn.note("chunkserver %s: registered with %d replicas", server, server.replicas.size());
        }
        turn.answer(page.ticket(), ReplicasReply.newBuilder().addAllDrop(page.drops()).build());
    }

    private void refusePage(ServerId server, String why, Turn.Draft turn) {
        Page page = pages.remove(server);
        if (page != null) {
            turn.refuse(page.ticket(), ErrorCode.BUSY, "this page of replicas was not taken (" + why + "); send it again");
        }
    }

    void heartbeat(long ticket, HeartbeatRequest request, Turn.Draft turn) throws CairnException {
        ServerState server = session(request.getServerId(), request.getSession());
        hear(server, turn);
        server.disks = request.getDisksList();
        List<Long> drops = new ArrayList<>();
        for (long handle : request.getLostList()) {
            lost(server, new ChunkHandle(handle), turn);
        }
        for (ReplicaReport report : request.getReplicasList()) {
            judge(server, report, drops, turn);
        }
        turn.answer(ticket, HeartbeatReply.newBuilder().addAllDrop(drops).build());
    }

    private void lost(ServerState server, ChunkHandle handle, Turn.Draft turn) {
        turn.warn("chunk %s: lost or corrupt on %s", handle, server);
        view.lose(server, handle);
        ClusterView.Leader leader = view.lastLeader(handle);
        if (leader != null && leader.server().equals(server.id)) {
            view.unlead(handle);
        }
    }

    private ServerState session(long id, long session) throws CairnException {
        ServerState server = view.server(new ServerId(id));
        if (server == null || session == 0 || server.session != session) {
            throw new CairnException(ErrorCode.UNKNOWN_SERVER, new ServerId(id) + " is not registered; register again");
        }
        return server;
    }

    private static void hear(ServerState server, Turn.Draft turn) {
        server.heard = true;
        server.gone = false;
        server.heardNanos = turn.nanos();
    }

    /** Notes a reported replica and decides what becomes of it; orders its fence when it needs one. */
    private Verdict judge(ServerState server, ReplicaReport report, List<Long> drops, Turn.Draft turn) {
        ChunkHandle handle = new ChunkHandle(report.getHandle());
        Chunk chunk = image.chunk(handle);
        Verdict verdict = chunk == null
                ? judgeUnknown(server, handle, turn)
                : chunk.sealed() ? judgeSealed(chunk, report, turn) : judgeOpen(chunk, server, report, turn);
        if (verdict == Verdict.DROP) {
            drops.add(handle.value());
            view.lose(server, handle);
            return verdict;
        }
        if (chunk != null) {
            view.note(server, report);
            noteLeading(chunk, server, report, turn);
        }
        if (verdict == Verdict.FENCE && chunk != null) {
            turn.perform(new Effect.Prepare(server.target(), handle, chunk.version(), false));
        }
        return verdict;
    }

    /** Handles are given in rising order: one that was never given says that the log has lost its end. */
    private Verdict judgeUnknown(ServerState server, ChunkHandle handle, Turn.Draft turn) {
        if (Long.compareUnsigned(handle.value(), image.nextHandle()) < 0) {
            return Verdict.DROP;
        }
        turn.warn("chunk %s on %s was never made by this master; is its log an old copy? It is kept", handle, server);
        return Verdict.KEEP;
    }

    /** Of an open chunk, a replica outside the version is garbage once the version is led, and not before. */
    private Verdict judgeOpen(Chunk chunk, ServerState server, ReplicaReport report, Turn.Draft turn) {
        if (chunk.hasMember(server.id)) {
            return Verdict.KEEP;
        }
        if (view.leader(chunk, turn.nanos()) != null) {
            return Verdict.DROP;
        }
        return report.getFence() < chunk.version().value() ? Verdict.FENCE : Verdict.KEEP;
    }

    /** Of a sealed chunk, an older replica is garbage once enough good ones are there. */
    private Verdict judgeSealed(Chunk chunk, ReplicaReport report, Turn.Draft turn) {
        if (report.getEstablished() >= chunk.version().value()) {
            return Verdict.KEEP;
        }
        if (view.goodHolders(chunk, turn.nanos()).size() >= view.goalOf(chunk.file())) {
            return Verdict.DROP;
        }
        return report.getFence() < chunk.version().value() ? Verdict.FENCE : Verdict.KEEP;
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
                turn.note("chunk %s %s: %s leads it already", chunk.handle(), chunk.version(), server.id);
                view.lead(chunk.handle(), new ClusterView.Leader(server.id, chunk.version(), turn.nanos()));
            }
            versions.adopted(chunk, turn);
        } else if (ours && leader != null && turn.nanos() - leader.sinceNanos() > LEADING_REPORT_NANOS) {
            view.unlead(chunk.handle());
        }
    }

    /** Says once what has become of a server, and has its replicas looked at when it is written off. */
    void tick(Turn.Draft turn) {
        for (ServerState server : view.servers()) {
            String state = view.isWrittenOff(server.id, turn.nanos()) ? "written off" : view.stateOf(server, turn.nanos());
            if (!state.equals(server.saidState)) {
                say(server, state, turn);
                server.saidState = state;
            }
            server.recentCreations *= 0.99;
        }
    }

    private void say(ServerState server, String state, Turn.Draft turn) {
        switch (state) {
            case "live" -> turn.note("chunkserver %s: live", server);
            case "written off" -> {
                turn.warn("chunkserver %s: written off; its %d replicas are copied", server, server.replicas.size());
                server.replicas.forEach(view.attention()::look);
            }
            default -> turn.warn("chunkserver %s: %s", server, state);
        }
    }
}
