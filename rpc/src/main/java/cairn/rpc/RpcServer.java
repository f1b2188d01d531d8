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
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Serves a listener: one thread for each connection, at most {@link RpcOptions#connectionsMax}; those beyond are told
 * BUSY. Thread-safe.
 */
public final class RpcServer {
    /** Connections that are being told that there are too many; those beyond are closed without a word. */
    private static final int REFUSING_MAX = 64;

    /** After a failed accept (no file descriptor left, say) it is tried again so much later. */
    private static final long ACCEPT_PAUSE_NANOS = 100_000_000L;

    private final Endpoint self;
    private final Listener listener;
    private final RpcService service;
    private final Watch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<ServerConnection> serving = new LinkedHashSet<>();
    private final Set<ServerConnection> refusing = new LinkedHashSet<>();
    private volatile boolean closed;

    private RpcServer(Endpoint self, Listener listener, RpcService service) {
        this.self = self;
        this.listener = listener;
        this.service = service;
        this.watch = new Watch(self.world(), self.options());
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
        ServerConnection connection = new ServerConnection(self, accepted, service);
        boolean serve;
        boolean refuse;
        lock.lock();
        try {
            serve = !closed && serving.size() < self.options().connectionsMax() && serving.add(connection);
            refuse = !serve && !closed && refusing.size() < REFUSING_MAX && refusing.add(connection);
        } finally {
            lock.unlock();
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
