package cairn.client;

import cairn.client.Arrival.Asked;
import cairn.client.Reading.Piece;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.RpcException;
import cairn.rpc.RpcStream;
import cairn.wire.Method;
import cairn.wire.proto.Member;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a sequential reader has asked for ahead, on streams of its own (docs/decisions/0015). Several reads are sent; their answers
 * wait in the buffers of TCP, and the reader's own thread receives them, straight into its buffer or else into one that is used
 * again and again. Whatever goes wrong there, the bytes are read as any others. One thread.
 */
final class ReadAhead {

    /** The buffer for readers that bring none of use. */
    private static final int OWN_BYTES = 256 << 10;

    private final Core core;
    private final Reading reading;
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();

    /** Of the first of {@link #asked}, once it was waited for. */
    private @Nullable Arrival arrival;

    /** It has come whole, before its turn. */
    private @Nullable Piece early;

    private @Nullable CairnException problem;
    private Payload own = Payload.empty();

    ReadAhead(Core core, Reading reading) {
        this.core = core;
        this.reading = reading;
    }

    /** Whether the bytes at {@code position} are the next that come. */
    boolean isAt(long position) {
        Asked first = asked.peekFirst();
        if (first == null) {
            return false;
        }
        Arrival half = arrival;
        boolean leftLying = first.stream().closed() && problem == null && (half == null || !half.isHedged());
        return !leftLying && position == (half == null ? first.from() : half.at());
    }

    /** Whether an answer is half received. */
    boolean isAmid() {
        return arrival != null;
    }

    /** Asks for pieces that are known to exist, cut at multiples of their size, until so many are under way. */
    void ask(long start, int depth, long deadlineNanos) throws CairnException {
        int pieceBytes = core.pieceBytes();
        while (asked.size() < depth) {
            Asked tail = asked.peekLast();
            long from = tail == null ? start : tail.until();
            if (tail != null && tail.chunk().last() && from >= tail.chunk().end()) {
                return;
            }
            Located chunk = core.locations.find(reading.file(), from, deadlineNanos);
            if (chunk == null || chunk.length() < 0) {
                return;
            }
            long cut = pieceBytes - (from - chunk.offset()) % pieceBytes;
            int length = (int) Math.min(cut, chunk.end() - from);
            boolean alone = tail == null && chunk.last() && from + length == chunk.end();
            Asked sent = alone ? null : send(chunk, from, length, deadlineNanos);
            if (sent == null) {
                return; // of a single piece it is not worth while
            }
            asked.addLast(sent);
        }
    }

    private @Nullable Asked send(Located chunk, long from, int length, long deadlineNanos) {
        Member member = reading.best(chunk);
        Asked tail = asked.peekLast();
        RpcStream stream = null;
        try {
            if (member != null && tail != null && tail.member().getServerId() == member.getServerId()) {
                stream = tail.stream();
            } else if (member != null) {
                stream = core.rpc.streams().take(Core.address(member), deadlineNanos);
            }
            if (stream == null || member == null) {
                return null;
            }
            long call = stream.call(Method.READ, reading.request(chunk, from, length));
            return new Asked(chunk, member, from, length, stream, call);
        } catch (CairnException e) {
            core.met(Probe.READ_AHEAD_NOT_SENT);
            if (member != null && e.code() == ErrorCode.UNREACHABLE) {
                core.replicas.failed(member.getServerId());
            }
            if (stream != null && (tail == null || stream != tail.stream())) {
                core.rpc.streams().give(stream);
            }
            return null;
        }
    }

    /** Puts the next blocks into {@code into}; 0 when they can only be had as a {@link #piece}. */
    int receive(ByteBuffer into, long deadlineNanos) {
        if (!into.isDirect() || into.isReadOnly()) {
            return 0;
        }
        Arrival coming = begun(deadlineNanos);
        return coming == null ? 0 : fill(coming, into, deadlineNanos);
    }

    /** The next bytes, valid until anything else is called here; null at the end of the file. */
    @Nullable
    Piece piece(long deadlineNanos) throws CairnException {
        Asked first = asked.getFirst();
        Arrival coming = begun(deadlineNanos);
        if (coming != null) {
            if (own.length() == 0) {
                own = core.buffers.takeNow(Math.max(OWN_BYTES, core.geometry().blockBytes()));
            }
            long from = coming.at();
            int count = fill(coming, own.buffer(), deadlineNanos);
            if (count > 0) {
                return new Piece(from, first.chunk(), coming.end(), own.slice(0, count));
            }
        }
        Piece whole = early;
        if (whole != null) {
            early = null;
            done();
            return whole;
        }
        return instead(deadlineNanos);
    }

    /** The first answer, once it has begun to come; null when it is not to be received. */
    private @Nullable Arrival begun(long deadlineNanos) {
        Arrival coming = arrival;
        if (coming == null && problem == null) {
            coming = new Arrival(core, reading, asked.getFirst());
            arrival = coming;
            boolean known = false;
            try {
                early = coming.begin(deadlineNanos);
                known = true;
            } catch (CairnException e) {
                problem = e;
                known = true;
            } finally {
                dropUnless(known);
            }
        }
        return problem == null && early == null ? coming : null;
    }

    private int fill(Arrival coming, ByteBuffer into, long deadlineNanos) {
        int begin = into.position();
        boolean known = false;
        try {
            coming.receive(into, deadlineNanos);
            if (coming.isOver()) {
                done();
            }
            known = true;
        } catch (CairnException e) {
            problem = e; // what came before is good
            known = true;
        } finally {
            dropUnless(known);
        }
        return into.position() - begin;
    }

    /** After an interrupt, or what no program expects, nothing is known of what was asked for. */
    private void dropUnless(boolean known) {
        if (!known) {
            drop();
        }
    }

    private void done() {
        arrival = null;
        Asked first = asked.removeFirst();
        Asked next = asked.peekFirst();
        if (next == null || next.stream() != first.stream()) {
            core.rpc.streams().give(first.stream());
        }
    }

    /** The rest of the first answer, which has failed: from the other replica that was asked, or read anew. */
    private @Nullable Piece instead(long deadlineNanos) throws CairnException {
        Asked first = asked.getFirst();
        Arrival half = arrival;
        CairnException why = problem;
        arrival = null;
        problem = null;
        long attempt = Math.min(deadlineNanos, core.now() + Chunks.ATTEMPT_NANOS);
        Piece other = half == null ? null : half.fromOther(attempt);
        long at = half == null ? first.from() : half.at();
        if (first.stream().closed()) {
            drop();
        } else {
            done();
        }
        if (other != null) {
            return other;
        }
        core.met(Probe.READ_AHEAD_FAILED);
        if (why != null && !isMereBreak(why)) {
            core.replicas.failed(first.member().getServerId());
            core.locations.forget(reading.file());
        }
        return reading.read(at, (int) (first.until() - at), deadlineNanos);
    }

    /** A connection that broke alone says nothing about its server. */
    private static boolean isMereBreak(CairnException why) {
        return why.code() == ErrorCode.UNREACHABLE && why instanceof RpcException lost && !lost.silent();
    }

    /** Nothing of it is wanted any more. Streams that still owe answers are closed: what they carry would have to be read. */
    void drop() {
        if (arrival != null) {
            arrival.drop();
            arrival = null;
        }
        if (early != null) {
            early.bytes().release();
            early = null;
        }
        problem = null;
        while (!asked.isEmpty()) {
            done();
        }
        own.release();
        own = Payload.empty();
    }
}
