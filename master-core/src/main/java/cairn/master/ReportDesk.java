package cairn.master;

import cairn.model.Amount;
import cairn.model.ChunkHandle;
import cairn.model.Limits;
import cairn.model.Software;
import cairn.wire.proto.Count;
import cairn.wire.proto.MovementReport;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ServerReport;
import cairn.wire.proto.TrashReport;
import java.util.EnumMap;

/** What operators are told of the cell. Changes nothing. */
final class ReportDesk {
    /** A field's number and length, at most. */
    private static final int LIST_ENTRY_BYTES = 8;

    /** Up to so many chunks are judged anew; of more, it is told how they stood when repair looked at them last. */
    private static final int JUDGED_MAX = 50_000;

    private final MasterImage image;
    private final ClusterView view;
    private final Placement placement;
    private final Doing doing;
    private final Judgement judgement;

    /** What judges chunks, remembers how they stood, and counts what has happened. */
    record Judgement(Standings standings, HealthBook book, Counts counts) {}

    /** What is done about chunks and servers, and how much of it at a time. */
    record Doing(CopyDesk copies, DrainDesk drains, BalanceDesk balance, LimitsDesk limits) {}

    ReportDesk(MasterCore.Desks desks, Doing doing, Judgement judgement) {
        this.image = desks.image();
        this.view = desks.view();
        this.placement = desks.placement();
        this.doing = doing;
        this.judgement = judgement;
    }

    ReportReply report(MasterInput.Report request, Turn.Draft turn) {
        long nanos = turn.nanos();
        ReportReply.Builder reply = ReportReply.newBuilder()
                .setCellId(image.cellId())
                .setFiles(image.names().fileCount())
                .setDirectories(image.names().directoryCount() - 2)
                .setChunks(image.chunkCount())
                .setChunksOpen(image.openChunkCount())
                .setLogIndex(request.logIndex())
                .setCheckpointIndex(request.checkpointIndex())
                .setUptimeMillis(request.uptimeMillis())
                .setTrash(trash())
                .setWallMillis(turn.millis())
                .setSoftware(Software.NAME);
        for (Counted each : Counted.values()) {
            reply.addCounts(count(each.word(), judgement.counts().of(each)));
        }
        countQuotas(reply);
        Health health = new Health();
        if (image.chunkCount() <= JUDGED_MAX) {
            for (Chunk chunk : image.chunksAfter(new ChunkHandle(0))) {
                count(chunk, nanos, health);
            }
        } else {
            countRemembered(health);
        }
        doing.copies().tell(health.movement, nanos);
        health.movement.setBalancing(doing.balance().isBalancing());
        reply.setLimits(doing.limits().reply());
        remarks(nanos, health);
        health.classes.forEach((each, chunks) -> reply.addHealth(count(each.word(), chunks)));
        reply.setChunksMissing(health.of(ChunkHealth.MISSING) + health.of(ChunkHealth.CORRUPT))
                .setChunksUnder(health.of(ChunkHealth.UNDER))
                .setChunksOver(health.of(ChunkHealth.OVER))
                .setChunksSingle(health.movement.getMissingLost())
                .setMovement(health.movement);
        int bytes = 0;
        for (ServerState server : view.servers()) {
            if (!view.isReplaced(server, nanos)) {
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
        final EnumMap<ChunkHealth, Long> classes = new EnumMap<>(ChunkHealth.class);
        int goalMax;

        Health() {
            for (ChunkHealth each : ChunkHealth.values()) {
                classes.put(each, 0L);
            }
        }

        long of(ChunkHealth each) {
            return classes.getOrDefault(each, 0L);
        }
    }

    private void count(Chunk chunk, long nanos, Health health) {
        Standing standing = judgement.standings().of(chunk, nanos);
        health.goalMax = Math.max(health.goalMax, standing.goal());
        health.classes.merge(standing.health(), 1L, Long::sum);
        MovementReport.Builder movement = health.movement;
        movement.setMissingLost(movement.getMissingLost() + (standing.isSingle() ? 1 : 0));
        boolean missing = standing.health() == ChunkHealth.UNDER && !standing.isSingle();
        movement.setMissing(movement.getMissing() + (missing ? 1 : 0));
        movement.setLeaving(movement.getLeaving() + (standing.isLeaving() ? 1 : 0));
        movement.setNarrow(movement.getNarrow() + (standing.oneRack() ? 1 : 0));
    }

    /** What repair saw when it looked at each chunk last; how many are leaving is in the queue. */
    private void countRemembered(Health health) {
        HealthBook book = judgement.book();
        for (ChunkHealth each : ChunkHealth.values()) {
            health.classes.put(each, book.total(each));
        }
        health.classes.put(ChunkHealth.HEALTHY, image.chunkCount() - book.unhealthy());
        health.movement
                .setMissingLost(book.single())
                .setMissing(Math.max(0, book.total(ChunkHealth.UNDER) - book.single()))
                .setNarrow(book.total(ChunkHealth.MISPLACED));
    }

    /** What cannot be as it should with the servers that there are. */
    private void remarks(long nanos, Health health) {
        int staying = 0;
        int drained = 0;
        int roomy = 0;
        for (ServerState server : view.servers()) {
            boolean here = view.isUsable(server.id, nanos);
            boolean stays = here && !view.isLeaving(server.id);
            staying += stays ? 1 : 0;
            drained += here && !stays ? 1 : 0;
            roomy += stays && placement.canTake(server, nanos) ? 1 : 0;
        }
        if (staying > 0 && staying < health.goalMax) {
            health.movement.addRemarks("%s%s for files that want %s: each chunk has %d there at most"
                    .formatted(
                            Amount.of(staying, "chunkserver"),
                            drained == 0 ? "" : ", not counting " + drained + " being drained,",
                            Amount.of(health.goalMax, "replica"),
                            staying));
        }
        if (roomy < staying) {
            health.movement.addRemarks("%d of %s no room for another chunk"
                    .formatted(staying - roomy, Amount.of(staying, "chunkserver has", "chunkservers have")));
        }
    }

    private static Count count(String name, long value) {
        return Count.newBuilder().setName(name).setValue(value).build();
    }

    private ServerReport server(ServerState server, long nanos) {
        boolean leaving = view.isLeaving(server.id);
        return ServerReport.newBuilder()
                .setMember(server.member())
                .setState(view.stateOf(server, nanos))
                .setHeardMillisAgo(view.heardMillisAgo(server, nanos))
                .addAllDisks(server.disks())
                .setChunks(server.replicas.size())
                .setSoftware(server.software)
                .setDraining(leaving)
                .setBlocked(leaving ? doing.drains().obstacle(server, nanos) : "")
                .setLeftBytes(leaving ? doing.drains().bytesLeft(server) : 0)
                .setClockAheadMillis(server.clockAheadMillis)
                .setClockKnown(server.clockKnown)
                .setOrphans(server.orphans.size())
                .setDamaged(server.damaged.size())
                .build();
    }
}
