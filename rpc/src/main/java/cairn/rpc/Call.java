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
    private final AtomicBoolean answered = new AtomicBoolean();
    private Payload payload;
    private volatile @Nullable Thread handler;

    Call(ServerConnection connection, Method method, long id, byte[] message, Payload payload) {
        this.connection = connection;
        this.method = method;
        this.id = id;
        this.message = message;
        this.payload = payload;
    }

    public Method method() {
        return method;
    }

    /** @throws CairnException BAD_REQUEST when the bytes are no such message; let it out of {@code handle} */
    public <M extends MessageLite> M message(Parser<M> parser) throws CairnException {
        try {
            return parser.parseFrom(message);
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

    public void reply(MessageLite reply) {
        reply(reply, Payload.empty());
    }

    /** The payload's ownership passes. */
    public void reply(MessageLite reply, Payload bytes) {
        Invariant.check(answered.compareAndSet(false, true), "%s is answered twice", method);
        connection.answer(this, FrameKind.REPLY, reply, bytes);
    }

    public void fail(ErrorCode code, String text) {
        fail(code, text, 0);
    }

    /** @param text for people: names the thing and the next step; never null */
    public void fail(ErrorCode code, String text, long detail) {
        Invariant.check(answered.compareAndSet(false, true), "%s is answered twice", method);
        connection.answer(this, FrameKind.ERROR, error(code, text, detail), Payload.empty());
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
