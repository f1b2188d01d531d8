package cairn.server.chunk;

import cairn.chunk.Crc32cCombine;
import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.model.ErrorCode;
import cairn.model.proof.Witness;
import cairn.rpc.Payload;
import cairn.rpc.PayloadPool;
import cairn.wire.proto.MutateReply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrivals that share one serial: one replicated write (several only when all are appends). Made by {@link
 * PrimaryDuty}; waits in the pipeline until it is committed.
 */
final class Batch implements Inflight {

    private final Mutation.Kind kind;
    private final long offset;
    private final long newLength;
    private final List<Arrival> arrivals;
    private final List<MutationEntry> entries;
    private final int bytes;
    private final long begunAtNanos;

    Batch(Mutation.Kind kind, long offset, long newLength, List<Arrival> arrivals, long nowNanos) {
        this.kind = kind;
        this.offset = offset;
        this.newLength = newLength;
        this.arrivals = arrivals;
        this.begunAtNanos = nowNanos;
        this.entries = new ArrayList<>(arrivals.size());
        int at = 0;
        for (Arrival arrival : arrivals) {
            entries.add(entry(arrival, offset + at));
            at += arrival.bytes();
        }
        this.bytes = at;
    }

    private MutationEntry entry(Arrival arrival, long at) {
        var request = arrival.request();
        int length = kind == Mutation.Kind.SET_LENGTH ? (int) newLength : arrival.bytes();
        return new MutationEntry(
                request.getProducer(),
                request.getSequence(),
                request.getPrevious(),
                request.getAcknowledged(),
                at,
                length);
    }

    Mutation mutation(long serial, int[] pieceSums) {
        return new Mutation(serial, kind, offset, bytes, newLength, entries, pieceSums, synced());
    }

    /** Whether somebody wants it on disk. */
    boolean synced() {
        return kind == Mutation.Kind.SYNC
                || arrivals.stream().anyMatch(arrival -> arrival.request().getSynced());
    }

    long offset() {
        return offset;
    }

    long newLength() {
        return newLength;
    }

    /** Says which requests these are. */
    Witness.Acknowledged acknowledged() {
        long mixed = 0;
        for (MutationEntry entry : entries) {
            mixed = (mixed ^ entry.producer()) * 0x9e3779b97f4a7c15L + entry.sequence();
        }
        return new Witness.Acknowledged(mixed, synced());
    }

    /** For the watch on silent members. */
    long begunAtNanos() {
        return begunAtNanos;
    }

    /** The bytes of all arrivals in one payload, which the caller releases; the arrivals' own are given up. */
    Payload takePayload(PayloadPool pool) {
        if (arrivals.size() == 1) {
            return arrivals.get(0).payload();
        }
        Payload joined = pool.takeNow(bytes);
        ByteBuffer into = joined.buffer();
        for (Arrival arrival : arrivals) {
            into.put(arrival.payload().buffer());
            arrival.payload().release();
        }
        return joined;
    }

    /**
     * Whether the sums of the pieces say the same as the clients did. Sums are combined, never taken from bytes that
     * nobody has vouched for.
     */
    boolean vouchedFor(PieceSums pieces) {
        return switch (kind) {
            case APPEND -> pieces.total() == claimedTotal();
            case WRITE -> pieces.equalTo(arrivals.get(0).request().getPieceSumsList());
            case SET_LENGTH, SYNC -> true;
        };
    }

    private int claimedTotal() {
        int sum = 0;
        for (Arrival arrival : arrivals) {
            sum = Crc32cCombine.combine(sum, arrival.request().getPayloadSum(), arrival.bytes());
        }
        return sum;
    }

    /**
     * Tells every client where its bytes are, but those that want the chunk sealed: they are left to the caller.
     *
     * @return who was not told, and the answer but for the seal
     */
    List<LiveReplica.Echo> committed(long serial, long committedLength) {
        List<LiveReplica.Echo> sealing = List.of();
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival arrival = arrivals.get(i);
            MutateReply reply = MutateReply.newBuilder()
                    .setOffset(entries.get(i).offset())
                    .setCommitted(committedLength)
                    .build();
            if (arrival.request().getSeal()) {
                sealing = sealing.isEmpty() ? new ArrayList<>(1) : sealing;
                sealing.add(new LiveReplica.Echo(serial, arrival.call(), reply));
            } else {
                arrival.call().reply(reply);
            }
        }
        return sealing;
    }

    @Override
    public void abandoned(ErrorCode code, String reason) {
        arrivals.forEach(arrival -> arrival.call().fail(code, reason, 0));
    }
}
