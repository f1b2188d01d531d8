package cairn.rpc;

import cairn.model.ServerAddress;
import cairn.wire.Method;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** Connections by address. Thread-safe. */
public final class RpcPool {

    public RpcPool(Endpoint self) {
        throw new UnsupportedOperationException();
    }

    public RpcConnection get(ServerAddress address, long deadlineNanos) throws RpcException {
        return get(address, 0, deadlineNanos);
    }

    /** The connection number {@code stripe} to this address, made when there is none. */
    public RpcConnection get(ServerAddress address, int stripe, long deadlineNanos) throws RpcException {
        throw new UnsupportedOperationException();
    }

    /** Connects when needed, calls, waits. The payload's ownership passes, always. */
    public <M extends MessageLite> Reply<M> call(
            ServerAddress address,
            Method method,
            MessageLite message,
            Payload payload,
            Parser<M> parser,
            long deadlineNanos)
            throws RpcException {
        throw new UnsupportedOperationException();
    }

    /** As above, without payload either way. */
    public <M extends MessageLite> M call(
            ServerAddress address, Method method, MessageLite message, Parser<M> parser, long deadlineNanos)
            throws RpcException {
        throw new UnsupportedOperationException();
    }

    public void close() {}
}
