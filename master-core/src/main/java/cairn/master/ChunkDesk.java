package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.wire.Method;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.BadReplicaRequest;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.Empty;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.SealChunkRequest;
import cairn.wire.proto.TruncateRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Decides about a file's chunks: where they are, whether one may be mutated, which comes next, when one is sealed. */
final class ChunkDesk {
    private static final int LOCATE_MAX = 1000;

    /** A client that complains of the same version again after this long is believed, whatever a probe said. */
    private static final long COMPLAINT_NANOS = 1_000_000_000L;

    private static final int COMPLAINTS_MAX = 10_000;

    private final MasterImage image;
    private final ClusterView view;
    private final Paths paths;
    private final Statuses statuses;
    private final VersionDesk versions;
    private final Placement placement;
    private final NamespaceDesk names;
    private final PurgeDesk purge;
    private final ForkDesk forks;
    private final SnapshotDesk snapshots;
    private final boolean forksFirst;
    private final VeilDesk veils;

    /** Versions with which a client could not get on although their leader lived. */
    private final SequencedMap<ChunkHandle, Complaint> complaints = new LinkedHashMap<>();

    private record Complaint(ChunkVersion version, long sinceNanos) {}

    ChunkDesk(MasterCore.Desks desks, MasterSettings settings) {
        this.image = desks.image();
        this.view = desks.view();
        this.paths = desks.paths();
        this.statuses = desks.statuses();
        this.versions = desks.versions();
        this.placement = desks.placement();
        this.names = desks.names();
        this.purge = desks.purge();
        this.forks = desks.forks();
        this.snapshots = desks.snapshots();
        this.forksFirst = settings.keeps(Rule.FORK_FIRST);
        this.veils = desks.veils();
    }

    void locate(MasterInput.Locate input, Turn.Draft turn) throws CairnException {
        LocateRequest request = input.request();
        Inode file = request.getFileId() != 0
                ? paths.needFile(request.getFileId())
                : paths.needFile(
                        paths.need(FilePath.parse(request.getPath())).id().value());
        if (veils.holds(input, file.id(), turn)) {
            return;
        }
        int count = Math.min(request.getCount(), LOCATE_MAX);
        if (request.getFirstIndex() < 0 || count < 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "chunks from a negative index");
        }
        int chunkCount = image.names().chunkCount(file.id());
        int first = Math.min(request.getFirstIndex(), chunkCount);
        LocateReply.Builder reply = LocateReply.newBuilder()
                .setFileId(file.id().value())
                .setChunkCount(chunkCount)
                .setFirstOffset(statuses.offsetOf(file.id(), first));
        int bytes = 0;
        for (Chunk chunk : statuses.chunks(file.id(), first, count)) {
            ChunkLocation location = statuses.location(chunk, turn.nanos());
            if (location.getMembersCount() < view.goalOf(chunk)) {
                view.attention().seek(chunk.handle(), turn.nanos());
            }
            bytes += location.getSerializedSize();
            if (bytes > Limits.MESSAGE_BYTES_MAX / 2) {
                break;
            }
            reply.addChunks(location);
        }
        turn.answer(input.ticket(), reply.build());
    }

    void open(MasterInput.OpenChunk input, Turn.Draft turn) throws CairnException {
        long ticket = input.ticket();
        OpenChunkRequest request = input.request();
        Inode file = paths.needFile(request.getFileId());
        if (veils.holds(input, file.id(), turn)) {
            return;
        }
        Chunk chunk = chunkOf(file, request, turn);
        if (chunk.sealed() && !request.getForMutation()) {
            answerSealed(ticket, chunk, turn);
            return;
        }
        if (chunk.sealed()
                && !request.getNoLonger()
                && chunk.length() < image.geometry().chunkBytes()) {
            names.quotas().needRoomToGrow(file.parent(), turn);
        }
        if (chunk.sealed() && snapshots.holds(input, file, turn)) {
            return;
        }
        if (chunk.sealed() && image.isShared(chunk.handle()) && forksFirst) {
            forks.want(input, file, chunk, turn);
            return;
        }
        if (!chunk.sealed() && chunk.members().size() < view.goalOf(chunk)) {
            view.attention().seek(chunk.handle(), turn.nanos());
        }
        ClusterView.Leader leader = view.leader(chunk, turn.nanos());
        if (leader == null || versions.running(chunk.handle()) != null) {
            versions.bringUp(chunk, ticket, turn);
        } else if (complains(request, chunk, leader)) {
            heed(ticket, chunk, leader, turn);
        } else {
            turn.answer(ticket, statuses.location(chunk, turn.nanos()));
        }
    }

    /** Replicas that may have lost bytes in a crash are proved against each other first, which is a new version. */
    private void answerSealed(long ticket, Chunk chunk, Turn.Draft turn) {
        ChunkLocation location = statuses.location(chunk, turn.nanos());
        if (location.getMembersCount() > 0) {
            turn.answer(ticket, location);
        } else if (view.hasLiveHolder(chunk, turn.nanos())) {
            turn.met(Probe.SEALED_CHUNK_UNPROVEN);
            versions.bringUpAndSeal(chunk, turn);
            versions.bringUp(chunk, ticket, turn);
        } else {
            turn.met(Probe.SEALED_CHUNK_AWAY);
            turn.refuse(ticket, ErrorCode.NO_REPLICA, versions.explain(chunk, null, turn.nanos()));
        }
    }

    private static boolean complains(OpenChunkRequest request, Chunk chunk, ClusterView.Leader leader) {
        return request.getFailedVersion() == chunk.version().value()
                && (request.getSuspect() == 0
                        || request.getSuspect() == leader.server().value());
    }

    /** The first complaint makes us look whether the leader lives; if it does and the client is back, it is replaced. */
    private void heed(long ticket, Chunk chunk, ClusterView.Leader leader, Turn.Draft turn) {
        Complaint before = complaints.get(chunk.handle());
        if (before != null
                && before.version().equals(chunk.version())
                && turn.nanos() - before.sinceNanos() >= COMPLAINT_NANOS) {
            turn.met(Probe.LEADER_COMPLAINED_OF_AGAIN);
            complaints.remove(chunk.handle());
            versions.bringUp(chunk, ticket, turn);
            return;
        }
        if (before == null || !before.version().equals(chunk.version())) {
            complaints.put(chunk.handle(), new Complaint(chunk.version(), turn.nanos()));
            if (complaints.size() > COMPLAINTS_MAX) {
                complaints.pollFirstEntry();
            }
        }
        turn.met(Probe.LEADER_COMPLAINED_OF);
        versions.probe(chunk, leader.server(), ticket, turn);
    }

    private Chunk chunkOf(Inode file, OpenChunkRequest request, Turn.Draft turn) throws CairnException {
        Chunk chunk = find(file, request.getHandle(), request.getIndex(), request.getOrigin(), turn);
        if (chunk == null) {
            turn.met(Probe.CHUNK_NOT_IN_FILE);
            throw new CairnException(
                    ErrorCode.NO_SUCH_CHUNK,
                    "chunk " + new ChunkHandle(request.getHandle()) + " is not in " + paths.pathOf(file) + " any more");
        }
        return chunk;
    }

    /**
     * The chunk of this handle, or the fork that stands in its place since another file took it: it has all that was applied to
     * the chunk while this file had it, and remembers the producers. Null when it was cut from the file.
     */
    private @Nullable Chunk find(Inode file, long handle, int index, long origin, Turn.Draft turn) {
        Chunk named = image.chunk(new ChunkHandle(handle));
        if (named != null && image.holds(file.id(), named)) {
            return named;
        }
        if (index < 0 || index >= image.names().chunkCount(file.id())) {
            return null;
        }
        ChunkHandle there = image.names().chunkAt(file.id(), index);
        ChunkHandle line = new ChunkHandle(origin == 0 ? handle : origin);
        boolean fork = !there.equals(line) && image.originOf(there).equals(line);
        turn.metIf(fork, Probe.CHUNK_WAS_FORKED);
        return fork ? image.chunk(there) : null;
    }

    /**
     * Makes a file. For who is about to write, its first chunk is made in the same turn and the answer comes when that is led;
     * when none can be made now, the file is made all the same, and writing it finds out why.
     */
    void create(MasterInput.Create input, Turn.Draft turn) throws CairnException {
        NamespaceDesk.Made made = names.create(input.ticket(), input.request(), turn);
        if (made == null) {
            return;
        }
        Chunk first = input.request().getWithChunk() ? firstOf(made, input.seed(), turn) : null;
        if (first == null) {
            turn.answer(input.ticket(), statuses.ofNew(made.file()));
        } else {
            versions.bringUpWithFile(first, input.ticket(), input.seed(), turn);
        }
    }

    private @Nullable Chunk firstOf(NamespaceDesk.Made made, long seed, Turn.Draft turn) {
        try {
            names.quotas().needRoomToGrow(made.standing(), turn);
            return make(
                    made.file().id(), 0, Math.max(1, made.file().attributes().goal()), seed, turn);
        } catch (CairnException e) {
            turn.met(Probe.FILE_MADE_WITHOUT_CHUNK);
            return null;
        }
    }

    void add(MasterInput.AddChunk input, Turn.Draft turn) throws CairnException {
        long ticket = input.ticket();
        AddChunkRequest request = input.request();
        Inode file = paths.needFile(request.getFileId());
        if (veils.holds(input, file.id(), turn) || snapshots.holds(input, file, turn)) {
            return;
        }
        int count = image.names().chunkCount(file.id());
        int next = 0;
        if (request.getAfter() != 0) {
            Chunk after = find(file, request.getAfter(), request.getAfterIndex(), request.getAfterOrigin(), turn);
            if (after == null) {
                turn.met(Probe.CHUNKS_CUT_MEANWHILE);
                throw new CairnException(
                        ErrorCode.CONFLICT, paths.pathOf(file) + ": its chunks were cut meanwhile; look them up again");
            }
            if (!after.sealed() && after.index() == count - 1) {
                turn.met(Probe.LAST_CHUNK_STILL_OPEN);
                throw new CairnException(
                        ErrorCode.CONFLICT, "chunk " + after.handle() + " is still open; have it sealed first");
            }
            next = after.index() + 1;
        }
        if (next < count) {
            turn.met(Probe.CHUNK_ADDED_BEFORE);
            answerStanding(ticket, image.names().chunkAt(file.id(), next), turn);
        } else {
            if ((long) next * image.geometry().chunkBytes() >= Limits.FILE_BYTES_MAX) {
                throw new CairnException(
                        ErrorCode.BAD_REQUEST, paths.pathOf(file) + ": the file has all the chunks it can have");
            }
            names.quotas().needRoomToGrow(file.parent(), turn);
            Chunk made = make(file.id(), next, view.goalOf(file.id()), input.seed(), turn);
            versions.bringUpFresh(made, ticket, input.seed(), turn);
        }
    }

    /** Somebody else was first, or this is a retry: everyone goes on in the same chunk. */
    private void answerStanding(long ticket, ChunkHandle handle, Turn.Draft turn) {
        Chunk chunk = image.chunk(handle);
        if (chunk == null) {
            turn.refuse(ticket, ErrorCode.CONFLICT, "chunk " + handle + " was cut meanwhile");
        } else if (chunk.sealed() || view.leader(chunk, turn.nanos()) != null) {
            turn.answer(ticket, statuses.location(chunk, turn.nanos()));
        } else {
            versions.bringUp(chunk, ticket, turn);
        }
    }

    /** Places a chunk and logs it; to be brought up in the same turn. */
    private Chunk make(FileId file, int index, int goal, long seed, Turn.Draft turn) throws CairnException {
        List<ServerState> targets = placement.choose(goal, List.of(), server -> false, seed, turn.nanos());
        if (targets.isEmpty()) {
            turn.met(Probe.NO_SERVER_FOR_NEW_CHUNK);
            throw placement.none(turn.nanos());
        }
        if (targets.size() < goal) {
            checkAllAreBack(turn);
            turn.met(Probe.NEW_CHUNK_BELOW_GOAL);
        }
        List<ChunkMember> members = new ArrayList<>();
        for (ServerState target : targets) {
            target.recentCreations++;
            members.add(new ChunkMember(target.id, true));
        }
        ChunkHandle handle = new ChunkHandle(image.nextHandle());
        turn.log(new MasterRecord.ChunkAdded(handle, file, members, turn.millis()));
        return new Chunk(handle, file, index, new ChunkVersion(1), false, 0, members, List.of());
    }

    /** An open chunk keeps its members until it is sealed: the first server to register again must not be its only one. */
    private void checkAllAreBack(Turn.Draft turn) throws CairnException {
        List<String> awaited = view.servers().stream()
                .filter(server -> view.isAwaited(server, turn.nanos()))
                .map(ServerState::toString)
                .toList();
        if (!awaited.isEmpty()) {
            turn.met(Probe.NEW_CHUNK_AWAITS_SERVERS);
            throw new CairnException(
                    ErrorCode.NO_REPLICA,
                    "the master has just started, too few chunkservers for a new chunk are back; missing: "
                            + String.join(", ", awaited));
        }
    }

    /** Answered when nobody can read any more what was cut; a repeated one as well. */
    void truncate(MasterInput.Truncate input, Turn.Draft turn) throws CairnException {
        long ticket = input.ticket();
        TruncateRequest request = input.request();
        if (veils.holds(input, new FileId(request.getFileId()), turn)) {
            return;
        }
        if (names.answeredBefore(ticket, request.getId(), Method.TRUNCATE, turn)) {
            return;
        }
        Inode file = paths.needFile(request.getFileId());
        if (request.getKeep() < 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a file keeps no negative number of chunks");
        }
        if (request.getKeep() < image.names().chunkCount(file.id())) {
            List<ChunkHandle> gone = purge.cut(file.id(), request.getKeep(), turn);
            names.remember(request.getId(), Method.TRUNCATE, file.id(), turn);
            if (veils.cover(file.id(), gone, turn) && veils.holds(input, file.id(), turn)) {
                return;
            }
        } else {
            names.unchanged(request.getId(), Method.TRUNCATE, file.id());
        }
        turn.answer(ticket, statuses.ofNew(file));
    }

    /** From the primary of exactly this version; a late one, of a version that was left, changes nothing. */
    void seal(long ticket, SealChunkRequest request, Turn.Draft turn) throws CairnException {
        Chunk chunk = needLed(request.getHandle(), request.getVersion(), request.getLength(), turn);
        if (chunk.sealed() && chunk.length() == request.getLength()) {
            turn.met(Probe.SEALED_TWICE);
            turn.answer(ticket, Empty.getDefaultInstance());
            return;
        }
        needHead(chunk, request.getServerId(), turn);
        turn.log(new MasterRecord.ChunkSealed(chunk.handle(), chunk.version(), request.getLength(), turn.millis()));
        snapshots.sealed(chunk.handle(), turn);
        view.settle(chunk, request.getLength());
        turn.detail("chunk %s %s: sealed at %d bytes", chunk.handle(), chunk.version(), request.getLength());
        turn.answer(ticket, Empty.getDefaultInstance());
    }

    private Chunk needLed(long handle, long version, long length, Turn.Draft turn) throws CairnException {
        Chunk chunk = image.chunk(new ChunkHandle(handle));
        if (chunk == null) {
            turn.met(Probe.PRIMARY_OF_DELETED_CHUNK);
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "chunk " + new ChunkHandle(handle) + " was deleted");
        }
        if (chunk.version().value() != version) {
            turn.met(Probe.PRIMARY_OF_OLDER_VERSION);
            throw new CairnException(
                    ErrorCode.STALE_VERSION,
                    "chunk %s has %s, not %s".formatted(chunk.handle(), chunk.version(), new ChunkVersion(version)));
        }
        if (length < 0 || length > image.geometry().chunkBytes()) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "no chunk has " + length + " bytes");
        }
        return chunk;
    }

    private static void needHead(Chunk chunk, long server, Turn.Draft turn) throws CairnException {
        if (chunk.sealed()) {
            turn.met(Probe.PRIMARY_OF_SEALED_CHUNK);
            throw new CairnException(ErrorCode.SEALED, "chunk " + chunk.handle() + " is sealed");
        }
        if (!chunk.isHead(new ServerId(server))) {
            throw new CairnException(
                    ErrorCode.NOT_PRIMARY, new ServerId(server) + " does not lead chunk " + chunk.handle());
        }
    }

    void memberFailed(long ticket, MemberFailedRequest request, Turn.Draft turn) throws CairnException {
        Chunk chunk = needLed(request.getHandle(), request.getVersion(), 0, turn);
        needHead(chunk, request.getServerId(), turn);
        if (request.getFailedCount() > Limits.REPLICATION_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "no chunk has " + request.getFailedCount() + " members that could fail");
        }
        List<ServerId> failed =
                request.getFailedList().stream().map(ServerId::new).toList();
        turn.warn(
                "chunk %s %s: its primary reports %s: %s",
                chunk.handle(), chunk.version(), failed, Words.of(request.getReason()));
        versions.membersFailed(chunk, failed, turn);
        turn.answer(ticket, Empty.getDefaultInstance());
    }

    /** A client's word alone drops nothing: the server checks its replica, and reports it when it is bad. */
    void badReplica(long ticket, BadReplicaRequest request, Turn.Draft turn) {
        turn.met(Probe.CLIENT_REPORTS_BAD_REPLICA);
        turn.warn(
                "chunk %s %s: a client reports a bad replica on %s: %s",
                new ChunkHandle(request.getHandle()),
                new ChunkVersion(request.getVersion()),
                new ServerId(request.getServerId()),
                Words.of(request.getReason()));
        ServerState server = view.server(new ServerId(request.getServerId()));
        ChunkHandle handle = new ChunkHandle(request.getHandle());
        if (server != null && view.replica(handle, server.id) != null) {
            turn.perform(new Effect.Scrub(server.target(), handle));
        }
        turn.answer(ticket, Empty.getDefaultInstance());
    }
}
