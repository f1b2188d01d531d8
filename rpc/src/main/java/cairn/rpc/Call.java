package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Invariant;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.ErrorReply;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request at the server. It is answered exactly once, from any thread; answering never blocks and never fails: when
 * the connection is gone the answer is dropped. An answer given inside {@link RpcService#handle} by the thread that runs
 * it leaves soon after handle returns, together with others; from another thread it leaves at once.
 */
public final class Call {
    /** Messages are for people; stack traces belong into the log. */
    private static final int ERROR_TEXT_MAX = 4096;

    private final ServerConnection connection;
    private final Method method;
    private final long id;
    private final byte[] message;
    private final long admittedBytes;
    private final AtomicBoolean answered = new AtomicBoolean();
    private @Nullable MessageLite parsed;
    private Payload payload;
    private volatile @Nullable Thread handler;

    /**
     * What came with the request.
     *
     * @param admittedBytes what it takes of {@link ServerLoad#requestBytes} until it is answered
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Content(byte[] message, Payload payload, long admittedBytes) {}

    Call(ServerConnection connection, long id, Method method, Content content) {
        this.connection = connection;
        this.method = method;
        this.id = id;
        this.message = content.message();
        this.admittedBytes = content.admittedBytes();
        this.payload = content.payload();
    }

    public Method method() {
        return method;
    }

    /**
     * For the thread that runs {@code handle}; read once, however often it is asked for.
     *
     * @throws CairnException BAD_REQUEST when the bytes are no such message; let it out of {@code handle}
     */
    @SuppressWarnings("unchecked") // what this parser made
    public <M extends MessageLite> M message(Parser<M> parser) throws CairnException {
        MessageLite known = parsed;
        if (known != null && known.getParserForType().equals(parser)) {
            return (M) known;
        }
        try {
            M made = parser.parseFrom(message);
            parsed = made;
            return made;
        } catch (InvalidProtocolBufferException e) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "the message of " + method + " cannot be read: " + e, e);
        }
    }

    /** The request's bytes, often none; valid until {@code handle} returns. For the thread that runs it. */
    public Payload payload() {
        return payload;
    }

    /** As {@link #payload}, and now the caller must release it. For the thread that runs {@code handle}. */
    public Payload takePayload() {
        Payload taken = payload;
        payload = Payload.empty();
        return taken;
    }

    public Peer peer() {
        return connection.peer();
    }

    /**
     * Memory for the payload of the answer, from what is fair for this peer: one that does not take its answers gets no more.
     * Waits for others to give back, and writes what is queued for the peer meanwhile.
     *
     * @throws CairnException BUSY when there is none in time; let it out of {@code handle}
     */
    public Payload roomForReply(int bytes) throws CairnException {
        Payload room = connection.room(bytes);
        if (room == null) {
            throw new CairnException(ErrorCode.BUSY, "the server's memory for answers is full; try again later");
        }
        return room;
    }

    /** What is done for a call; as in {@link RpcService#handle}, what it throws is the answer. */
    public interface Work {
        void run() throws IOException;
    }

    /**
     * Goes on with an unanswered call on a thread of its own, which counts as one of {@link Dispatch#BLOCKING} calls; answers
     * it with BUSY when there are too many.
     */
    public void goOnApart(Work work) {
        if (!connection.goOnApart(this, work)) {
            fail(ErrorCode.BUSY, "too many calls that wait are being carried out; try again later");
        }
    }

    /**
     * Puts {@code work} off until no further request is at hand on this connection, or its thread would wait for anything: so
     * that what arrives together can be done together. Equal works are done once. For calls that are handled {@link
     * Dispatch#INLINE}, inside {@code handle}; the work answers for itself, and what it throws is logged.
     */
    public void putOff(Runnable work) {
        connection.putOff(work);
    }

    public void reply(MessageLite reply) {
        reply(reply, Payload.empty());
    }

    /** The payload's ownership passes. */
    public void reply(MessageLite reply, Payload bytes) {
        Invariant.check(answered.compareAndSet(false, true), "%s is answered twice", method);
        connection.answer(this, FrameKind.REPLY, reply, bytes);
    }

    /**
     * As {@link #reply(MessageLite)}, but the answer leaves when the returned work is done, together with others for this peer. The
     * work blocks while the peer does not read, so this is for answers to other servers, of which few bytes can be under way.
     */
    public Runnable replyTogether(MessageLite reply) {
        Invariant.check(answered.compareAndSet(false, true), "%s is answered twice", method);
        return connection.answerTogether(this, reply);
    }

    public void fail(ErrorCode code, String text) {
        fail(code, text, 0);
    }

    /** @param text for people: names the thing and the next step; never null */
    public void fail(ErrorCode code, String text, long detail) {
        Invariant.check(answered.compareAndSet(false, true), "%s is answered twice", method);
        connection.answer(this, FrameKind.ERROR, error(code, text, detail), Payload.empty());
    }

    long admittedBytes() {
        return admittedBytes;
    }

    long id() {
        return id;
    }

    /** The thread that runs handle now, or null. */
    void handledBy(@Nullable Thread now) {
        handler = now;
    }

    boolean isHandledBy(Thread candidate) {
        return candidate.equals(handler);
    }

    boolean answered() {
        return answered.get();
    }

    void releasePayload() {
        takePayload().release();
    }

    static ErrorReply error(ErrorCode code, String text, long detail) {
        String cut = text.length() > ERROR_TEXT_MAX ? text.substring(0, ERROR_TEXT_MAX) : text;
        return ErrorReply.newBuilder()
                .setCode(code.number())
                .setMessage(cut)
                .setDetail(detail)
                .build();
    }
}
