package cairn.rpc;

/** What an operator should hear of. Called from connection threads: must be quick and thread-safe. */
public interface RpcEvents {
    RpcEvents NONE = new RpcEvents() {};

    /** A connection was turned away or could not be accepted: too many, or the system refused. */
    default void connectionRefused(String peer, String why) {}

    /** The peer sent what is not the protocol and was cut off. */
    default void protocolError(String peer, String what) {}

    /** The peer did not take its replies, or did not answer a ping, and was cut off. */
    default void slowPeer(String peer, String what) {}

    /** A handler threw what it should have answered; the caller got {@code INTERNAL}. */
    default void callFailed(String peer, String method, Throwable problem) {}
}
