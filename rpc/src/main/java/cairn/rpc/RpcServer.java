package cairn.rpc;

import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.world.Connection;
import cairn.world.Listener;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Serves a listener: one thread for each connection, at most {@link RpcOptions#connectionsMax}; those beyond are told
 * BUSY. Thread-safe.
 */
public final class RpcServer {
    /** Connections that are being told that there are too many; those beyond are closed without a word. */
    private static final int REFUSING_MAX = 64;

    /** A connection that has not said HELLO for so long gives way to another when there are too many. */
    private static final long STRANGE_NANOS = 1_000_000_000L;

    /** After a failed accept (no file descriptor left, say) it is tried again so much later. */
    private static final long ACCEPT_PAUSE_NANOS = 100_000_000L;

    private final Endpoint self;
    private final Listener listener;
    private final RpcService service;
    private final Watch watch;
    private final ServerLoad load;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<ServerConnection> serving = new LinkedHashSet<>();
    private final Set<ServerConnection> refusing = new LinkedHashSet<>();
    private volatile boolean closed;

    private RpcServer(Endpoint self, Listener listener, RpcService service) {
        this.self = self;
        this.listener = listener;
        this.service = service;
        this.watch = new Watch(self.world(), self.options());
        this.load = ServerLoad.of(self.world().time(), self.options());
    }

    /** Starts to accept on a thread of its own. The listener is closed with the server. */
    public static RpcServer start(Endpoint self, Listener listener, RpcService service) {
        RpcServer server = new RpcServer(self, listener, service);
        self.world().threads().start("rpc accept " + listener.address(), server::accept);
        return server;
    }

    public ServerAddress address() {
        return listener.address();
    }

    /** Connections being served now. */
    public int connections() {
        lock.lock();
        try {
            return serving.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of requests that are not answered yet, as {@link RpcOptions#requestBytesMax} counts them. */
    long requestBytes() {
        return load.requestBytes().used();
    }

    /** Threads of calls that wait. */
    long blockingCalls() {
        return load.threads().used();
    }

    /** Stops accepting and cuts all connections. Handlers that run go on; their answers are dropped. */
    public void close() {
        List<ServerConnection> all;
        lock.lock();
        try {
            closed = true;
            all = new ArrayList<>(serving);
            all.addAll(refusing);
        } finally {
            lock.unlock();
        }
        closeListener();
        all.forEach(ServerConnection::close);
        watch.close();
    }

    private void closeListener() {
        try {
            listener.close();
        } catch (IOException e) {
            self.events().connectionRefused(address().toString(), "closing the listener failed: " + e.getMessage());
        }
    }

    private void accept() {
        while (!closed) {
            try {
                admit(listener.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (!closed) {
                    self.world().witness().met(Probe.ACCEPT_FAILED);
                    self.events().connectionRefused(address().toString(), "accept failed: " + e.getMessage());
                    self.world().time().sleep(ACCEPT_PAUSE_NANOS);
                }
            }
        }
    }

    private void admit(Connection accepted) {
        ServerConnection connection = new ServerConnection(self, accepted, service, load);
        ServerConnection gaveWay;
        boolean serve;
        boolean refuse;
        lock.lock();
        try {
            gaveWay = serving.size() < self.options().connectionsMax() ? null : makeRoomFor(connection);
            serve = !closed && serving.size() < self.options().connectionsMax() && serving.add(connection);
            refuse = !serve && !closed && refusing.size() < REFUSING_MAX && refusing.add(connection);
        } finally {
            lock.unlock();
        }
        if (gaveWay != null) {
            self.world().witness().met(Probe.CONNECTION_GAVE_WAY);
            gaveWay.close();
        }
        if (serve || refuse) {
            watch.add(connection);
            self.world().threads().start("rpc from " + accepted.peer(), () -> run(connection, serve));
        } else {
            accepted.close();
        }
        if (!serve && !closed) {
            self.world().witness().met(Probe.TOO_MANY_CONNECTIONS);
            self.events().connectionRefused(accepted.peer(), tooMany());
        }
    }

    /**
     * Takes out the connection that can best be spared: one that has not said who it is, else one that an honest caller would
     * have closed by now, else an idle one of a host that has more than half of all. Null when there is none. The caller
     * holds the lock.
     */
    private @Nullable ServerConnection makeRoomFor(ServerConnection newcomer) {
        long now = self.world().time().nanos();
        String greedy = greedyHost();
        boolean other = !greedy.equals(newcomer.host());
        ServerConnection spared = mostOf(connection -> over(connection.strangeNanos(now), STRANGE_NANOS));
        if (spared == null) {
            spared = mostOf(
                    connection -> over(connection.idleNanos(now), self.options().idleNanos()));
        }
        if (spared == null && other) {
            spared = mostOf(connection -> connection.host().equals(greedy) ? connection.idleNanos(now) : 0);
        }
        if (spared != null) {
            serving.remove(spared);
        }
        return spared;
    }

    private static long over(long nanos, long limit) {
        return nanos > limit ? nanos : 0;
    }

    /** The connection with the highest number above 0. */
    private @Nullable ServerConnection mostOf(ToLongFunction<ServerConnection> number) {
        ServerConnection most = null;
        long best = 0;
        for (ServerConnection connection : serving) {
            long its = number.applyAsLong(connection);
            if (its > best) {
                best = its;
                most = connection;
            }
        }
        return most;
    }

    /** The host that has more than half of all connections; empty when none has. */
    private String greedyHost() {
        Map<String, Integer> counts = new TreeMap<>();
        for (ServerConnection connection : serving) {
            int count = counts.merge(connection.host(), 1, Integer::sum);
            if (count > self.options().connectionsMax() / 2) {
                return connection.host();
            }
        }
        return "";
    }

    private void run(ServerConnection connection, boolean serve) {
        try {
            if (serve) {
                connection.converse();
            } else {
                connection.refuse(tooMany());
            }
        } finally {
            forget(connection);
        }
    }

    private void forget(ServerConnection connection) {
        watch.remove(connection);
        lock.lock();
        try {
            serving.remove(connection);
            refusing.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    private String tooMany() {
        return "too many connections (" + self.options().connectionsMax() + "): try again later";
    }
}
