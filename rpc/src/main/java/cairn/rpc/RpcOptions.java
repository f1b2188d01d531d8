package cairn.rpc;

import cairn.model.Patience;
import java.util.function.Consumer;

/** Named limits of connections. Immutable: each setter returns a changed copy. Times in nanoseconds. */
public final class RpcOptions implements Cloneable {
    public static final RpcOptions DEFAULT = new RpcOptions();

    private static final long SECOND = 1_000_000_000L;

    private int connectionsMax = 4096;
    private int blockingCallsMax = 256;
    private int blockingCallsTotalMax = 4096;
    private int callsMax = 1024;
    private long requestBytesMax = 64L << 20;
    private long callBytesMax = 64L << 20;
    private long sendQueueBytesMax = 64L << 20;
    private int readAheadBytes = 32 << 10;
    private long poolWaitNanos = 2 * SECOND;
    private long admissionNanos = 10 * SECOND;
    private long quietNanos = Patience.QUIET_NANOS;
    private long signNanos = Patience.SIGN_NANOS;
    private long signEveryNanos = Patience.SIGN_EVERY_NANOS;
    private long lookEveryNanos = Patience.LOOK_EVERY_NANOS;
    private long connectNanos = Patience.CONNECT_NANOS;
    private long pingAfterNanos = 5 * SECOND;
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

    /** Threads of {@link Dispatch#BLOCKING} calls of all connections of a server, fairly divided; BUSY beyond. */
    public RpcOptions blockingCallsTotalMax(int count) {
        return with(copy -> copy.blockingCallsTotalMax = count);
    }

    /**
     * Messages of unanswered requests that a server keeps, of all connections, fairly divided; a request counts as {@code
     * ServerLoad.CALL_BYTES} more. A server waits {@link #poolWaitNanos} for room, then answers BUSY.
     */
    public RpcOptions requestBytesMax(long bytes) {
        return with(copy -> copy.requestBytesMax = bytes);
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

    /** Silence of a server that owes answers after which {@link RpcPool} asks it for a sign of life ({@link Pulse}). */
    public RpcOptions quietNanos(long nanos) {
        return with(copy -> copy.quietNanos = nanos);
    }

    /** How long a sign of life may take before {@link RpcPool} cuts every connection to the server. */
    public RpcOptions signNanos(long nanos) {
        return with(copy -> copy.signNanos = nanos);
    }

    /** How long one attempt of {@link RpcPool} to connect may take, the greeting included. */
    public RpcOptions connectNanos(long nanos) {
        return with(copy -> copy.connectNanos = nanos);
    }

    /**
     * Silence of one connection with unanswered calls after which a PING is sent over it; as long again, and it is cut. For
     * connections that died alone: a process that lives may be kept from answering here by a slow disk.
     */
    public RpcOptions pingAfterNanos(long nanos) {
        return with(copy -> copy.pingAfterNanos = nanos);
    }

    /**
     * How long one write (at most about a MiB, or one payload) may take, how long one frame may take from its first byte to
     * its last, and how long HELLO may take: then the peer is cut off.
     */
    public RpcOptions slowPeerNanos(long nanos) {
        return with(copy -> copy.slowPeerNanos = nanos);
    }

    /**
     * Time without calls after which {@link RpcPool} closes a connection; servers close after ten times as long, or when they
     * need the place for another.
     */
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

    int blockingCallsTotalMax() {
        return blockingCallsTotalMax;
    }

    long requestBytesMax() {
        return requestBytesMax;
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

    long quietNanos() {
        return quietNanos;
    }

    long signNanos() {
        return signNanos;
    }

    long signEveryNanos() {
        return signEveryNanos;
    }

    long lookEveryNanos() {
        return lookEveryNanos;
    }

    long connectNanos() {
        return connectNanos;
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
