package cairn.rpc;

import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.world.World;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells a hung process, or one that is cut off, from a slow one (docs/decisions/0004). A server that owes answers and from
 * which nothing comes is asked for a sign of life on a connection that carries nothing else: no slow disk and no queue of
 * megabytes can hold up the answer. If none comes in time, all connections of the pool to that server are cut, and their
 * calls fail as {@link RpcException#silent}.
 *
 * <p>Nothing is asked of a server that owes nothing. Looked at by the pool's watch; asks on threads of its own. Thread-safe.
 */
final class Pulse {
    /** The pool's connection that carries nothing else. */
    static final int STRIPE = -1;

    /** A question that failed at once, because its connection broke, is asked again so much later. */
    private static final long AGAIN_NANOS = 50_000_000L;

    /** Whoever wakes up so much too late was held up itself, and knows nothing about others. */
    private static final long OVERSLEPT_NANOS = 200_000_000L;

    private final RpcPool pool;
    private final World world;
    private final RpcOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<ServerAddress> asked = new LinkedHashSet<>();
    private volatile boolean closed;

    Pulse(RpcPool pool, Endpoint self) {
        this.pool = pool;
        this.world = self.world();
        this.options = self.options();
    }

    void close() {
        closed = true;
    }

    /** Must not block. */
    void look(long nowNanos) {
        for (Map.Entry<ServerAddress, List<Carrier>> each : pool.carriers().entrySet()) {
            ServerAddress server = each.getKey();
            if (owes(each.getValue(), nowNanos) && begin(server)) {
                world.threads().start("rpc pulse of " + server, () -> attend(server));
            }
        }
    }

    private boolean owes(List<Carrier> connections, long nowNanos) {
        boolean owes = false;
        for (Carrier connection : connections) {
            if (connection.quietNanos(nowNanos) <= options.quietNanos()) {
                return false; // it lives
            }
            owes |= !connection.closed() && connection.owedNanos(nowNanos) > options.quietNanos();
        }
        return owes;
    }

    private boolean begin(ServerAddress server) {
        lock.lock();
        try {
            return !closed && asked.add(server);
        } finally {
            lock.unlock();
        }
    }

    /** Asks again and again, as long as the server owes something and gives signs. */
    private void attend(ServerAddress server) {
        try {
            while (!closed && owes(pool.carriers(server), world.time().nanos())) {
                if (!givesSign(server)) {
                    giveUp(server);
                    return;
                }
                world.time().sleep(options.signEveryNanos());
            }
        } finally {
            lock.lock();
            try {
                asked.remove(server);
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean givesSign(ServerAddress server) {
        long began = world.time().nanos();
        long deadline = began + options.signNanos();
        while (true) {
            try {
                pool.get(server, STRIPE, deadline)
                        .call(Method.PING, Empty.getDefaultInstance())
                        .await(Empty.parser(), deadline)
                        .release();
                return true;
            } catch (RpcException e) {
                long now = world.time().nanos();
                if (e.code() != ErrorCode.UNREACHABLE || heardSince(server, began, now)) {
                    return true;
                }
                if (e.refused()) {
                    return false;
                }
                if (now - deadline > OVERSLEPT_NANOS) {
                    world.witness().met(Probe.OVERSLEPT_A_SIGN);
                    return true;
                }
                if (closed || now >= deadline) {
                    return closed;
                }
                world.time().sleep(Math.min(AGAIN_NANOS, deadline - now));
            }
        }
    }

    private boolean heardSince(ServerAddress server, long beganNanos, long nowNanos) {
        return pool.carriers(server).stream()
                .anyMatch(connection -> connection.quietNanos(nowNanos) < nowNanos - beganNanos);
    }

    private void giveUp(ServerAddress server) {
        world.witness().met(Probe.SERVER_GIVES_NO_SIGN);
        long now = world.time().nanos();
        for (Carrier connection : pool.carriers(server)) {
            long millis = connection.quietNanos(now) / 1_000_000;
            connection.giveUp("it has given no sign of life for " + millis + " ms");
        }
    }
}
