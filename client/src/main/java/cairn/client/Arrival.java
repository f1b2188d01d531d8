package cairn.client;

import cairn.client.Hedges.Kind;
import cairn.client.Hedges.Sent;
import cairn.client.Reading.Piece;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcStream;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReadReply;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a read that was asked for ahead, as it arrives: received by the thread that reads the file, block by block, each
 * checked while the processor still has it at hand. Hedged as other reads are (docs/decisions/0012): when the answer is not whole
 * in time and nothing is there, another replica is asked for the rest, and its good answer closes the stream. One thread.
 */
final class Arrival implements RpcStream.Waiting {

    /** Received, then checked, at a time: what the processor keeps near itself. */
    private static final int STEP_BYTES = 256 << 10;

    /** A read that was sent ahead. */
    record Asked(Located chunk, Member member, long from, int length, RpcStream stream, long call) {
        long until() {
            return from + length;
        }
    }

    private final Core core;
    private final Reading reading;
    private final Asked asked;
    private final int block;
    private final long delayNanos;
    private List<Integer> sums = List.of();
    private long committed;
    private long at;
    private int left;
    private long deadlineNanos;
    private long stepBeganNanos;
    private long waitedNanos;
    private boolean mayHedge = true;
    private @Nullable Sent other;
    private long otherFrom;

    /** Guards {@link #over}: the other answer comes on a thread of its own. */
    private final ReentrantLock end = new ReentrantLock();

    /** The stream may be somebody else's from now on. */
    private boolean over;

    Arrival(Core core, Reading reading, Asked asked) {
        this.core = core;
        this.reading = reading;
        this.asked = asked;
        this.block = core.geometry().blockBytes();
        this.at = asked.from();
        this.delayNanos = core.hedges.delayNanos(Kind.AHEAD);
    }

    /** Of the next byte, in the file. */
    long at() {
        return at;
    }

    /** Behind what the chunk had committed, in the file. */
    long end() {
        return asked.chunk().offset() + committed;
    }

    boolean isOver() {
        return left == 0;
    }

    boolean isHedged() {
        return other != null;
    }

    /** Waits for its beginning. All of it, when it has come before its turn. */
    @Nullable
    Piece begin(long deadline) throws CairnException {
        beginStep(deadline);
        RpcStream.Answer<ReadReply> answer = asked.stream().await(asked.call(), ReadReply.parser(), this);
        endStep();
        Payload early = answer.payload();
        if (early != null) {
            Reply<ReadReply> reply = new Reply<>(answer.message(), early);
            Piece piece = reading.checked(asked.chunk(), asked.member(), asked.from(), asked.length(), reply);
            settle();
            return nonEmpty(piece);
        }
        sums = answer.message().getPieceSumsList();
        committed = answer.message().getCommitted();
        left = answer.payloadBytes();
        long offset = at - asked.chunk().offset();
        long pieces = (offset + left - 1) / block - offset / block + 1;
        if (left < asked.length()) {
            asked.stream().close(); // what there is of it is read anew, with the rest
            throw endedEarly();
        }
        if (pieces != sums.size()) {
            throw damaged("the wrong number of checksums");
        }
        return null;
    }

    private static Piece nonEmpty(Piece piece) throws CairnException {
        if (piece.bytes().length() == 0) {
            throw endedEarly();
        }
        return piece;
    }

    private static CairnException endedEarly() {
        return new CairnException(ErrorCode.STALE_VERSION, "the chunk ended before its time");
    }

    /** Puts checked blocks into {@code into}, for as long as there is room for a whole one. */
    void receive(ByteBuffer into, long deadline) throws CairnException {
        for (int bytes = step(into.remaining()); bytes > 0; bytes = step(into.remaining())) {
            ByteBuffer part = into.slice(into.position(), bytes);
            beginStep(deadline);
            asked.stream().receive(part, this);
            endStep();
            check(part.flip());
            into.position(into.position() + bytes);
            at += bytes;
            left -= bytes;
        }
        if (left == 0) {
            settle();
        }
    }

    /** As many whole blocks as there is room for, or the rest of the answer. */
    private int step(int room) {
        long offset = at - asked.chunk().offset();
        int first = (int) Math.min(left, block - offset % block);
        if (first > room) {
            return 0;
        }
        int most = Math.min(left, Math.max(first, Math.min(room, STEP_BYTES)));
        return most == left ? most : most - (int) ((offset + most) % block);
    }

    private void check(ByteBuffer part) throws CairnException {
        long offset = at - asked.chunk().offset();
        int first = (int) (offset / block - (asked.from() - asked.chunk().offset()) / block);
        int behind = (int) ((offset + part.remaining() - 1) / block - offset / block) + first + 1;
        if (!Pieces.match(offset, part, block, sums.subList(first, behind))) {
            throw damaged("bytes that do not match their checksums");
        }
    }

    private CairnException damaged(String what) {
        asked.stream().close();
        return reading.damaged(asked.chunk(), asked.member(), at, what);
    }

    private void settle() {
        leaveStream();
        core.replicas.worked(asked.member().getServerId());
        Sent second = other;
        if (second == null) {
            core.hedges.note(Kind.AHEAD, waitedNanos);
        } else {
            second.pending().abandon();
        }
    }

    private void beginStep(long deadline) {
        deadlineNanos = deadline;
        stepBeganNanos = core.now();
    }

    private void endStep() {
        waitedNanos += core.now() - stepBeganNanos;
    }

    /** So long for the whole answer, whoever reads it how slowly. */
    @Override
    public long untilNanos() {
        long patience = Math.min(Chunks.ATTEMPT_NANOS, mayHedge ? delayNanos : Long.MAX_VALUE) - waitedNanos;
        return Math.min(deadlineNanos, stepBeganNanos + patience);
    }

    @Override
    public boolean late() {
        if (core.now() >= Math.min(deadlineNanos, stepBeganNanos + Chunks.ATTEMPT_NANOS - waitedNanos)) {
            core.replicas.failed(asked.member().getServerId());
            return false;
        }
        mayHedge = false;
        if (core.hedges.spend()) {
            hedge();
        }
        return true;
    }

    private void hedge() {
        Sent second = reading.second(asked.chunk(), asked.member(), at, (int) (asked.until() - at));
        if (second == null) {
            return;
        }
        core.met(Probe.READ_HEDGED);
        core.hedges.note(Kind.AHEAD, Long.MAX_VALUE);
        other = second;
        otherFrom = at;
        second.pending().whenSettled(() -> {
            if (second.pending().isGood()) {
                endStream();
            }
        });
    }

    /** Whoever waits for it has something better. */
    private void endStream() {
        end.lock();
        try {
            if (!over) {
                asked.stream().close();
            }
        } finally {
            end.unlock();
        }
    }

    private void leaveStream() {
        end.lock();
        try {
            over = true;
        } finally {
            end.unlock();
        }
    }

    /** What the other replica has, after this answer has failed: null when it was not asked, or has nothing good. */
    @Nullable
    Piece fromOther(long deadline) {
        leaveStream();
        Sent second = other;
        if (second == null) {
            return null;
        }
        try {
            Reply<ReadReply> reply = second.pending().await(ReadReply.parser(), deadline);
            Piece piece = reading.checked(
                    asked.chunk(), second.member(), otherFrom, (int) (asked.until() - otherFrom), reply);
            if (piece.until() <= at) {
                piece.bytes().release();
                throw endedEarly(); // before what the stream has brought meanwhile
            }
            core.replicas.failed(asked.member().getServerId());
            core.hedges.count();
            return piece;
        } catch (CairnException e) {
            core.replicas.failed(second.member().getServerId());
            return null;
        }
    }

    /** Nobody wants it any more. */
    void drop() {
        leaveStream();
        Sent second = other;
        if (second != null) {
            second.pending().abandon();
        }
    }
}
