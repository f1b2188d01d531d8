package cairn.client;

import cairn.client.CellReport.DiskHealth;
import cairn.client.CellReport.Movement;
import cairn.client.CellReport.QuotaHealth;
import cairn.client.CellReport.ServerHealth;
import cairn.client.CellReport.TrashHealth;
import cairn.client.ChunkInfo.ReplicaInfo;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.wire.proto.Count;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.LimitsReply;
import cairn.wire.proto.Member;
import cairn.wire.proto.MovementReport;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ServerReport;
import cairn.wire.proto.TrashReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** From messages to what users see. Pure. */
final class Statuses {

    private Statuses() {}

    static FileInfo file(String path, FileStatus status, long length, boolean exact) {
        return new FileInfo(
                new FileId(status.getFileId()),
                path,
                status.getDirectory(),
                length,
                exact,
                status.getReplication(),
                status.getMode(),
                status.getOwner(),
                status.getGroup(),
                status.getModifiedMillis(),
                status.getChunkCount(),
                status.getEntryCount(),
                status.hasOpenChunk(),
                status.hasUse() ? Optional.of(Trees.use(path, status.getUse())) : Optional.empty());
    }

    static ChunkInfo chunk(Located chunk, long length) throws CairnException {
        List<ReplicaInfo> replicas = new ArrayList<>();
        for (Member member : chunk.at().getMembersList()) {
            replicas.add(new ReplicaInfo(new ServerId(member.getServerId()), Core.address(member), member.getRack()));
        }
        return new ChunkInfo(
                chunk.index(),
                new ChunkHandle(chunk.handle()),
                new ChunkVersion(chunk.at().getVersion()),
                chunk.offset(),
                length,
                chunk.at().getSealed(),
                replicas);
    }

    static List<CellLimit> limits(LimitsReply reply) {
        return reply.getLimitsList().stream()
                .map(limit -> new CellLimit(
                        limit.getName(),
                        limit.getValue(),
                        limit.getBuiltIn(),
                        limit.getSet(),
                        limit.getLeast(),
                        limit.getMost(),
                        limit.getUnit(),
                        limit.getMeaning()))
                .toList();
    }

    static CellReport report(ReportReply reply) throws CairnException {
        List<ServerHealth> servers = new ArrayList<>();
        for (ServerReport server : reply.getServersList()) {
            servers.add(server(server));
        }
        return new CellReport(
                reply.getCellId(),
                reply.getFiles(),
                reply.getDirectories(),
                reply.getChunks(),
                reply.getChunksMissing(),
                reply.getChunksUnder(),
                reply.getChunksOver(),
                reply.getChunksOpen(),
                reply.getLogIndex(),
                reply.getCheckpointIndex(),
                reply.getUptimeMillis(),
                reply.getWallMillis(),
                reply.getSoftware(),
                counts(reply.getHealthList()),
                reply.getChunksSingle(),
                counts(reply.getCountsList()),
                servers,
                movement(reply.getMovement()),
                trash(reply.getTrash()),
                new QuotaHealth(reply.getQuotas(), reply.getQuotasFull()),
                limits(reply.getLimits()));
    }

    private static Movement movement(MovementReport movement) {
        return new Movement(
                movement.getMissingLost(),
                movement.getMissing(),
                movement.getLeaving(),
                movement.getNarrow(),
                movement.getQueued(),
                movement.getCopying(),
                movement.getCopyingMax(),
                movement.getCopied(),
                movement.getCopiedBytes(),
                movement.getCopiesFailed(),
                movement.getBytesPerSecond(),
                movement.getBalancing(),
                movement.getRemarksList());
    }

    private static TrashHealth trash(TrashReport trash) {
        return new TrashHealth(
                trash.getEntries(),
                trash.getFiles(),
                trash.getBytes(),
                trash.getExpiredFiles(),
                trash.getExpiredBytes());
    }

    static SortedMap<String, Long> counts(List<Count> counts) {
        SortedMap<String, Long> byName = new TreeMap<>();
        counts.forEach(count -> byName.merge(count.getName(), count.getValue(), Long::sum));
        return byName;
    }

    private static ServerHealth server(ServerReport server) throws CairnException {
        List<DiskHealth> disks = new ArrayList<>();
        for (DiskReport disk : server.getDisksList()) {
            disks.add(new DiskHealth(
                    disk.getPath(),
                    disk.getTotalBytes(),
                    disk.getUsableBytes(),
                    disk.getUsedBytes(),
                    disk.getChunks(),
                    disk.getState(),
                    disk.getDetail(),
                    disk.getFileSystem()));
        }
        return new ServerHealth(
                new ServerId(server.getMember().getServerId()),
                Core.address(server.getMember()),
                server.getMember().getRack(),
                server.getState(),
                server.getHeardMillisAgo(),
                server.getChunks(),
                server.getSoftware(),
                server.getDraining(),
                server.getBlocked(),
                server.getLeftBytes(),
                server.getClockAheadMillis(),
                server.getClockKnown(),
                server.getOrphans(),
                server.getDamaged(),
                disks);
    }
}
