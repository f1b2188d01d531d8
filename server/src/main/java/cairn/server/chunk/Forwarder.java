package cairn.server.chunk;

import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.model.Invariant;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.ReplyHandler;
import cairn.rpc.RpcException;
import cairn.wire.Method;
import cairn.wire.proto.Member;
import cairn.wire.proto.MutationEntryMessage;
import cairn.wire.proto.MutationKind;
import cairn.wire.proto.ReplicateReply;
import cairn.wire.proto.ReplicateRequest;

/**
 * Sends mutations to the member behind. A chunk's mutations always take the same connection, so they arrive in order.
 * The connection's number rises with the position in the chain: a thread that reads from hop n writes only to hop n + 1,
 * so servers that wait for each other's socket buffers never form a ring.
 */
final class Forwarder {

    /** Connections for each hop between two servers: enough that two busy chunks rarely share one. */
    private static final int STRIPES = 4;

    private static final long CONNECT_NANOS = 1_000_000_000L;

    private final Station station;

    Forwarder(Station station) {
        this.station = station;
    }

    /**
     * Sends one mutation on, if there is anybody behind. The payload stays the caller's. Blocks while the next server
     * does not read.
     *
     * @return false when it failed; the handler was told
     */
    boolean forward(
            LiveReplica live,
            Mutation mutation,
            long committedSerial,
            Payload payload,
            ReplyHandler<ReplicateReply> answer) {
        ReplicateRequest.Builder request = ReplicateRequest.newBuilder()
                .setSerial(mutation.serial())
                .setKind(wireKind(mutation.kind()))
                .setOffset(mutation.offset())
                .setNewLength(mutation.newLength())
                .setSynced(mutation.synced())
                .setCommittedSerial(committedSerial);
        for (MutationEntry entry : mutation.entries()) {
            request.addEntries(message(entry));
        }
        for (int sum : mutation.pieceSums()) {
            request.addPieceSums(sum);
        }
        return send(live, request, payload, answer);
    }

    /** Tells the members behind that the chunk is sealed. */
    boolean forwardSeal(LiveReplica live, long serial, long length, ReplyHandler<ReplicateReply> answer) {
        ReplicateRequest.Builder request = ReplicateRequest.newBuilder()
                .setSerial(serial)
                .setCommittedSerial(serial)
                .setNewLength(length)
                .setSeal(true);
        return send(live, request, Payload.empty(), answer);
    }

    private boolean send(
            LiveReplica live, ReplicateRequest.Builder request, Payload payload, ReplyHandler<ReplicateReply> answer) {
        Chain chain;
        live.lock.lock();
        try {
            chain = live.chain;
            request.setHandle(live.handle().value()).setVersion(live.version);
        } finally {
            live.lock.unlock();
        }
        Member next = chain.next();
        if (next == null) {
            return true;
        }
        int stripe = 1
                + chain.position() * STRIPES
                + (int) Long.remainderUnsigned(live.handle().value(), STRIPES);
        try {
            station.peers()
                    .get(Station.addressOf(next), stripe, station.deadlineIn(CONNECT_NANOS))
                    .callAsync(Method.REPLICATE, request.build(), payload.retain(), ReplicateReply.parser(), answer);
            return true;
        } catch (RpcException e) {
            station.met(Probe.MEMBER_UNREACHABLE);
            answer.failed(e);
            return false;
        }
    }

    private static MutationEntryMessage message(MutationEntry entry) {
        return MutationEntryMessage.newBuilder()
                .setProducer(entry.producer())
                .setSequence(entry.sequence())
                .setPrevious(entry.previous())
                .setAcknowledged(entry.acknowledgedThrough())
                .setOffset(entry.offset())
                .setLength(entry.length())
                .build();
    }

    static MutationKind wireKind(Mutation.Kind kind) {
        return switch (kind) {
            case WRITE -> MutationKind.WRITE;
            case APPEND -> MutationKind.APPEND;
            case SET_LENGTH -> MutationKind.SET_LENGTH;
            case SYNC -> MutationKind.SYNC;
        };
    }

    static Mutation.Kind kind(MutationKind kind) {
        return switch (kind) {
            case WRITE -> Mutation.Kind.WRITE;
            case APPEND -> Mutation.Kind.APPEND;
            case SET_LENGTH -> Mutation.Kind.SET_LENGTH;
            case SYNC -> Mutation.Kind.SYNC;
            case UNRECOGNIZED -> throw Invariant.unreachable("checked before");
        };
    }
}
