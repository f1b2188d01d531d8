package cairn.rpc;

import cairn.model.ServerAddress;
import cairn.wire.Method;
import cairn.wire.proto.HelloReply;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** The calling side of a connection. Any number of threads call at once. */
public final class RpcConnection {

    /** @throws RpcException UNREACHABLE ({@link RpcException#refused} when nobody listens), or the server's refusal */
    public static RpcConnection connect(Endpoint self, ServerAddress to, long deadlineNanos) throws RpcException {
        throw new UnsupportedOperationException();
    }

    /** What the server said about itself. */
    public HelloReply hello() {
        throw new UnsupportedOperationException();
    }

    public ServerAddress address() {
        throw new UnsupportedOperationException();
    }

    public Pending call(Method method, MessageLite message) throws RpcException {
        return call(method, message, Payload.empty());
    }

    /** Sends on this thread, and blocks while the peer does not read. The payload's ownership passes, always. */
    public Pending call(Method method, MessageLite message, Payload payload) throws RpcException {
        throw new UnsupportedOperationException();
    }

    /** As {@link #call}; when this throws, the handler is never called. */
    public <M extends MessageLite> void callAsync(
            Method method, MessageLite message, Payload payload, Parser<M> parser, ReplyHandler<M> handler)
            throws RpcException {
        throw new UnsupportedOperationException();
    }

    public boolean closed() {
        throw new UnsupportedOperationException();
    }

    public void close() {
        throw new UnsupportedOperationException();
    }
}
