package cairn.client;

import cairn.rpc.Payload;
import cairn.wire.proto.MutationKind;
import java.util.List;

/**
 * One mutation of one producer, from its making to its answer: the thing that is applied exactly once. Its state belongs
 * to the {@link UnitPlan} that holds it.
 */
final class Unit {

    /** What is known of the mutation at the chunk where it is being tried. */
    enum State {
        /** Not applied, for certain: never sent here, or refused for good. */
        WAITING,
        /** Sent; the answer is on its way. */
        SENT,
        /** Sent once; may or may not be applied. */
        UNSURE,
        /** Not applied and never will be: the chunk is sealed. */
        REFUSED,
        /** Applied on every replica; {@link #fileOffset} is known. */
        DONE
    }

    final MutationKind kind;
    final long offset;
    final Payload payload;
    final int payloadSum;
    final List<Integer> pieceSums;

    boolean synced;

    /** Asked for: when it is applied, the chunk is to be sealed. */
    boolean seal;

    /** The chunk is sealed behind it, at this length; -1 when nobody has said so. */
    long sealedAt = -1;

    long sequence;
    State state = State.WAITING;
    long previous;
    long sentNanos;
    long fileOffset = -1;

    private Unit(MutationKind kind, long offset, Payload payload, int payloadSum, List<Integer> pieceSums) {
        this.kind = kind;
        this.offset = offset;
        this.payload = payload;
        this.payloadSum = payloadSum;
        this.pieceSums = pieceSums;
    }

    static Unit append(Payload payload, int payloadSum, boolean synced) {
        Unit unit = new Unit(MutationKind.APPEND, 0, payload, payloadSum, List.of());
        unit.synced = synced;
        return unit;
    }

    static Unit write(long offset, Payload payload, int payloadSum, List<Integer> pieceSums) {
        return new Unit(MutationKind.WRITE, offset, payload, payloadSum, pieceSums);
    }

    static Unit setLength(long length) {
        return new Unit(MutationKind.SET_LENGTH, length, Payload.empty(), 0, List.of());
    }

    static Unit sync() {
        return new Unit(MutationKind.SYNC, 0, Payload.empty(), 0, List.of());
    }

    /** Nothing may name a SYNC as its predecessor, because no chunk remembers one; so it travels alone. */
    boolean alone() {
        return kind == MutationKind.SYNC;
    }

    int bytes() {
        return payload.length();
    }
}
