package cairn.client;

import cairn.client.Account.ChunkAccount;
import cairn.client.Account.ReplicaFate;
import cairn.client.Account.ServerAccount;
import cairn.client.CheckSummary.ServerCheck;
import cairn.client.ChunkCheck.ReplicaCheck;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.model.ServerId;
import cairn.wire.Method;
import cairn.wire.proto.CheckReply;
import cairn.wire.proto.CheckRequest;
import cairn.wire.proto.ChunkExplanation;
import cairn.wire.proto.ChunkFinding;
import cairn.wire.proto.Count;
import cairn.wire.proto.ExplainReply;
import cairn.wire.proto.ExplainRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListReply;
import cairn.wire.proto.ReplicaFinding;
import cairn.wire.proto.ServerExplanation;
import cairn.wire.proto.ServerFinding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks the master for the health of chunks and for reasons, page by page. For one thread. */
final class Inspection {
    private static final int FILES_PER_REQUEST = Limits.LIST_PAGE_MAX;

    /** Chunks of a file that are explained one by one. */
    private static final int EXPLAINED_MAX = 100;

    /** Handles named of the chunks that only one server holds. */
    private static final int NAMED_MAX = 100;

    private final Core core;
    private final Names names;
    private final SortedMap<String, Long> health = new TreeMap<>();
    private final SortedMap<ServerId, ServerCheck> servers = new TreeMap<>();
    private long examined;
    private long reclaiming;

    Inspection(Core core, Names names) {
        this.core = core;
        this.names = names;
    }

    // ---- health

    CheckSummary check(FilePath path, boolean all, CheckListener listener) throws CairnException {
        if (path.isRoot()) {
            checkCell(all, listener);
        } else {
            checkBelow(path, all, listener);
        }
        return new CheckSummary(examined, health, reclaiming, List.copyOf(servers.values()));
    }

    private void checkCell(boolean all, CheckListener listener) throws CairnException {
        long after = 0;
        CheckReply reply;
        do {
            reply = ask(CheckRequest.newBuilder().setAfter(after).setAll(all).build());
            take(reply, listener);
            after = reply.getNextAfter();
        } while (reply.getMore());
    }

    /** A directory that is being walked, and the last name seen in it. */
    private static final class Level {
        final FilePath directory;
        String after = "";
        final Deque<FilePath> below = new ArrayDeque<>();
        boolean listed;

        Level(FilePath directory) {
            this.directory = directory;
        }
    }

    /** Holds one page of names for each level of the tree, however large the tree is. */
    private void checkBelow(FilePath path, boolean all, CheckListener listener) throws CairnException {
        FileStatus status = names.status(path);
        if (!status.getDirectory()) {
            checkFiles(List.of(status.getFileId()), all, listener);
            return;
        }
        Deque<Level> levels = new ArrayDeque<>();
        levels.push(new Level(path));
        while (!levels.isEmpty()) {
            Level level = levels.element();
            if (!level.below.isEmpty()) {
                levels.push(new Level(level.below.removeFirst()));
            } else if (level.listed) {
                levels.pop();
            } else {
                listPage(level, all, listener);
            }
        }
    }

    private void listPage(Level level, boolean all, CheckListener listener) throws CairnException {
        ListReply page;
        try {
            page = names.list(level.directory, level.after, Limits.LIST_PAGE_MAX);
        } catch (CairnException e) {
            if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.NOT_DIRECTORY) {
                throw e;
            }
            level.listed = true; // removed meanwhile: nothing of it is to be judged
            return;
        }
        List<Long> files = new ArrayList<>();
        for (FileStatus entry : page.getEntriesList()) {
            level.after = entry.getName();
            if (entry.getDirectory()) {
                level.below.add(level.directory.child(entry.getName()));
            } else if (entry.getChunkCount() > 0) {
                files.add(entry.getFileId());
            }
        }
        level.listed = !page.getMore() || page.getEntriesCount() == 0;
        if (!files.isEmpty()) {
            checkFiles(files, all, listener);
        }
    }

    private void checkFiles(List<Long> files, boolean all, CheckListener listener) throws CairnException {
        List<Long> left = files;
        int firstIndex = 0;
        while (!left.isEmpty()) {
            List<Long> some = left.subList(0, Math.min(FILES_PER_REQUEST, left.size()));
            CheckReply reply = ask(CheckRequest.newBuilder()
                    .addAllFiles(some)
                    .setFirstIndex(firstIndex)
                    .setAll(all)
                    .build());
            take(reply, listener);
            left = left.subList(Math.min(reply.getFilesDone(), some.size()), left.size());
            firstIndex = reply.getMore() ? reply.getNextIndex() : 0;
        }
    }

    private CheckReply ask(CheckRequest request) throws CairnException {
        return core.master.call(Method.CHECK, request, CheckReply.parser(), core.deadline());
    }

    private void take(CheckReply reply, CheckListener listener) throws CairnException {
        examined += reply.getExamined();
        reclaiming += reply.getReclaiming();
        for (Count count : reply.getHealthList()) {
            health.merge(count.getName(), count.getValue(), Long::sum);
        }
        for (ServerFinding server : reply.getServersList()) {
            ServerCheck check = check(server);
            servers.merge(check.server(), check, ServerCheck::plus);
        }
        for (ChunkFinding chunk : reply.getChunksList()) {
            listener.chunk(chunk(chunk));
        }
        listener.progress(examined, reply.getChunksTotal());
    }

    private static ServerCheck check(ServerFinding server) {
        return new ServerCheck(
                new ServerId(server.getMember().getServerId()),
                server.getMember().getAddress(),
                server.getState(),
                server.getHeardMillisAgo(),
                server.getSilentCopies(),
                server.getOrphans(),
                server.getDamaged(),
                handles(server.getOrphanHandlesList()));
    }

    private static ChunkCheck chunk(ChunkFinding chunk) {
        List<ReplicaCheck> replicas = new ArrayList<>();
        for (ReplicaFinding replica : chunk.getReplicasList()) {
            replicas.add(new ReplicaCheck(
                    new ServerId(replica.getMember().getServerId()),
                    replica.getMember().getAddress(),
                    replica.getMember().getRack(),
                    replica.getWorth(),
                    replica.getEstablished(),
                    replica.getLength()));
        }
        return new ChunkCheck(
                new ChunkHandle(chunk.getHandle()),
                chunk.getPath(),
                chunk.getIndex(),
                new ChunkVersion(chunk.getVersion()),
                chunk.getSealed(),
                chunk.getLength(),
                chunk.getHealth(),
                chunk.getGoal(),
                chunk.getGood(),
                replicas,
                chunk.getWords());
    }

    private static List<ChunkHandle> handles(List<Long> values) {
        return values.stream().map(ChunkHandle::new).toList();
    }

    // ---- reasons

    Account explain(FilePath path) throws CairnException {
        List<String> sentences = new ArrayList<>();
        List<ChunkAccount> chunks = new ArrayList<>();
        long from = 0;
        ExplainReply reply;
        do {
            reply = ask(ExplainRequest.newBuilder()
                    .setPath(path.toString())
                    .setAfter(from)
                    .build());
            sentences.addAll(reply.getSentencesList());
            reply.getChunksList().forEach(chunk -> chunks.add(account(chunk)));
            from = reply.getNextAfter();
        } while (reply.getMore() && chunks.size() < EXPLAINED_MAX);
        return new Account(sentences, chunks, null, reply.getMore());
    }

    Account explain(ChunkHandle chunk) throws CairnException {
        if (chunk.value() == 0) { // on the wire: no chunk is named
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "chunk " + chunk + " was never made by any cell");
        }
        ExplainReply reply =
                ask(ExplainRequest.newBuilder().setHandle(chunk.value()).build());
        return new Account(
                reply.getSentencesList(),
                reply.getChunksList().stream().map(Inspection::account).toList(),
                null,
                false);
    }

    Account explain(ServerId server) throws CairnException {
        List<String> sentences = new ArrayList<>();
        ServerAccount sum = null;
        long after = 0;
        ExplainReply reply;
        do {
            reply = ask(ExplainRequest.newBuilder()
                    .setServerId(server.value())
                    .setAfter(after)
                    .build());
            sentences.addAll(reply.getSentencesList());
            sum = plus(sum, reply.getServer());
            after = reply.getNextAfter();
        } while (reply.getMore());
        return new Account(sentences, List.of(), sum, false);
    }

    private ExplainReply ask(ExplainRequest request) throws CairnException {
        return core.master.call(Method.EXPLAIN, request, ExplainReply.parser(), core.deadline());
    }

    private static ServerAccount plus(@Nullable ServerAccount sum, ServerExplanation page) {
        List<String> named = new ArrayList<>(sum == null ? List.of() : sum.lastCopyHandles());
        page.getLastCopyHandlesList().stream()
                .limit(Math.max(0, NAMED_MAX - named.size()))
                .forEach(handle -> named.add(new ChunkHandle(handle).toString()));
        return new ServerAccount(
                new ServerId(page.getMember().getServerId()),
                page.getMember().getAddress(),
                page.getMember().getRack(),
                page.getState(),
                page.getHeardMillisAgo(),
                page.getReplicasTotal(),
                page.getLastCopies() + (sum == null ? 0 : sum.lastCopies()),
                page.getThenSingle() + (sum == null ? 0 : sum.thenSingle()),
                page.getThenUnder() + (sum == null ? 0 : sum.thenUnder()),
                page.getThenUntaken() + (sum == null ? 0 : sum.thenUntaken()),
                named);
    }

    private static ChunkAccount account(ChunkExplanation told) {
        return new ChunkAccount(
                chunk(told.getChunk()),
                told.getRepair(),
                told.getReason(),
                told.getNextTryMillis(),
                told.getFatesList().stream()
                        .map(fate -> new ReplicaFate(
                                new ServerId(fate.getServerId()), fate.getWhyHere(), fate.getGoodLeft()))
                        .toList());
    }
}
