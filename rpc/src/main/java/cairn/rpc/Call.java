package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.wire.Method;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** One request at the server. Answered exactly once, from any thread. */
public final class Call {

    public Method method() {
        throw new UnsupportedOperationException();
    }

    /** @throws CairnException BAD_REQUEST when the bytes are no such message; let it out of {@code handle} */
    public <M extends MessageLite> M message(Parser<M> parser) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** The request's bytes, often none; valid until {@code handle} returns. */
    public Payload payload() {
        throw new UnsupportedOperationException();
    }

    /** As {@link #payload}, and now the caller must release it. */
    public Payload takePayload() {
        throw new UnsupportedOperationException();
    }

    public Peer peer() {
        throw new UnsupportedOperationException();
    }

    public void reply(MessageLite message) {
        reply(message, Payload.empty());
    }

    /** The payload's ownership passes. */
    public void reply(MessageLite message, Payload payload) {
        throw new UnsupportedOperationException();
    }

    public void fail(ErrorCode code, String message) {
        fail(code, message, 0);
    }

    public void fail(ErrorCode code, String message, long detail) {
        throw new UnsupportedOperationException();
    }
}
