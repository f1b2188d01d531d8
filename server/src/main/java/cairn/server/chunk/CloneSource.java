package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.chunk.ProducerTable;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.wire.Method;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.StateReply;
import cairn.wire.proto.StateRequest;
import java.io.IOException;

/** Another server that holds the chunk to be copied, as one CLONE sees it. One thread. */
final class CloneSource {
    private static final long STEP_NANOS = 5_000_000_000L;

    /** A source whose disk is busy with clients lets copies wait for their turn; one that hangs is found out by its pulse. */
    private static final long TURN_NANOS = 30_000_000_000L;

    private final Station station;
    private final CloneRequest request;
    private final Member server;
    private final Throttle pace;
    private long moved;

    /** @param pace that of this copy, as the master wants it */
    CloneSource(Station station, CloneRequest request, Member server, Throttle pace) {
        this.station = station;
        this.request = request;
        this.server = server;
        this.pace = pace;
    }

    /** What the source holds. */
    record State(ReplicaReport replica, BlockSums sums, ProducerTable table) {}

    /** Bytes that came to be used, and the source's committed length when it sent them. */
    interface Taker {
        void take(Payload bytes, PieceSums sums, long committed) throws IOException;
    }

    /** @throws RpcException also when it does not hold what the request says */
    State state() throws RpcException, CairnException {
        StateRequest ask = StateRequest.newBuilder()
                .setHandle(request.getHandle())
                .setVersion(request.getVersion())
                .setAnyVersion(true)
                .build();
        Reply<StateReply> reply = station.peers()
                .call(
                        Station.addressOf(server),
                        Method.STATE,
                        ask,
                        Payload.empty(),
                        StateReply.parser(),
                        station.deadlineIn(STEP_NANOS));
        try {
            ReplicaReport replica = reply.message().getReplica();
            BlockSums sums = Leader.sums(reply, station.geometry().blockBytes());
            boolean same = replica.getEstablished() == request.getVersion()
                    && (request.getOpen() || sums.length() == request.getLength());
            if (!same) {
                station.met(Probe.COPY_SOURCE_DIFFERS);
                throw new RpcException(
                        ErrorCode.NOT_SERVING, "it holds another version or length", server.getServerId());
            }
            boolean tells = station.options().keeps(Rule.CLONE_PRODUCERS);
            return new State(replica, sums, tells ? Leader.table(reply) : new ProducerTable());
        } finally {
            reply.release();
        }
    }

    /** Reads committed bytes, fewer than {@code most} at the end of what is committed; gives them to {@code taker} verified, for disk {@code to}. */
    void read(HeldDisk to, long offset, long most, Taker taker) throws IOException {
        station.await(Math.min(Limits.TRANSFER_BYTES, most), station.copies(), pace, station.traffic(), to.traffic);
        ReadRequest read = ReadRequest.newBuilder()
                .setHandle(request.getHandle())
                .setVersion(request.getVersion())
                .setOffset(offset)
                .setLength((int) Math.min(Limits.TRANSFER_BYTES, most))
                .setCopying(true)
                .build();
        Reply<ReadReply> reply = station.peers()
                .call(
                        Station.addressOf(server),
                        Method.READ,
                        read,
                        Payload.empty(),
                        ReadReply.parser(),
                        station.deadlineIn(TURN_NANOS));
        try {
            PieceSums sums = PieceSums.of(
                    reply.payload().buffer(), offset, station.geometry().blockBytes());
            if (!sums.equalTo(reply.message().getPieceSumsList())) {
                station.met(Probe.COPY_DAMAGED);
                throw new RpcException(
                        ErrorCode.BAD_CHECKSUM, "its bytes at " + offset + " came damaged", server.getServerId());
            }
            moved += reply.payload().length();
            taker.take(reply.payload(), sums, reply.message().getCommitted());
        } finally {
            reply.release();
        }
    }

    /** Bytes read so far. */
    long moved() {
        return moved;
    }

    @Override
    public String toString() {
        return server.getAddress();
    }
}
