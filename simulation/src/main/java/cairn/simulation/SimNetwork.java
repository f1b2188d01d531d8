package cairn.simulation;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import cairn.world.Network;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The network port of one life. A host's name is its node's name. */
final class SimNetwork implements Network {

    private static final long CONNECT_RETRY_NANOS = 1_000_000_000L; // Linux resends a SYN after one second

    private final Life life;
    private final SimNode here;
    private final Links links;
    private final SimScheduler scheduler;

    SimNetwork(Life life, Links links) {
        this.life = life;
        this.here = life.node();
        this.links = links;
        this.scheduler = here.scheduler();
    }

    @Override
    public Listener listen(ServerAddress address) throws IOException {
        life.enter();
        scheduler.yieldNow();
        if (!isOwn(address.host()) && !address.host().equals("0.0.0.0")) {
            throw new BindException(address + ": not an address of " + here);
        }
        int port = address.port() == 0 ? here.freePort() : address.port();
        if (here.listeners().containsKey(port)) {
            throw new BindException(address + ": address already in use");
        }
        SimListener listener = new SimListener(life, new ServerAddress(address.host(), port));
        here.listeners().put(port, listener);
        return listener;
    }

    /** A guest has a name of its own, and knows that of its host. */
    @Override
    public boolean isHere(String host) {
        return isOwn(host) || host.equals(here.host().name());
    }

    private boolean isOwn(String host) {
        return host.equals(here.name()) || host.equals("localhost") || host.equals("127.0.0.1");
    }

    @Override
    public Connection connect(ServerAddress to, long deadlineNanos) throws IOException {
        life.enter();
        long deadline = here.clock().worldNanosAt(deadlineNanos);
        SimNode there = isOwn(to.host()) ? here : links.host(to.host());
        if (there == null) {
            sleepUntil(links.delayNanos(), deadline, to);
            throw new UnknownHostException(to.host());
        }
        while (true) {
            sleepUntil(links.delayNanos(), deadline, to);
            Connection connection = links.open(here, there) ? knock(there, to, deadline) : null;
            if (connection != null) {
                return connection;
            }
            sleepUntil(CONNECT_RETRY_NANOS, deadline, to);
        }
    }

    /** One handshake whose first packet has arrived; null when it got no answer. */
    private @Nullable Connection knock(SimNode there, ServerAddress to, long deadline) throws IOException {
        SimListener listener = there.listeners().get(to.port());
        boolean answered = links.open(there, here);
        if (listener == null) {
            if (answered) {
                sleepUntil(links.delayNanos(), deadline, to);
                throw new ConnectException(to + ": connection refused");
            }
            return null;
        }
        if (listener.isFull()) {
            return null;
        }
        SimConnection connection = open(listener, to);
        if (!answered) {
            connection.abandon(true); // the listener's end stays half open
            return null;
        }
        try {
            sleepUntil(links.delayNanos(), deadline, to);
        } catch (SocketTimeoutException e) {
            connection.close();
            throw e;
        }
        if (links.random().chance(links.options().ghostRate())) {
            new Ghost(links, here, there, to, listener.life()).follow(connection);
        }
        return connection;
    }

    private SimConnection open(SimListener listener, ServerAddress to) {
        String clientName = here.name() + ":" + here.freePort();
        SimConnection connection = new SimConnection(links, life, listener.life(), clientName, to.toString());
        links.note(connection, "connects", 0);
        listener.offer(connection.other());
        return connection;
    }

    private void sleepUntil(long nanos, long deadline, ServerAddress to) throws SocketTimeoutException {
        long left = deadline - scheduler.nowNanos();
        if (nanos >= left) {
            scheduler.sleep(left);
            throw new SocketTimeoutException(to + ": connect timed out");
        }
        scheduler.sleep(nanos);
    }
}
