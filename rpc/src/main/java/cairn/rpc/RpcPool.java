package cairn.rpc;

import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connections by address, made when first needed and closed when long idle; a broken one is replaced at the next call.
 * Callers who want the same connection at once share one attempt. A server that owes answers and gives no sign of life is
 * found out by its {@link Pulse}. Thread-safe.
 */
public final class RpcPool {
    private record Key(ServerAddress address, int stripe) {}

    private static final class Slot {
        private final Key key;
        private final Condition changed;
        private @Nullable RpcConnection connection;
        private boolean connecting;
        private int waiting;
        private @Nullable RpcException refusal;
        private long refusedAtNanos;
        private long wantedAtNanos;

        Slot(Key key, Condition changed) {
            this.key = key;
            this.changed = changed;
        }
    }

    private final Endpoint self;
    private final World world;
    private final Watch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Slot> slots = new LinkedHashMap<>();

    /** Those of {@link #slots} that carry calls: a master asks again and again for those of one of thousands of servers. */
    private final Map<ServerAddress, List<Slot>> carrying = new LinkedHashMap<>();

    private final Watch.Watched sweeper = this::sweep;
    private final Pulse pulse;
    private final RpcStreams streams;
    private boolean closed;

    public RpcPool(Endpoint self) {
        this.self = self;
        this.world = self.world();
        this.watch = new Watch(world, self.options(), self.options().lookEveryNanos());
        this.pulse = new Pulse(this, self);
        this.streams = new RpcStreams(self, () -> watch.add(sweeper));
    }

    /** Connections to the same servers for callers who take the answers themselves. */
    public RpcStreams streams() {
        return streams;
    }

    public RpcConnection get(ServerAddress address, long deadlineNanos) throws RpcException {
        return get(address, 0, deadlineNanos);
    }

    /** The connection number {@code stripe} to this address, made when there is none. */
    public RpcConnection get(ServerAddress address, int stripe, long deadlineNanos) throws RpcException {
        Slot slot;
        lock.lock();
        try {
            slot = slots.computeIfAbsent(new Key(address, stripe), this::newSlot);
            RpcConnection ready = awaitTurn(slot, address, deadlineNanos);
            if (ready != null) {
                return ready;
            }
            slot.connecting = true;
        } finally {
            lock.unlock();
        }
        return connect(slot, address, deadlineNanos);
    }

    /** Connects when needed, sends, waits. The payload's ownership passes in any case. */
    public <M extends MessageLite> Reply<M> call(
            ServerAddress address,
            Method method,
            MessageLite message,
            Payload payload,
            Parser<M> parser,
            long deadlineNanos)
            throws RpcException {
        RpcConnection connection = null;
        try {
            connection = get(address, deadlineNanos);
        } finally {
            if (connection == null) {
                payload.release();
            }
        }
        return connection.call(method, message, payload).await(parser, deadlineNanos);
    }

    /** As above, without payload either way. */
    public <M extends MessageLite> M call(
            ServerAddress address, Method method, MessageLite message, Parser<M> parser, long deadlineNanos)
            throws RpcException {
        Reply<M> reply = call(address, method, message, Payload.empty(), parser, deadlineNanos);
        reply.release();
        return reply.message();
    }

    /** Closes all connections; their unanswered calls fail. */
    public void close() {
        List<RpcConnection> open = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (Slot slot : slots.values()) {
                if (slot.connection != null) {
                    open.add(slot.connection);
                }
                slot.changed.signalAll();
            }
            slots.clear();
            carrying.clear();
        } finally {
            lock.unlock();
        }
        pulse.close();
        streams.close();
        open.forEach(RpcConnection::close);
        watch.close();
    }

    /** Returns the connection, or null when it is the caller's turn to make it. */
    private @Nullable RpcConnection awaitTurn(Slot slot, ServerAddress address, long deadlineNanos)
            throws RpcException {
        while (true) {
            if (closed) {
                throw RpcException.unreachable("no connection to " + address + ": this side has stopped", null);
            }
            if (slot.connection != null && !slot.connection.closed()) {
                slot.wantedAtNanos = world.time().nanos();
                return slot.connection;
            }
            slot.connection = null;
            if (slot.refusal != null
                    && world.time().nanos() - slot.refusedAtNanos
                            < self.options().refusalNanos()) {
                world.witness().met(Probe.REFUSED_A_MOMENT_AGO);
                throw slot.refusal.again();
            }
            if (!slot.connecting) {
                return null;
            }
            if (!await(slot, deadlineNanos) && slot.connecting) {
                world.witness().met(Probe.CONNECTION_NOT_MADE_IN_TIME);
                throw RpcException.unreachable("no connection to " + address + " within the deadline", null);
            }
        }
    }

    /** Whoever waits may have to make the connection: until then the slot is not forgotten, and the connection with it. */
    private boolean await(Slot slot, long deadlineNanos) {
        slot.waiting++;
        try {
            return world.time().await(lock, slot.changed, deadlineNanos);
        } finally {
            slot.waiting--;
        }
    }

    private RpcConnection connect(Slot slot, ServerAddress address, long deadlineNanos) throws RpcException {
        RpcConnection made = null;
        RpcException problem = null;
        long limit = world.time().nanos() + self.options().connectNanos();
        try {
            made = RpcConnection.connect(self, address, Math.min(deadlineNanos, limit), watch, false);
        } catch (RpcException e) {
            // Of one that had all the time it is told to all who wait: each trying for itself would take as long again.
            problem = e.refused() || world.time().nanos() >= limit ? e : null;
            throw e;
        } finally {
            settle(slot, made, problem);
        }
        watch.add(sweeper);
        return made;
    }

    /** @param problem what those who come within a moment are told, too */
    private void settle(Slot slot, @Nullable RpcConnection made, @Nullable RpcException problem) {
        boolean late;
        lock.lock();
        try {
            late = closed;
            slot.connecting = false;
            slot.connection = made;
            slot.refusal = problem;
            slot.refusedAtNanos = world.time().nanos();
            slot.wantedAtNanos = slot.refusedAtNanos;
            slot.changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (late && made != null) {
            world.witness().met(Probe.CONNECTED_TOO_LATE);
            made.close();
        }
    }

    private Slot newSlot(Key key) {
        Slot slot = new Slot(key, lock.newCondition());
        if (key.stripe() != Pulse.STRIPE) {
            carrying.computeIfAbsent(key.address(), address -> new ArrayList<>(2))
                    .add(slot);
        }
        return slot;
    }

    private void forget(Slot slot) {
        List<Slot> beside = carrying.get(slot.key.address());
        if (beside != null && beside.remove(slot) && beside.isEmpty()) {
            carrying.remove(slot.key.address());
        }
    }

    /** The connections to one address that carry calls, in the order in which they were made. */
    List<Carrier> carriers(ServerAddress address) {
        List<Carrier> carriers = new ArrayList<>(2);
        lock.lock();
        try {
            for (Slot slot : carrying.getOrDefault(address, List.of())) {
                if (slot.connection != null) {
                    carriers.add(slot.connection);
                }
            }
        } finally {
            lock.unlock();
        }
        streams.carriers((to, stream) -> {
            if (to.equals(address)) {
                carriers.add(stream);
            }
        });
        return carriers;
    }

    /** The connections that carry calls, by address, in the order in which they were made. */
    Map<ServerAddress, List<Carrier>> carriers() {
        Map<ServerAddress, List<Carrier>> carriers = new LinkedHashMap<>();
        lock.lock();
        try {
            slots.forEach((key, slot) -> {
                if (key.stripe() != Pulse.STRIPE && slot.connection != null) {
                    carriers.computeIfAbsent(key.address(), address -> new ArrayList<>(2))
                            .add(slot.connection);
                }
            });
        } finally {
            lock.unlock();
        }
        streams.carriers((to, stream) ->
                carriers.computeIfAbsent(to, address -> new ArrayList<>(2)).add(stream));
        return carriers;
    }

    /** Forgets what is broken, idle or long refused. */
    private void sweep(long nowNanos) {
        pulse.look(nowNanos);
        List<RpcConnection> idle = new ArrayList<>();
        lock.lock();
        try {
            for (Iterator<Slot> each = slots.values().iterator(); each.hasNext(); ) {
                Slot slot = each.next();
                RpcConnection connection = slot.connection;
                if (!slot.connecting
                        && slot.waiting == 0
                        && (connection == null || connection.closed() || idle(slot, connection, nowNanos))) {
                    each.remove();
                    forget(slot);
                    if (connection != null) {
                        idle.add(connection);
                    }
                }
            }
            if (slots.isEmpty()) {
                watch.remove(sweeper);
            }
        } finally {
            lock.unlock();
        }
        if (streams.look(nowNanos)) {
            watch.add(sweeper);
        }
        idle.forEach(RpcConnection::close);
    }

    private boolean idle(Slot slot, RpcConnection connection, long nowNanos) {
        long limit = self.options().idleNanos();
        return nowNanos - slot.wantedAtNanos > limit && connection.idleNanos(nowNanos) > limit;
    }
}
