package cairn.rpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** A call on its way. Thread-safe, but only one thread awaits it. */
public final class Pending {

    /**
     * Waits for the answer. After the deadline the call is given up: it may or may not have been carried out, and a
     * late answer is dropped.
     *
     * @throws RpcException an error reply, or UNREACHABLE when the connection broke or the deadline passed
     */
    public <M extends MessageLite> Reply<M> await(Parser<M> parser, long deadlineNanos) throws RpcException {
        throw new UnsupportedOperationException();
    }
}
