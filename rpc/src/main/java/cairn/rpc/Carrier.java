package cairn.rpc;

/** A connection that carries calls, as {@link Pulse} sees it. Thread-safe. */
interface Carrier {

    boolean closed();

    /** Nanoseconds for which an answer was awaited and nothing arrived. */
    long owedNanos(long nowNanos);

    /** Nanoseconds since something arrived. */
    long quietNanos(long nowNanos);

    /** The server was found to be silent: another connection to it would be as well. */
    void giveUp(String what);
}
