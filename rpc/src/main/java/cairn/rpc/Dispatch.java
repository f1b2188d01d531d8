package cairn.rpc;

/** Where a call is handled. */
public enum Dispatch {
    /** On its connection's thread, in arrival order: for what memory can answer, or what must keep its order. */
    INLINE,
    /** On a thread of its own: for what waits. At most {@link RpcOptions#blockingCallsMax} for each connection. */
    BLOCKING
}
