package cairn.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Takes the answer of {@link RpcConnection#callAsync}: exactly one of the two is called, once, on the connection's
 * reader thread. Must not block: every other answer of the connection waits behind it.
 */
public interface ReplyHandler<M> {

    /** The payload belongs to the handler. */
    void answered(Reply<M> reply);

    /**
     * Asked for after {@link #answered}: what the connection's thread does once no further answer is at hand. It may block
     * for a moment; equal ones are done once.
     */
    default @Nullable Runnable whenNoMoreAtHand() {
        return null;
    }

    /** An error reply, or {@code UNREACHABLE} when the connection broke. */
    void failed(RpcException problem);
}
