package cairn.master;

import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Listens to chunkservers: who they are, what they hold ({@link ReplicaJudge}), that they live. */
final class ServerDesk {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** For each tick: of some trouble half is forgotten after a minute of ten ticks a second. */
    private static final double TROUBLE_KEPT = 0.99885;

    /** A new replica counts half against its server after 14 s. */
    private static final double FADES_EACH_TICK = 0.995;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final ReplicaJudge judge;

    /** Of a server that has never been said to be anywhere else. */
    private static final String RACK_UNTOLD = "default";

    ServerDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.judge = new ReplicaJudge(desks);
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
        KnownServer server = new KnownServer(id, request.getAddress(), rackOf(request), view.isLeaving(id));
        if (!server.equals(image.server(id))) {
            turn.log(new MasterRecord.ServerKnown(server));
        }
        ServerState state = view.join(server);
        state.ledBefore = state.replicas.list().stream()
                .filter(chunk -> view.ledBy(chunk, state))
                .toList();
        view.beginsToShow(state, turn.nanos());
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
        state.rack = server.rack();
        state.software = request.getSoftware();
        state.disks(request.getDisksList());
        state.session(request.getSession());
        state.registered = false;
        hear(state, turn);
        turn.answer(ticket, registered(id));
    }

    /** When nobody can say now, it is where it was. */
    private String rackOf(RegisterRequest request) {
        KnownServer known = image.server(new ServerId(request.getServerId()));
        if (!request.getRack().isEmpty()) {
            return request.getRack();
        }
        return known == null || known.rack().isEmpty() ? RACK_UNTOLD : known.rack();
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
                    && !isTooLong(disk.getFileSystem())
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
        ReplicaNotices notices = new ReplicaNotices();
        for (ReplicaReport report : request.getReplicasList()) {
            judge.warnOfLoss(server, report, turn);
            judge.judge(server, report, notices, turn);
        }
        view.shows(server, request.getLast(), turn.nanos());
        if (request.getLast()) {
            judge.leadsNoMore(server, turn);
            server.registered = true;
            server.unsteadySinceNanos = turn.nanos();
            turn.note("chunkserver %s: registered with %s", server, Amount.of(server.replicas.size(), "replica"));
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
        server.disks(request.getDisksList());
        noteUnsound(server, request);
        server.obeyed(request.getObeyed());
        if (request.getWallMillis() != 0) {
            server.noteClock(request.getWallMillis(), turn.millis());
        }
        ReplicaNotices notices = new ReplicaNotices();
        for (long handle : request.getLostList()) {
            judge.bad(server, new ChunkHandle(handle), notices, turn);
        }
        for (ReplicaReport report : request.getReplicasList()) {
            judge.judge(server, report, notices, turn);
        }
        judge.dismissGhosts(server, request, turn);
        notices.damage.told(server, turn);
        judge.dropSurplus(server, notices, turn);
        turn.answer(
                ticket,
                HeartbeatReply.newBuilder()
                        .addAllDrop(notices.drop)
                        .addAllFence(notices.fence)
                        .addAllSealed(notices.sealed)
                        .addAllLookAgain(notices.lookAgain)
                        .build());
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

    /** Says once what has become of a server, and has its replicas looked at when it is written off. */
    void tick(Turn.Draft turn) {
        for (ServerState server : view.servers()) {
            if (view.isAwaited(server, turn.nanos()) || view.isRegistering(server, turn.nanos())) {
                continue; // what has become of it shows in a moment
            }
            String state =
                    view.isWrittenOff(server.id, turn.nanos()) ? "written off" : view.stateOf(server, turn.nanos());
            if (!state.equals(server.saidState)) {
                say(server, state, turn);
                server.saidState = state;
            }
        }
        fade();
    }

    private void fade() {
        for (ServerState server : view.servers()) {
            server.recentCreations *= FADES_EACH_TICK;
            server.trouble *= TROUBLE_KEPT;
        }
    }

    private void say(ServerState server, String state, Turn.Draft turn) {
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
                server.heard ? (turn.nanos() - server.heardNanos) / SECOND_NANOS : "never",
                "replicas",
                server.replicas.size());
        switch (state) {
            case "live" -> {}
            case "written off" -> {
                turn.met(Probe.SERVER_WRITTEN_OFF);
                turn.count(Counted.SERVERS_WRITTEN_OFF);
                view.attention().lookAtAllOf(server.id);
            }
            case "dead" -> {
                turn.met(Probe.SERVER_DEAD);
                view.attention().lookAtAllOf(server.id);
            }
            default -> turn.met(Probe.SERVER_SILENT);
        }
    }
}
