package cairn.rpc;

import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@link RpcStream}s of a process: those that somebody has for itself, and idle ones, kept for the next. Thread-safe.
 */
public final class RpcStreams {
    /** In use and idle: each is a connection and a thread of a server. */
    static final int STREAMS_MAX = 64;

    /** To one server. */
    static final int IDLE_MAX = 8;

    /** A server to which none could be made is not asked again for so long. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final Endpoint self;
    private final World world;
    private final Runnable made;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<RpcStream> all = new LinkedHashSet<>();
    private final Map<ServerAddress, ArrayDeque<RpcStream>> idle = new LinkedHashMap<>();
    private final Map<ServerAddress, Long> notBefore = new LinkedHashMap<>();
    private int making;
    private boolean closed;

    /** @param made called when there is something to {@link #look} at */
    RpcStreams(Endpoint self, Runnable made) {
        this.self = self;
        this.world = self.world();
        this.made = made;
    }

    /**
     * An idle stream to this server, or a new one; to be given back. Null when there are too many, or none could be made a moment
     * ago: then what is wanted is called for on a shared connection.
     */
    public @Nullable RpcStream take(ServerAddress address, long deadlineNanos) throws RpcException {
        lock.lock();
        try {
            RpcStream ready = idleOne(address);
            if (ready != null || closed || isPaused(address)) {
                return ready;
            }
            if (all.size() + making >= STREAMS_MAX && !shutOneIdle()) {
                return null;
            }
            making++;
        } finally {
            lock.unlock();
        }
        return make(address, deadlineNanos);
    }

    /** The caller holds the lock. */
    private @Nullable RpcStream idleOne(ServerAddress address) {
        ArrayDeque<RpcStream> waiting = idle.get(address);
        while (waiting != null && !waiting.isEmpty()) {
            RpcStream newest = waiting.removeLast();
            if (!newest.closed()) {
                newest.taken();
                return newest;
            }
            all.remove(newest);
        }
        return null;
    }

    /** The caller holds the lock. */
    private boolean shutOneIdle() {
        for (ArrayDeque<RpcStream> waiting : idle.values()) {
            if (!waiting.isEmpty()) {
                return shut(waiting.removeFirst());
            }
        }
        return false;
    }

    /** The caller holds the lock. */
    private boolean isPaused(ServerAddress address) {
        Long until = notBefore.get(address);
        return until != null && world.time().nanos() < until;
    }

    private RpcStream make(ServerAddress address, long deadlineNanos) throws RpcException {
        RpcStream stream = null;
        try {
            long limit = world.time().nanos() + self.options().connectNanos();
            stream = RpcStream.connect(self, address, Math.min(deadlineNanos, limit));
        } finally {
            settle(address, stream);
        }
        made.run();
        return stream;
    }

    private void settle(ServerAddress address, @Nullable RpcStream stream) {
        lock.lock();
        try {
            making--;
            if (stream == null) {
                notBefore.put(address, world.time().nanos() + PAUSE_NANOS);
            } else if (closed) {
                stream.close();
            } else {
                all.add(stream);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Its user has no use for it any more. If it still owes answers, it is closed. */
    public void give(RpcStream stream) {
        lock.lock();
        try {
            ArrayDeque<RpcStream> waiting = idle.computeIfAbsent(stream.address(), address -> new ArrayDeque<>());
            if (!closed && stream.isClear() && all.contains(stream) && waiting.size() < IDLE_MAX) {
                waiting.addLast(stream);
                return;
            }
            all.remove(stream);
        } finally {
            lock.unlock();
        }
        stream.discard();
    }

    /**
     * Closes those that are idle for long, and those whose user has let answers lie for half the time after which the server would call
     * it slow. False when there are none.
     */
    boolean look(long nowNanos) {
        lock.lock();
        try {
            notBefore.values().removeIf(until -> until <= nowNanos);
            Set<RpcStream> lying = new LinkedHashSet<>(all);
            for (ArrayDeque<RpcStream> waiting : idle.values()) {
                lying.removeAll(waiting);
                waiting.removeIf(
                        stream -> stream.idleNanos(nowNanos) > self.options().idleNanos() && shut(stream));
            }
            idle.values().removeIf(ArrayDeque::isEmpty);
            long patience = self.options().slowPeerNanos() / 2;
            lying.removeIf(stream -> stream.idleNanos(nowNanos) <= patience);
            for (RpcStream stream : lying) {
                world.witness().met(Probe.STREAM_LEFT_LYING);
                shut(stream);
            }
            return !all.isEmpty() || making > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Closing does not block. The caller holds the lock. */
    private boolean shut(RpcStream stream) {
        all.remove(stream);
        stream.close();
        return true;
    }

    /** Shows each with its server, in the order in which they were made. */
    void carriers(BiConsumer<ServerAddress, Carrier> to) {
        List<RpcStream> now;
        lock.lock();
        try {
            now = new ArrayList<>(all);
        } finally {
            lock.unlock();
        }
        now.forEach(stream -> to.accept(stream.address(), stream));
    }

    void close() {
        List<RpcStream> open;
        lock.lock();
        try {
            closed = true;
            open = new ArrayList<>(all);
            all.clear();
            idle.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(RpcStream::close);
    }
}
