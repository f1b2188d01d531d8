package cairn.rpc;

import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import cairn.wire.FrameHeader;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.world.Time;
import cairn.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The unanswered calls of one connection, in the order in which they were made, and the bound on them. A call that its
 * caller has given up stays until the answer comes: the server is still at it. Thread-safe.
 */
final class Outstanding {
    private record Entry(Method method, long bytes, int replyPayloadMax, ReplySink sink) {}

    /** What is sent. */
    record Sent(Method method, long payloadBytes, int replyPayloadMax) {}

    private final Time time;
    private final Witness witness;
    private final RpcOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Map<Long, Entry> calls = new LinkedHashMap<>();
    private long bytes;
    private long nextId = 1;
    private long changedAtNanos;
    private @Nullable RpcException closed;
    private @Nullable RpcException turnedAway;

    Outstanding(World world, RpcOptions options) {
        this.time = world.time();
        this.witness = world.witness();
        this.options = options;
        this.changedAtNanos = time.nanos();
    }

    /** Adds a call and returns its id; waits for room when {@code mayBlock}. */
    long add(Sent call, ReplySink sink, String peer, boolean mayBlock) throws RpcException {
        lock.lock();
        try {
            if (full(call.payloadBytes())) {
                awaitRoom(call.payloadBytes(), peer, mayBlock);
            }
            if (closed != null) {
                throw closed.again();
            }
            return put(call, sink);
        } finally {
            lock.unlock();
        }
    }

    /** For calls of rpc's own, which the bound does not concern. When closed, {@link #failAll} still comes. */
    long addFreely(Method method, ReplySink sink) {
        lock.lock();
        try {
            return put(new Sent(method, 0, 0), sink);
        } finally {
            lock.unlock();
        }
    }

    /** Why a frame with this header answers nothing that was asked; empty when it does. */
    String fault(FrameHeader header) {
        lock.lock();
        try {
            Entry entry = calls.get(header.callId());
            return entry == null ? fault(header, null, 0) : fault(header, entry.method(), entry.replyPayloadMax());
        } finally {
            lock.unlock();
        }
    }

    /** The same for an answer to {@code asked}, null when no such call is unanswered. */
    static String fault(FrameHeader header, @Nullable Method asked, int replyPayloadMax) {
        if (asked == null || header.kind() == FrameKind.REQUEST) {
            return "it sent a frame that answers nothing: " + header.kind();
        }
        if (asked.number() != header.method()) {
            return "it answered " + asked + " as method " + header.method();
        }
        int most = header.kind() == FrameKind.REPLY ? replyPayloadMax : 0;
        if (header.payloadBytes() > most) {
            return "it answered " + asked + " with " + header.payloadBytes() + " bytes; at most " + most
                    + " were asked for";
        }
        return "";
    }

    /** The sink of this call, which is answered now; null when no such call was made. */
    @Nullable
    ReplySink remove(long id) {
        lock.lock();
        try {
            Entry entry = calls.remove(id);
            if (entry == null) {
                return null;
            }
            bytes -= entry.bytes();
            if (calls.isEmpty()) {
                changedAtNanos = time.nanos();
            }
            room.signal();
            return entry.sink();
        } finally {
            lock.unlock();
        }
    }

    /** No further calls; the first reason stays. */
    void close(RpcException why) {
        lock.lock();
        try {
            if (closed == null) {
                closed = why;
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The server has said why it closes: that is the answer to HELLO. */
    void turnedAway(RpcException why) {
        lock.lock();
        try {
            turnedAway = why;
        } finally {
            lock.unlock();
        }
    }

    /** Unanswered calls. */
    int size() {
        lock.lock();
        try {
            return calls.size();
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }

    /** After {@link #close}: tells every call, in order, that it will get no answer. */
    void failAll() {
        List<Entry> failed;
        lock.lock();
        try {
            failed = new ArrayList<>(calls.values());
            calls.clear();
        } finally {
            lock.unlock();
        }
        for (Entry entry : failed) {
            boolean hello = entry.method() == Method.HELLO && turnedAway != null;
            RpcException why = hello ? turnedAway : closed;
            if (why != null) {
                entry.sink().broken(why.again());
            }
        }
    }

    /** Nanoseconds for which there was some unanswered call all the time; 0 when there is none. */
    long waitingNanos(long nowNanos) {
        lock.lock();
        try {
            return calls.isEmpty() ? 0 : nowNanos - changedAtNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds for which there was no unanswered call; 0 when there is one. */
    long idleNanos(long nowNanos) {
        lock.lock();
        try {
            return calls.isEmpty() ? nowNanos - changedAtNanos : 0;
        } finally {
            lock.unlock();
        }
    }

    private long put(Sent call, ReplySink sink) {
        if (calls.isEmpty()) {
            changedAtNanos = time.nanos();
        }
        long id = nextId++;
        calls.put(id, new Entry(call.method(), call.payloadBytes(), call.replyPayloadMax(), sink));
        bytes += call.payloadBytes();
        return id;
    }

    private boolean full(long payloadBytes) {
        boolean tooMany = calls.size() >= options.callsMax();
        return closed == null && (tooMany || (!calls.isEmpty() && bytes + payloadBytes > options.callBytesMax()));
    }

    private void awaitRoom(long payloadBytes, String peer, boolean mayBlock) throws RpcException {
        long deadline = time.nanos() + options.admissionNanos();
        while (full(payloadBytes)) {
            if (!mayBlock || !time.await(lock, room, deadline)) {
                witness.met(Probe.TOO_MUCH_UNANSWERED);
                String text = "too much is unanswered by " + peer + ": " + calls.size() + " calls, " + bytes + " bytes";
                throw new RpcException(ErrorCode.BUSY, text, 0);
            }
        }
        room.signal(); // there may be room for one more
    }
}
