package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.chunk.ProducerTable;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.store.ReplicaImport;
import cairn.wire.Method;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.StateReply;
import cairn.wire.proto.StateRequest;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies sealed chunks from other servers (GFS 4.3). The copy is hidden until it is whole and on disk. */
final class Cloner {
    private static final Logger LOG = LoggerFactory.getLogger(Cloner.class);

    private static final long STEP_NANOS = 5_000_000_000L;

    private final Station station;

    Cloner(Station station) {
        this.station = station;
    }

    /** CLONE: answers when the copy is complete and durable. A thread of its own. */
    void copy(Call call) throws IOException {
        CloneRequest request = call.message(CloneRequest.parser());
        ChunkHandle handle = new ChunkHandle(request.getHandle());
        if (station.masterLink().isLost(request.getHandle())) {
            station.holdings().quarantine(request.getHandle(), "found bad, and copied anew");
            station.masterLink().dropped(request.getHandle());
        }
        if (station.holdings().find(request.getHandle()) != null) {
            throw new CairnException(ErrorCode.CONFLICT, handle + " has a replica here already");
        }
        IOException last = new CairnException(ErrorCode.NO_REPLICA, "no source of " + handle + " was named");
        for (Member source : request.getSourcesList()) {
            try {
                copyFrom(source, request, handle);
                call.reply(Empty.getDefaultInstance());
                return;
            } catch (RpcException e) {
                LOG.warn("cannot copy {} from {}: {}", handle, source.getAddress(), e.getMessage());
                last = e;
            }
        }
        throw last;
    }

    private void copyFrom(Member source, CloneRequest request, ChunkHandle handle) throws IOException {
        ProducerTable table;
        long serial;
        Reply<StateReply> state = station.peers()
                .call(
                        Station.addressOf(source),
                        Method.STATE,
                        StateRequest.newBuilder()
                                .setHandle(request.getHandle())
                                .setVersion(request.getVersion())
                                .setAnyVersion(true)
                                .build(),
                        Payload.empty(),
                        StateReply.parser(),
                        station.deadlineIn(STEP_NANOS));
        try {
            BlockSums sums = Leader.sums(state, station.geometry().blockBytes());
            if (sums.length() != request.getLength()
                    || state.message().getReplica().getEstablished() != request.getVersion()) {
                throw new RpcException(
                        ErrorCode.NOT_SERVING, "it holds another version or length of " + handle, source.getServerId());
            }
            table = Leader.table(state);
            serial = state.message().getReplica().getSerial();
        } finally {
            state.release();
        }
        try (ReplicaImport copy = station.holdings().importReplica(handle)) {
            while (copy.length() < request.getLength()) {
                fetch(source, request, copy);
            }
            station.holdings().add(copy.finish(new ChunkVersion(request.getVersion()), serial, true, table));
        }
        station.holdings().discardQuarantined(handle);
        LOG.info("copied {} ({} bytes) from {}", handle, request.getLength(), source.getAddress());
    }

    private void fetch(Member source, CloneRequest request, ReplicaImport copy) throws IOException {
        long offset = copy.length();
        ReadRequest read = ReadRequest.newBuilder()
                .setHandle(request.getHandle())
                .setVersion(request.getVersion())
                .setOffset(offset)
                .setLength((int) Math.min(Limits.TRANSFER_BYTES, request.getLength() - offset))
                .build();
        Reply<ReadReply> reply = station.peers()
                .call(
                        Station.addressOf(source),
                        Method.READ,
                        read,
                        Payload.empty(),
                        ReadReply.parser(),
                        station.deadlineIn(STEP_NANOS));
        try {
            PieceSums sums = PieceSums.of(
                    reply.payload().buffer(), offset, station.geometry().blockBytes());
            if (reply.payload().length() == 0 || !sums.equalTo(reply.message().getPieceSumsList())) {
                throw new RpcException(
                        ErrorCode.BAD_CHECKSUM, "its bytes at " + offset + " came damaged", source.getServerId());
            }
            copy.write(reply.payload().buffer(), sums.sums());
        } finally {
            reply.release();
        }
    }
}
