package cairn.simulation;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayDeque;

/** A listening socket of one life. The host's kernel finishes handshakes into the backlog, even for a stopped process. */
final class SimListener implements Listener {

    private static final int BACKLOG_MAX = 128;

    private final Life life;
    private final ServerAddress address;
    private final ArrayDeque<SimConnection> backlog = new ArrayDeque<>();
    private final Links.Waiters accepters = new Links.Waiters();
    private boolean closed;

    SimListener(Life life, ServerAddress address) {
        this.life = life;
        this.address = address;
    }

    @Override
    public Connection accept() throws IOException {
        SimThread me = life.enter();
        life.node().scheduler().yieldNow();
        while (backlog.isEmpty() && !closed) {
            accepters.park(me);
        }
        if (closed) {
            throw new AsynchronousCloseException(); // what a channel throws
        }
        return backlog.remove();
    }

    boolean isFull() {
        return backlog.size() >= BACKLOG_MAX;
    }

    void offer(SimConnection connection) {
        backlog.add(connection);
        accepters.wakeAll();
    }

    Life life() {
        return life;
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    public void close() {
        if (closed || !life.isAlive()) {
            return;
        }
        closed = true;
        life.node().listeners().remove(address.port());
        backlog.forEach(SimConnection::close);
        backlog.clear();
        accepters.wakeAll();
    }
}
