package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.Limits;
import cairn.wire.proto.MovementReport;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ServerReport;
import cairn.wire.proto.TrashReport;

/** What operators are told of the cell. Changes nothing. */
final class ReportDesk {
    /** A field's number and length, at most. */
    private static final int LIST_ENTRY_BYTES = 8;

    private final MasterImage image;
    private final ClusterView view;
    private final Placement placement;
    private final CopyDesk copies;
    private final DrainDesk drains;

    ReportDesk(MasterCore.Desks desks, CopyDesk copies, DrainDesk drains) {
        this.image = desks.image();
        this.view = desks.view();
        this.placement = desks.placement();
        this.copies = copies;
        this.drains = drains;
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
                .setUptimeMillis(request.uptimeMillis())
                .setTrash(trash());
        countQuotas(reply);
        Health health = new Health();
        for (Chunk chunk : image.chunksAfter(new ChunkHandle(0))) {
            count(chunk, nanos, health);
        }
        copies.tell(health.movement, nanos);
        remarks(nanos, health);
        reply.setChunksMissing(health.none)
                .setChunksUnder(health.under)
                .setChunksOver(health.over)
                .setMovement(health.movement);
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

    private TrashReport trash() {
        TreeUse kept = image.useOf(Inode.TRASH);
        TreeUse expired = image.useOf(Inode.PURGE);
        return TrashReport.newBuilder()
                .setEntries(image.trash().size())
                .setFiles(kept.files())
                .setBytes(kept.bytes())
                .setExpiredFiles(expired.files())
                .setExpiredBytes(expired.bytes())
                .build();
    }

    private void countQuotas(ReportReply.Builder reply) {
        image.rulesAfter(Inode.NOWHERE).forEach((directory, rules) -> {
            if (rules.hasQuota()) {
                reply.setQuotas(reply.getQuotas() + 1);
                boolean full = rules.isFull(image.useOf(directory));
                reply.setQuotasFull(reply.getQuotasFull() + (full ? 1 : 0));
            }
        });
    }

    /** Of all chunks together. */
    private static final class Health {
        final MovementReport.Builder movement = MovementReport.newBuilder();
        long none;
        long under;
        long over;
        int goalMax;
    }

    private void count(Chunk chunk, long nanos, Health health) {
        int goal = view.goalOf(chunk);
        health.goalMax = Math.max(health.goalMax, goal);
        Census census = chunk.sealed() ? Census.of(chunk, view, nanos) : null;
        int live = census != null ? census.good() + census.unproven : liveMembers(chunk, nanos);
        MovementReport.Builder movement = health.movement;
        if (live == 0) {
            health.none++;
        } else if (live == 1 && goal > 1) {
            health.under++;
            movement.setMissingLost(movement.getMissingLost() + 1);
        } else if (live < goal) {
            health.under++;
            movement.setMissing(movement.getMissing() + 1);
        } else if (live > goal) {
            health.over++;
        }
        boolean leaving = census != null
                ? !census.leaving.isEmpty() && census.staying.size() + census.unproven < goal
                : view.stayingMembers(chunk) < Math.min(goal, chunk.members().size());
        movement.setLeaving(movement.getLeaving() + (leaving ? 1 : 0));
        boolean narrow = census != null && placement.isNarrow(census, nanos);
        movement.setNarrow(movement.getNarrow() + (narrow ? 1 : 0));
    }

    /** What cannot be as it should with the servers that there are. */
    private void remarks(long nanos, Health health) {
        int staying = 0;
        int roomy = 0;
        for (ServerState server : view.servers()) {
            boolean stays = view.isUsable(server.id, nanos) && !view.isLeaving(server.id);
            staying += stays ? 1 : 0;
            roomy += stays && placement.canTake(server, nanos) ? 1 : 0;
        }
        if (staying > 0 && staying < health.goalMax) {
            health.movement.addRemarks("%d chunkservers for files that want %d replicas: each chunk has %d at most"
                    .formatted(staying, health.goalMax, staying));
        }
        if (roomy < staying) {
            health.movement.addRemarks(
                    "%d of %d chunkservers have no room for another chunk".formatted(staying - roomy, staying));
        }
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
                .setDraining(view.isLeaving(server.id))
                .setBlocked(view.isLeaving(server.id) ? drains.obstacle(server, nanos) : "")
                .build();
    }
}
