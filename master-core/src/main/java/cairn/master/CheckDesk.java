package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.Limits;
import cairn.model.ServerId;
import cairn.wire.proto.CheckReply;
import cairn.wire.proto.CheckRequest;
import cairn.wire.proto.ChunkFinding;
import cairn.wire.proto.Count;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReplicaFinding;
import cairn.wire.proto.ServerFinding;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * CHECK: judges chunks, a page at a time, so that a cell of any size is checked without holding up a turn. Changes nothing.
 */
final class CheckDesk {
    /** Judging that many takes a few milliseconds. */
    static final int CHUNKS_PER_PAGE_MAX = 2000;

    static final int FILES_MAX = 1000;

    /** Orphans named of one server. */
    private static final int NAMED_MAX = 10;

    /** A field's number and length, at most. */
    private static final int LIST_ENTRY_BYTES = 8;

    private final MasterImage image;
    private final ClusterView view;
    private final Paths paths;
    private final Standings standings;

    CheckDesk(MasterCore.Desks desks, Standings standings) {
        this.image = desks.image();
        this.view = desks.view();
        this.paths = desks.paths();
        this.standings = standings;
    }

    /** A page being made. */
    private static final class Page {
        final CheckReply.Builder reply = CheckReply.newBuilder();
        final Map<ChunkHealth, Long> health = new EnumMap<>(ChunkHealth.class);

        /** Copies that count, by servers that are not heard of just now. */
        final Map<ServerId, Long> silent = new TreeMap<>();

        final boolean all;
        final long nanos;
        int looked;
        int bytes;

        Page(boolean all, long nanos) {
            this.all = all;
            this.nanos = nanos;
        }

        boolean isFull() {
            return looked >= CHUNKS_PER_PAGE_MAX || bytes > Limits.MESSAGE_BYTES_MAX / 2;
        }
    }

    CheckReply check(CheckRequest request, long nanos) throws CairnException {
        if (request.getFilesCount() > FILES_MAX || request.getFirstIndex() < 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a check of more than " + FILES_MAX + " files at a time");
        }
        Page page = new Page(request.getAll(), nanos);
        page.reply.setChunksTotal(image.chunkCount());
        if (request.getFilesCount() > 0) {
            checkFiles(request, page);
        } else {
            checkCell(request.getAfter(), page);
        }
        page.health.forEach((health, chunks) ->
                page.reply.addHealth(Count.newBuilder().setName(health.word()).setValue(chunks)));
        servers(page, request.getFilesCount() == 0 && request.getAfter() == 0);
        return page.reply.build();
    }

    private void checkCell(long after, Page page) {
        page.reply.setNextAfter(after);
        for (Chunk chunk : image.chunksAfter(new ChunkHandle(after))) {
            if (page.isFull()) {
                page.reply.setMore(true);
                return;
            }
            judge(chunk, owner(chunk), page);
            page.reply.setNextAfter(chunk.handle().value());
        }
    }

    /** A file that is gone meanwhile has no chunks. */
    private void checkFiles(CheckRequest request, Page page) {
        int index = request.getFirstIndex();
        for (int i = 0; i < request.getFilesCount(); i++) {
            FileId file = new FileId(request.getFiles(i));
            Inode inode = image.names().find(file);
            int chunks = inode == null || inode.directory() ? 0 : image.names().chunkCount(file);
            for (; index < chunks; index++) {
                if (page.isFull()) {
                    page.reply.setMore(true).setFilesDone(i).setNextIndex(index);
                    return;
                }
                Chunk chunk = image.chunk(image.names().chunkAt(file, index));
                if (chunk != null) {
                    judge(chunk, inode, page);
                }
            }
            index = 0;
            page.looked++; // also files without chunks take a moment
        }
        page.reply.setFilesDone(request.getFilesCount());
    }

    private void judge(Chunk chunk, @Nullable Inode file, Page page) {
        page.looked++;
        if (file == null || !paths.isReachable(file)) {
            page.reply.setReclaiming(page.reply.getReclaiming() + 1);
            return;
        }
        page.reply.setExamined(page.reply.getExamined() + 1);
        Standing standing = standings.of(chunk, page.nanos);
        page.health.merge(standing.health(), 1L, Long::sum);
        for (Standing.Copy copy : standing.copies()) {
            if (copy.counts() && !view.isUsable(copy.server(), page.nanos)) {
                page.silent.merge(copy.server(), 1L, Long::sum);
            }
        }
        if (page.all || standing.health() != ChunkHealth.HEALTHY) {
            ChunkFinding finding = finding(standing, file);
            page.bytes += finding.getSerializedSize() + LIST_ENTRY_BYTES;
            page.reply.addChunks(finding);
        }
    }

    /** A file that a path leads to and that holds the chunk; after a snapshot there may be several. */
    @Nullable
    Inode owner(Chunk chunk) {
        for (FileId id : image.filesOf(chunk)) {
            Inode file = image.names().find(id);
            if (file != null && paths.isReachable(file)) {
                return file;
            }
        }
        return null;
    }

    /** The chunk as operators are told of it, as one of {@code file}. */
    ChunkFinding finding(Standing standing, @Nullable Inode file) {
        Chunk chunk = standing.chunk();
        ChunkFinding.Builder finding = ChunkFinding.newBuilder()
                .setHandle(chunk.handle().value())
                .setFileId(file == null ? 0 : file.id().value())
                .setPath(file == null ? "" : paths.pathOf(file))
                .setIndex(chunk.index())
                .setVersion(chunk.version().value())
                .setSealed(chunk.sealed())
                .setLength(chunk.length())
                .setHealth(standing.health().word())
                .setGoal(standing.goal())
                .setGood(standing.good())
                .setWords(standing.words());
        for (Standing.Copy copy : standing.copies()) {
            finding.addReplicas(ReplicaFinding.newBuilder()
                    .setMember(member(copy.server()))
                    .setWorth(copy.worth().word())
                    .setEstablished(copy.established())
                    .setLength(copy.length()));
        }
        return finding.build();
    }

    Member member(ServerId id) {
        ServerState server = view.server(id);
        return server == null ? Member.newBuilder().setServerId(id.value()).build() : server.member();
    }

    /** @param all those that ail, too; otherwise those whose silence concerns chunks of the page */
    private void servers(Page page, boolean all) {
        int bytes = 0;
        for (ServerState server : view.servers()) {
            long silent = page.silent.getOrDefault(server.id, 0L);
            if (silent == 0 && !(all && ails(server, page.nanos))) {
                continue;
            }
            ServerFinding.Builder finding = ServerFinding.newBuilder()
                    .setMember(server.member())
                    .setState(view.stateOf(server, page.nanos))
                    .setHeardMillisAgo(view.heardMillisAgo(server, page.nanos))
                    .setSilentCopies(silent);
            if (all) {
                finding.setOrphans(server.orphans.size()).setDamaged(server.damaged.size());
                server.orphans.stream().limit(NAMED_MAX).forEach(orphan -> finding.addOrphanHandles(orphan.value()));
            }
            ServerFinding built = finding.build();
            bytes += built.getSerializedSize() + LIST_ENTRY_BYTES;
            if (bytes > Limits.MESSAGE_BYTES_MAX / 4) {
                return; // so many ailing servers: their chunks tell the rest
            }
            page.reply.addServers(built);
        }
    }

    private boolean ails(ServerState server, long nanos) {
        boolean away = !view.isUsable(server.id, nanos) && !view.isReplaced(server, nanos);
        return away || !server.orphans.isEmpty() || !server.damaged.isEmpty();
    }
}
