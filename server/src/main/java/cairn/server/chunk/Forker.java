package cairn.server.chunk;

import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.store.CorruptReplica;
import cairn.store.Replica;
import cairn.store.ReplicaImport;
import cairn.wire.proto.ForkReply;
import cairn.wire.proto.ForkRequest;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a sealed replica to be that of another chunk, on the same disk (GFS 3.4; docs/decisions/0008). No byte crosses the
 * network, and where the file system can share blocks, none is copied.
 */
final class Forker {
    private static final Logger LOG = LoggerFactory.getLogger(Forker.class);

    /** For the primary of a chunk that the master knows to be sealed: its sealer is about to note that. */
    private static final long SEAL_NANOS = 3_000_000_000L;

    private static final long NAP_NANOS = 20_000_000L;

    private final Station station;
    private final VersionDuty versions;

    Forker(Station station, VersionDuty versions) {
        this.station = station;
        this.versions = versions;
    }

    /** FORK: answers when the copy is durable. A thread of its own. */
    void fork(Call call) throws IOException {
        ForkRequest request = call.message(ForkRequest.parser());
        station.door().check(request);
        ChunkHandle fork = new ChunkHandle(request.getFork());
        if (!station.holdings().beginCopy(request.getFork())) {
            throw new CairnException(ErrorCode.CONFLICT, fork + " is being copied here already");
        }
        try {
            LiveReplica there = station.holdings().find(request.getFork());
            if (there == null) {
                there = copyInPlace(request, fork);
            } else {
                station.met(Probe.FORKED_TWICE);
                needAsSaid(there, request);
            }
            call.reply(ForkReply.newBuilder().setReplica(there.report()).build());
        } finally {
            station.holdings().endCopy(request.getFork());
        }
    }

    /** While it is copied, it is not moved to another disk. */
    private LiveReplica copyInPlace(ForkRequest request, ChunkHandle fork) throws IOException {
        long deadline = station.deadlineIn(SEAL_NANOS);
        while (!station.holdings().beginCopy(request.getHandle())) {
            if (station.world().time().nanos() > deadline) {
                throw new CairnException(
                        ErrorCode.CONFLICT, new ChunkHandle(request.getHandle()) + " is being copied here");
            }
            station.world().time().sleep(NAP_NANOS);
        }
        try {
            return copy(request, fork);
        } finally {
            station.holdings().endCopy(request.getHandle());
        }
    }

    private LiveReplica copy(ForkRequest request, ChunkHandle fork) throws IOException {
        LiveReplica source = station.holdings().find(request.getHandle());
        if (source == null) {
            throw new CairnException(
                    ErrorCode.NO_SUCH_CHUNK, "no replica of " + new ChunkHandle(request.getHandle()) + " here");
        }
        hearOfSeal(source, request);
        needAsSaid(source, request);
        check(source, request.getLength());
        Holdings.Arriving arriving = station.holdings().importBeside(source, fork);
        try (ReplicaImport copy = arriving.copy()) {
            copy.copyOf(source.stored);
            ProducerTable table = source.stored.producers();
            long serial = needAsSaid(source, request).serial(); // a change would have raised its fence first
            Replica whole = copy.finish(new ChunkVersion(request.getVersion()), serial, true, table);
            LOG.info("forked {} from {}, {} bytes", fork, source.handle(), request.getLength());
            return station.holdings().add(whole, arriving.disk());
        }
    }

    /** Copied damage would be damage of two chunks, and of the new one nobody who is away now has a good replica. */
    private void check(LiveReplica source, long length) throws IOException {
        try {
            station.verifyThrough(source.stored::read, length);
        } catch (CorruptReplica e) {
            station.met(Probe.FORK_FOUND_DAMAGE);
            station.masterLink().corrupt(source, "found when it was to be copied: " + e.getMessage());
            throw e;
        }
    }

    /** The order says that the chunk is sealed, which this replica may not have heard yet. */
    private void hearOfSeal(LiveReplica source, ForkRequest request) throws IOException {
        long deadline = station.deadlineIn(SEAL_NANOS);
        source.lock.lock();
        try {
            boolean early = true;
            while (early && source.role == Role.PRIMARY && source.version == request.getVersion()) {
                early = station.world().time().await(source.lock, source.changed, deadline);
            }
        } finally {
            source.lock.unlock();
        }
        if (!source.stored.state().sealed()) {
            station.met(Probe.FORK_TELLS_OF_SEAL);
            versions.noteSeal(source, request.getVersion(), request.getLength());
            station.masterLink().changed(source);
        }
    }

    private ReplicaState needAsSaid(LiveReplica live, ForkRequest request) throws CairnException {
        ReplicaState state = live.stored.state();
        boolean same = LiveReplica.sealedAndGood(state)
                && state.established().value() == request.getVersion()
                && state.length() == request.getLength()
                && !station.masterLink().isLost(live.handle().value());
        if (!same) {
            station.met(Probe.FORK_OF_ANOTHER_VERSION);
            throw new CairnException(
                    ErrorCode.NOT_SERVING,
                    "%s is not sealed and good under version %d with %d bytes here: %s"
                            .formatted(live.handle(), request.getVersion(), request.getLength(), state));
        }
        return state;
    }
}
