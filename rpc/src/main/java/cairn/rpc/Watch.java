package cairn.rpc;

import cairn.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread that looks at every connection of a server or pool a few times within its shortest time limit: reads and
 * writes have no deadlines of their own. Starts with the first thing to watch. Thread-safe.
 */
final class Watch {

    interface Watched {
        /** Must not block. */
        void look(long nowNanos);
    }

    private static final long TICK_NANOS_MAX = 1_000_000_000L;
    private static final long TICK_NANOS_MIN = 1_000_000L;

    private final World world;
    private final long tickNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Watched> watched = new LinkedHashSet<>();
    private boolean started;
    private boolean closed;

    /** For connections alone. */
    Watch(World world, RpcOptions options) {
        this(world, options, TICK_NANOS_MAX);
    }

    /** @param tickNanosMax when there is something else to look at, more often */
    Watch(World world, RpcOptions options, long tickNanosMax) {
        this.world = world;
        long shortest = Math.min(options.idleNanos(), Math.min(options.pingAfterNanos(), options.slowPeerNanos()));
        this.tickNanos = Math.max(TICK_NANOS_MIN, Math.min(tickNanosMax, shortest / 4));
    }

    void add(Watched connection) {
        lock.lock();
        try {
            watched.add(connection);
            if (!started && !closed) {
                started = true;
                world.threads().start("rpc watch", this::run);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void remove(Watched connection) {
        lock.lock();
        try {
            watched.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<Watched> now = new ArrayList<>();
        while (nextTick(now)) {
            long nanos = world.time().nanos();
            now.forEach(connection -> connection.look(nanos));
            now.clear();
        }
    }

    private boolean nextTick(List<Watched> into) {
        lock.lock();
        try {
            while (!closed && watched.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            long tick = world.time().nanos() + tickNanos;
            while (!closed && tick - world.time().nanos() > 0 && world.time().await(lock, changed, tick)) {
                // somebody was added: they can wait for the tick
            }
            into.addAll(watched);
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
