package cairn.rpc;

/**
 * Takes the answer of {@link RpcConnection#callAsync}: exactly one of the two is called, once, on the connection's
 * reader thread. Must not block: every other answer of the connection waits behind it.
 */
public interface ReplyHandler<M> {

    /** The payload belongs to the handler. */
    void answered(Reply<M> reply);

    /** An error reply, or {@code UNREACHABLE} when the connection broke. */
    void failed(RpcException problem);
}
