package cairn.world.real;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;

/** A listening socket. Thread-safe. */
final class TcpListener implements Listener {
    private final ServerSocketChannel channel;
    private final ServerAddress address;

    /** Held by who accepts: the kernel listens until that thread has left the system call, closed or not. */
    private final Semaphore accepting = new Semaphore(1);

    TcpListener(ServerSocketChannel channel, String host) throws IOException {
        this.channel = channel;
        this.address = new ServerAddress(host, ((InetSocketAddress) channel.getLocalAddress()).getPort());
    }

    @Override
    public Connection accept() throws IOException {
        SocketChannel accepted = take();
        try {
            InetSocketAddress peer = (InetSocketAddress) accepted.getRemoteAddress();
            String name = new ServerAddress(peer.getAddress().getHostAddress(), peer.getPort()).toString();
            return new TcpConnection(accepted, name);
        } catch (IOException | RuntimeException e) {
            accepted.close();
            throw e;
        }
    }

    private SocketChannel take() throws IOException {
        accepting.acquireUninterruptibly();
        try {
            return channel.accept();
        } finally {
            accepting.release();
        }
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            accepting.acquireUninterruptibly();
            accepting.release();
        }
    }
}
