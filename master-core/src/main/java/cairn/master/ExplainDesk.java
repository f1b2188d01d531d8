package cairn.master;

import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.model.ServerId;
import cairn.wire.proto.ChunkExplanation;
import cairn.wire.proto.ExplainReply;
import cairn.wire.proto.ExplainRequest;
import cairn.wire.proto.ReplicaFate;
import cairn.wire.proto.ServerExplanation;
import java.util.ArrayList;
import java.util.List;

/**
 * EXPLAIN: says in sentences why a file, a chunk or a server is as it is, what is being done about it and what blocks that. In
 * pages where there may be many chunks. Changes nothing.
 */
final class ExplainDesk {
    /** Chunks of a file, or replicas of a server, looked at in one page. */
    static final int CHUNKS_PER_PAGE_MAX = 2000;

    /** Chunks of a page that are told one by one. */
    static final int TOLD_PER_PAGE_MAX = 100;

    private static final double NANOS_PER_SECOND = 1e9;

    private final MasterImage image;
    private final ClusterView view;
    private final Paths paths;
    private final MasterSettings settings;
    private final Standings standings;
    private final CheckDesk check;
    private final ChunkWords words;
    private final DrainDesk drains;

    ExplainDesk(
            MasterCore.Desks desks, MasterSettings settings, Standings standings, CopyDesk copies, DrainDesk drains) {
        this.image = desks.image();
        this.view = desks.view();
        this.paths = desks.paths();
        this.settings = settings;
        this.standings = standings;
        this.check = new CheckDesk(desks, standings);
        this.words = new ChunkWords(desks, settings, copies);
        this.drains = drains;
    }

    ExplainReply explain(ExplainRequest request, long nanos) throws CairnException {
        if (request.getHandle() != 0) {
            return chunk(new ChunkHandle(request.getHandle()), nanos);
        }
        if (request.getServerId() != 0) {
            return server(new ServerId(request.getServerId()), new ChunkHandle(request.getAfter()), nanos);
        }
        return path(FilePath.parse(request.getPath()), request.getAfter(), nanos);
    }

    // ---- a chunk

    private ExplainReply chunk(ChunkHandle handle, long nanos) throws CairnException {
        Chunk chunk = image.chunk(handle);
        if (chunk == null) {
            throw new CairnException(
                    ErrorCode.NO_SUCH_CHUNK,
                    Long.compareUnsigned(handle.value(), image.nextHandle()) < 0
                            ? "chunk " + handle + " was deleted; what is left of it on disks is removed"
                            : "chunk " + handle + " was never made by this cell");
        }
        Standing standing = standings.of(chunk, nanos);
        return ExplainReply.newBuilder()
                .addAllSentences(words.sentences(standing, pathOf(chunk), nanos))
                .addChunks(explanation(standing, nanos))
                .build();
    }

    private String pathOf(Chunk chunk) {
        Inode file = check.owner(chunk);
        int files = image.filesOf(chunk).size();
        return (file == null ? "a file that was deleted" : paths.pathOf(file))
                + (files > 1 ? " and " + Amount.of(files - 1, "clone") + " of it" : "");
    }

    private ChunkExplanation explanation(Standing standing, long nanos) {
        RepairOutlook outlook = words.outlook(standing, nanos);
        ChunkExplanation.Builder told = ChunkExplanation.newBuilder()
                .setChunk(check.finding(standing, check.owner(standing.chunk())))
                .setRepair(outlook.state())
                .setReason(outlook.reason())
                .setNextTryMillis(outlook.nextTryNanos() < 0 ? -1 : outlook.nextTryNanos() / 1_000_000);
        for (Standing.Copy copy : standing.copies()) {
            told.addFates(ReplicaFate.newBuilder()
                    .setServerId(copy.server().value())
                    .setWhyHere(words.whyHere(standing, copy, nanos))
                    .setGoodLeft(standing.good() - (copy.counts() ? 1 : 0)));
        }
        return told.build();
    }

    // ---- a path

    private ExplainReply path(FilePath path, long from, long nanos) throws CairnException {
        Inode inode = paths.need(path);
        ExplainReply.Builder reply = ExplainReply.newBuilder();
        if (inode.directory()) {
            return reply.addSentences("%s is a directory with %s; new files in it get %s. See also: cairn fsck %s"
                            .formatted(
                                    path,
                                    Amount.of(
                                            image.names().entryCount(inode.id())
                                                    - (inode.id().equals(Inode.ROOT) ? 1 : 0),
                                            "entry"),
                                    Amount.of(inode.attributes().goal(), "copy"),
                                    path))
                    .build();
        }
        int chunks = image.names().chunkCount(inode.id());
        if (from < 0 || from > chunks) {
            throw new CairnException(ErrorCode.BAD_REQUEST, path + " has no chunk " + from);
        }
        if (from == 0) {
            reply.addSentences("%s has %s and wants %s of each."
                    .formatted(path, Amount.of(chunks, "chunk"), Amount.of(view.goalOf(inode.id()), "copy")));
        }
        return chunksOf(inode, (int) from, reply, nanos);
    }

    private ExplainReply chunksOf(Inode file, int from, ExplainReply.Builder reply, long nanos) {
        int chunks = image.names().chunkCount(file.id());
        int end = (int) Math.min(chunks, (long) from + CHUNKS_PER_PAGE_MAX);
        int bytes = 0;
        int index = from;
        for (;
                index < end && reply.getChunksCount() < TOLD_PER_PAGE_MAX && bytes < Limits.MESSAGE_BYTES_MAX / 2;
                index++) {
            Chunk chunk = image.chunk(image.names().chunkAt(file.id(), index));
            if (chunk != null) {
                Standing standing = standings.of(chunk, nanos);
                if (standing.health() != ChunkHealth.HEALTHY) {
                    ChunkExplanation told = explanation(standing, nanos);
                    bytes += told.getSerializedSize();
                    reply.addChunks(told);
                    reply.addSentences(words.summary(standing, nanos));
                }
            }
        }
        return reply.setMore(index < chunks).setNextAfter(index).build();
    }

    // ---- a server

    private ExplainReply server(ServerId id, ChunkHandle after, long nanos) throws CairnException {
        ServerState server = view.server(id);
        if (server == null) {
            throw new CairnException(ErrorCode.NOT_FOUND, "this cell has no chunkserver " + id + "; see: cairn report");
        }
        ServerExplanation.Builder told = ServerExplanation.newBuilder()
                .setMember(server.member())
                .setState(view.stateOf(server, nanos))
                .setHeardMillisAgo(view.heardMillisAgo(server, nanos))
                .setReplicasTotal(server.replicas.size());
        ExplainReply.Builder reply = ExplainReply.newBuilder();
        List<ServerState> takers = drains.takersBeside(server, nanos);
        ChunkHandle last = after;
        for (ChunkHandle handle : server.replicas.after(after)) {
            if (told.getExamined() == CHUNKS_PER_PAGE_MAX) {
                reply.setMore(true);
                break;
            }
            told.setExamined(told.getExamined() + 1);
            last = handle;
            Chunk chunk = image.chunk(handle);
            if (chunk != null) {
                weigh(standings.of(chunk, nanos), id, takers, told);
            }
        }
        if (after.value() == 0) {
            reply.addAllSentences(stateSentences(server, nanos));
        }
        return reply.setServer(told).setNextAfter(last.value()).build();
    }

    /** What would be without this server. Of one that is away: what is without it. */
    private void weigh(Standing standing, ServerId server, List<ServerState> takers, ServerExplanation.Builder told) {
        boolean counts =
                standing.copies().stream().anyMatch(copy -> copy.server().equals(server) && copy.counts());
        boolean holds = standing.copies().stream()
                .anyMatch(copy -> copy.server().equals(server)
                        && (copy.worth() == Worth.AWAY
                                || copy.worth() == Worth.GONE
                                || copy.worth() == Worth.UNPROVEN));
        if (!counts && !holds) {
            return;
        }
        int left = standing.good() - (counts ? 1 : 0);
        if (left == 0) {
            told.setLastCopies(told.getLastCopies() + 1);
            if (told.getLastCopyHandlesCount() < TOLD_PER_PAGE_MAX) {
                told.addLastCopyHandles(standing.chunk().handle().value());
            }
        }
        told.setThenSingle(told.getThenSingle() + (left == 1 && standing.goal() > 1 ? 1 : 0));
        boolean under = left < standing.goal();
        told.setThenUnder(told.getThenUnder() + (under ? 1 : 0));
        boolean untaken = under && left > 0 && !drains.canBeTaken(standing.chunk(), takers);
        told.setThenUntaken(told.getThenUntaken() + (untaken ? 1 : 0));
    }

    private String drain(ServerState server, long nanos) {
        if (server.replicas.isEmpty()) {
            return "It is drained and holds nothing any more: stop its process, then: cairn forget %s."
                    .formatted(server.id);
        }
        String obstacle = drains.obstacle(server, nanos);
        String left = Amount.of(server.replicas.size(), "replica is", "replicas are");
        return obstacle.isEmpty()
                ? "It is being drained: %s still here, and nothing is in the way.".formatted(left)
                : "It is being drained, and that is blocked: %s still here; %s.".formatted(left, obstacle);
    }

    private String absence(ServerState server, double silence, long nanos) {
        if (view.isWrittenOff(server.id, nanos)) {
            return "It is written off: what it held is copied from others; if it comes back, what is still needed of it is used.";
        }
        double left = settings.repairAfter() / NANOS_PER_SECOND - silence;
        return view.isLive(server, nanos)
                ? "Its copies count for another %.0f s and cannot be read before it is back; in %.0f s they are made anew elsewhere."
                        .formatted(settings.deadAfter() / NANOS_PER_SECOND - silence, left)
                : "Its copies count again when it is back within %.0f s; after that they are made anew elsewhere."
                        .formatted(left);
    }

    private List<String> stateSentences(ServerState server, long nanos) {
        List<String> sentences = new ArrayList<>();
        String state = view.stateOf(server, nanos);
        double silence = (nanos - (server.heard ? server.heardNanos : view.startNanos())) / NANOS_PER_SECOND;
        sentences.add("%s at %s in rack %s is %s: %s."
                .formatted(
                        server.id,
                        server.address,
                        server.rack,
                        state,
                        server.heard
                                ? "last heard %.1f s ago".formatted(silence)
                                : "not heard since this master started %.1f s ago, so what it holds is not known"
                                        .formatted(silence)));
        if (!state.equals("live")) {
            sentences.add(absence(server, silence, nanos));
        }
        if (view.isLeaving(server.id)) {
            sentences.add(drain(server, nanos));
        }
        if (server.clones > 0) {
            sentences.add("It makes or takes copies: %d now, of at most %d."
                    .formatted(server.clones, view.limit(CellLimit.COPIES_PER_SERVER)));
        }
        if (state.equals("live") && !view.isSteady(server, nanos)) {
            sentences.add("It was in trouble lately, and gets copies only when no other can take them.");
        }
        server.disks().stream()
                .filter(disk -> !disk.getState().equals("ok"))
                .forEach(disk -> sentences.add("Its disk %s is %s%s."
                        .formatted(
                                disk.getPath(),
                                disk.getState(),
                                disk.getDetail().isEmpty() ? "" : " (" + disk.getDetail() + ")")));
        if (!server.damaged.isEmpty()) {
            sentences.add("%s damaged and kept until there is a better one."
                    .formatted(Amount.of(server.damaged.size(), "of its replicas is", "of its replicas are")));
        }
        if (!server.orphans.isEmpty()) {
            sentences.add(
                    "It holds %s of chunks that this master never made: nothing of that is deleted; is the master's log an old copy?"
                            .formatted(Amount.of(server.orphans.size(), "replica")));
        }
        return sentences;
    }
}
