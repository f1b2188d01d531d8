package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.RpcException;
import cairn.store.Replica;
import cairn.store.ReplicaImport;
import cairn.wire.proto.CloneReply;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.Member;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies chunks from other servers (GFS 4.3; docs/decisions/0005). A first copy is hidden until it is on disk; what broke off
 * stays as a replica that has established nothing, and the next try goes on from there. A replica that is there already is
 * made equal block by block. Of a chunk that is being written, the copy is what was committed when it was read: a version
 * that includes this server makes it complete.
 */
final class Cloner {
    private static final Logger LOG = LoggerFactory.getLogger(Cloner.class);

    private final Station station;
    private final VersionDuty versions;

    Cloner(Station station, VersionDuty versions) {
        this.station = station;
        this.versions = versions;
    }

    /** CLONE: answers when the copy is durable. A thread of its own. */
    void copy(Call call) throws IOException {
        CloneRequest request = call.message(CloneRequest.parser());
        station.door().check(request);
        ChunkHandle handle = new ChunkHandle(request.getHandle());
        if (!station.holdings().beginCopy(request.getHandle())) {
            met(Probe.COPY_UNDER_WAY);
            throw new CairnException(ErrorCode.CONFLICT, handle + " is being copied here already");
        }
        try {
            if (station.masterLink().isLost(request.getHandle())) {
                met(Probe.BAD_REPLICA_REPLACED);
                station.holdings().quarantine(request.getHandle(), "found bad, and copied anew");
                station.masterLink().dropped(request.getHandle());
            }
            call.reply(copyFromAny(request, handle));
        } finally {
            station.holdings().endCopy(request.getHandle());
        }
    }

    private CloneReply copyFromAny(CloneRequest request, ChunkHandle handle) throws IOException {
        IOException last = new CairnException(ErrorCode.NO_REPLICA, "no source of " + handle + " was named");
        Throttle pace = new Throttle(station.world().time(), rateOf(request));
        for (Member member : request.getSourcesList()) {
            CloneSource source = new CloneSource(station, request, member, pace);
            try {
                LiveReplica live = station.holdings().find(request.getHandle());
                if (request.getOpen()) {
                    met(Probe.COPIED_WHILE_WRITTEN);
                }
                if (live == null) {
                    live = importFrom(source, request, handle);
                } else {
                    refresh(live, source, request);
                }
                LOG.info("copied {} from {}: {} bytes moved", handle, source, source.moved());
                return CloneReply.newBuilder()
                        .setReplica(live.report())
                        .setMoved(source.moved())
                        .build();
            } catch (RpcException e) {
                met(Probe.COPY_SOURCE_FAILED);
                LOG.warn("cannot copy {} from {}: {}", handle, source, e.getMessage());
                last = e;
            }
        }
        throw last;
    }

    private static long rateOf(CloneRequest request) {
        return request.getBytesPerSecondMax() == 0 ? Long.MAX_VALUE : request.getBytesPerSecondMax();
    }

    private void met(Probe probe) {
        station.world().witness().met(probe);
    }

    // ---- a first copy

    private LiveReplica importFrom(CloneSource source, CloneRequest request, ChunkHandle handle) throws IOException {
        CloneSource.State state = source.state();
        ChunkVersion version = new ChunkVersion(request.getVersion());
        Holdings.Arriving arriving = station.holdings().importReplica(handle);
        try (ReplicaImport copy = arriving.copy()) {
            try {
                fill(arriving, source, request);
            } catch (RpcException e) {
                if (copy.length() > 0) {
                    met(Probe.COPY_BROKE_OFF);
                    station.holdings().add(copy.finishUnproven(version), arriving.disk());
                }
                throw e;
            }
            if (request.getOpen()) {
                return station.holdings().add(copy.finishUnproven(version), arriving.disk());
            }
            Replica whole = copy.finish(version, state.replica().getSerial(), true, state.table());
            LiveReplica live = station.holdings().add(whole, arriving.disk());
            station.holdings().discardQuarantined(handle);
            return live;
        }
    }

    /** Of an open chunk: until little was committed since the last read, which is what reconciliation is for. */
    private static void fill(Holdings.Arriving arriving, CloneSource source, CloneRequest request) throws IOException {
        ReplicaImport copy = arriving.copy();
        boolean[] more = {request.getOpen() || request.getLength() > 0};
        while (more[0]) {
            long most = request.getOpen() ? Limits.TRANSFER_BYTES : request.getLength() - copy.length();
            source.read(arriving.disk(), copy.length(), most, (bytes, sums, committed) -> {
                copy.write(bytes.buffer(), sums.sums());
                long end = request.getOpen() ? committed : request.getLength();
                more[0] = bytes.length() > 0 && copy.length() < end;
            });
        }
        if (!request.getOpen() && copy.length() < request.getLength()) {
            throw new RpcException(ErrorCode.NOT_SERVING, "it has only %d bytes of it".formatted(copy.length()), 0);
        }
    }

    // ---- what is there is made equal

    private void refresh(LiveReplica live, CloneSource source, CloneRequest request) throws IOException {
        ChunkVersion version = new ChunkVersion(request.getVersion());
        CloneSource.State state = source.state();
        met(Probe.OLD_REPLICA_MENDED);
        versions.takeFence(live, version);
        BlockSums theirs = state.sums();
        BlockSums own = live.stored.blockSums();
        if (own.length() > theirs.length()) {
            versions.changeOutside(live, version, () -> live.stored.cut(theirs.length()));
            own = live.stored.blockSums();
        }
        List<Integer> missing = theirs.missingIn(own);
        int at = 0;
        while (at < missing.size()) {
            at = fetchRun(live, source, new Run(version, theirs, missing, at));
        }
        if (!request.getOpen()) {
            versions.completeSealed(live, version, state);
            station.holdings().discardQuarantined(live.handle());
        }
        station.masterLink().changed(live);
    }

    /** Blocks still to be fetched, from {@code at} in {@code missing} on. */
    private record Run(ChunkVersion version, BlockSums theirs, List<Integer> missing, int at) {

        int first() {
            return missing.get(at);
        }

        /** How many follow each other and fit one transfer. */
        int count() {
            int count = 1;
            int most = Math.max(1, Limits.TRANSFER_BYTES / theirs.blockBytes());
            while (at + count < missing.size() && missing.get(at + count) == first() + count && count < most) {
                count++;
            }
            return count;
        }
    }

    private int fetchRun(LiveReplica live, CloneSource source, Run run) throws IOException {
        int size = run.theirs().blockBytes();
        long offset = (long) run.first() * size;
        long end =
                Math.min((long) (run.first() + run.count()) * size, run.theirs().length());
        source.read(live.disk, offset, end - offset, (bytes, sums, committed) -> {
            long reached = offset + bytes.length();
            boolean whole =
                    reached % size == 0 || reached >= live.stored.state().length();
            if (bytes.length() > 0 && whole) { // otherwise a cut crossed it, and reconciliation sees to it
                versions.changeOutside(
                        live, run.version(), () -> live.stored.repairBlocks(offset, bytes.buffer(), sums.sums()));
            }
        });
        return run.at() + run.count();
    }
}
