package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.Limits;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ServerReport;

/** What operators are told of the cell. Changes nothing. */
final class ReportDesk {
    /** A field's number and length, at most. */
    private static final int LIST_ENTRY_BYTES = 8;

    private final MasterImage image;
    private final ClusterView view;

    ReportDesk(MasterImage image, ClusterView view) {
        this.image = image;
        this.view = view;
    }

    /** Looks at every chunk: a few milliseconds for each ten thousand. */
    ReportReply report(MasterInput.Report request, long nanos) {
        ReportReply.Builder reply = ReportReply.newBuilder()
                .setCellId(image.cellId())
                .setFiles(image.names().fileCount())
                .setDirectories(image.names().directoryCount() - 2)
                .setChunks(image.chunkCount())
                .setChunksOpen(image.openChunkCount())
                .setLogIndex(request.logIndex())
                .setCheckpointIndex(request.checkpointIndex())
                .setUptimeMillis(request.uptimeMillis());
        for (Chunk chunk : image.chunksAfter(new ChunkHandle(0))) {
            count(chunk, nanos, reply);
        }
        int bytes = 0;
        for (ServerState server : view.servers()) {
            if (!isReplaced(server, nanos)) {
                ServerReport its = server(server, nanos);
                bytes += its.getSerializedSize() + LIST_ENTRY_BYTES;
                if (bytes > Limits.MESSAGE_BYTES_MAX / 2) {
                    reply.setServersLeftOut(reply.getServersLeftOut() + 1);
                } else {
                    reply.addServers(its);
                }
            }
        }
        return reply.build();
    }

    private void count(Chunk chunk, long nanos, ReportReply.Builder reply) {
        int live = chunk.sealed() ? liveOfSealed(chunk, nanos) : liveMembers(chunk, nanos);
        int goal = view.goalOf(chunk.file());
        if (live == 0) {
            reply.setChunksMissing(reply.getChunksMissing() + 1);
        } else if (live < goal) {
            reply.setChunksUnder(reply.getChunksUnder() + 1);
        } else if (live > goal) {
            reply.setChunksOver(reply.getChunksOver() + 1);
        }
    }

    private int liveOfSealed(Chunk chunk, long nanos) {
        int live = 0;
        for (var replica : view.replicasOf(chunk.handle()).entrySet()) {
            boolean holds =
                    replica.getValue().getEstablished() == chunk.version().value();
            live += holds && view.isLive(replica.getKey(), nanos) ? 1 : 0;
        }
        return live;
    }

    private int liveMembers(Chunk chunk, long nanos) {
        int live = 0;
        for (ChunkMember member : chunk.members()) {
            live += view.isLive(member.server(), nanos) ? 1 : 0;
        }
        return live;
    }

    /** Came back at its address with an empty disk, and thereby as another server: nobody need look for it. */
    private boolean isReplaced(ServerState server, long nanos) {
        return !view.isLive(server.id, nanos)
                && view.servers().stream()
                        .anyMatch(other -> other.id.compareTo(server.id) > 0
                                && other.address.equals(server.address)
                                && view.isLive(other.id, nanos));
    }

    private ServerReport server(ServerState server, long nanos) {
        return ServerReport.newBuilder()
                .setMember(server.member())
                .setState(view.stateOf(server, nanos))
                .setHeardMillisAgo((nanos - (server.heard ? server.heardNanos : view.startNanos())) / 1_000_000)
                .addAllDisks(server.disks)
                .setChunks(server.replicas.size())
                .setSoftware(server.software)
                .build();
    }
}
