package cairn.rpc;

import java.util.function.Consumer;

/** Named limits of connections. Immutable: each setter returns a changed copy. Times in nanoseconds. */
public final class RpcOptions implements Cloneable {
    public static final RpcOptions DEFAULT = new RpcOptions();

    private static final long SECOND = 1_000_000_000L;

    private int connectionsMax = 4096;
    private int blockingCallsMax = 256;
    private int callsMax = 1024;
    private long callBytesMax = 64L << 20;
    private long sendQueueBytesMax = 64L << 20;
    private int readAheadBytes = 32 << 10;
    private long poolWaitNanos = 2 * SECOND;
    private long admissionNanos = 10 * SECOND;
    private long pingAfterNanos = 3 * SECOND;
    private long slowPeerNanos = 10 * SECOND;
    private long idleNanos = 60 * SECOND;
    private long refusalNanos = SECOND / 5;

    private RpcOptions() {}

    /** Connections that a server serves at once; it refuses further ones with BUSY. */
    public RpcOptions connectionsMax(int count) {
        return with(copy -> copy.connectionsMax = count);
    }

    /** Threads of {@link Dispatch#BLOCKING} calls for each connection; further calls are refused with BUSY. */
    public RpcOptions blockingCallsMax(int count) {
        return with(copy -> copy.blockingCallsMax = count);
    }

    /** Unanswered calls on a connection: the caller waits, the server refuses with BUSY. */
    public RpcOptions callsMax(int count) {
        return with(copy -> copy.callsMax = count);
    }

    /** Payload bytes of unanswered calls on a connection: the caller waits. One call is always let through. */
    public RpcOptions callBytesMax(long bytes) {
        return with(copy -> copy.callBytesMax = bytes);
    }

    /** Bytes queued for a peer that does not read; beyond, it is cut off. At an eighth of it, reading pauses. */
    public RpcOptions sendQueueBytesMax(long bytes) {
        return with(copy -> copy.sendQueueBytesMax = bytes);
    }

    /** The buffer of each connection from which headers, messages and small payloads are read. */
    public RpcOptions readAheadBytes(int bytes) {
        return with(copy -> copy.readAheadBytes = bytes);
    }

    /** How long a server waits for a full {@link PayloadPool} before it refuses the call with BUSY. */
    public RpcOptions poolWaitNanos(long nanos) {
        return with(copy -> copy.poolWaitNanos = nanos);
    }

    /** How long a caller waits to come under {@link #callsMax} and {@link #callBytesMax} before it gets BUSY. */
    public RpcOptions admissionNanos(long nanos) {
        return with(copy -> copy.admissionNanos = nanos);
    }

    /** Silence after which a caller with unanswered calls sends a PING; as long again, and the connection is cut. */
    public RpcOptions pingAfterNanos(long nanos) {
        return with(copy -> copy.pingAfterNanos = nanos);
    }

    /** How long one write (at most about a MiB, or one payload) may take before the peer is cut off. */
    public RpcOptions slowPeerNanos(long nanos) {
        return with(copy -> copy.slowPeerNanos = nanos);
    }

    /** Time without calls after which {@link RpcPool} closes a connection; servers close after ten times as long. */
    public RpcOptions idleNanos(long nanos) {
        return with(copy -> copy.idleNanos = nanos);
    }

    /** How long {@link RpcPool} remembers that nobody listened at an address. */
    public RpcOptions refusalNanos(long nanos) {
        return with(copy -> copy.refusalNanos = nanos);
    }

    int connectionsMax() {
        return connectionsMax;
    }

    int blockingCallsMax() {
        return blockingCallsMax;
    }

    int callsMax() {
        return callsMax;
    }

    long callBytesMax() {
        return callBytesMax;
    }

    long sendQueueBytesMax() {
        return sendQueueBytesMax;
    }

    int readAheadBytes() {
        return readAheadBytes;
    }

    long poolWaitNanos() {
        return poolWaitNanos;
    }

    long admissionNanos() {
        return admissionNanos;
    }

    long pingAfterNanos() {
        return pingAfterNanos;
    }

    long slowPeerNanos() {
        return slowPeerNanos;
    }

    long idleNanos() {
        return idleNanos;
    }

    long refusalNanos() {
        return refusalNanos;
    }

    private RpcOptions with(Consumer<RpcOptions> change) {
        try {
            RpcOptions copy = (RpcOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
