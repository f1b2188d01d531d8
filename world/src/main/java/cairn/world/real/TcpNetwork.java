package cairn.world.real;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Listener;
import cairn.world.Network;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** TCP with blocking channels. Buffer sizes are left to the kernel, which tunes them. */
final class TcpNetwork implements Network {
    /** Connections that wait to be accepted; the kernel cuts it to net.core.somaxconn. */
    private static final int BACKLOG = 1024;

    @Override
    public boolean isHere(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false; // no name of this host, or none at all
        }
    }

    @Override
    public Listener listen(ServerAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(resolve(address), BACKLOG);
            return new TcpListener(channel, address.host());
        } catch (BindException e) {
            channel.close();
            throw named(new BindException("cannot listen at " + address + ": " + bindProblem(e)), e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    private static String bindProblem(BindException e) {
        String text = String.valueOf(e.getMessage());
        if (text.contains("already in use")) {
            return "port in use (is another process running there?)";
        }
        return text.contains("assign requested address") ? "this host does not have the address" : text;
    }

    /** Resolving the name is up to the system's resolver and does not watch the deadline. */
    @Override
    public Connection connect(ServerAddress to, long deadlineNanos) throws IOException {
        InetSocketAddress address = resolve(to);
        int millis = (int) Math.min(Integer.MAX_VALUE, (deadlineNanos - System.nanoTime()) / 1_000_000);
        if (millis <= 0) {
            throw new SocketTimeoutException("no time left to connect to " + to);
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, millis);
            return new TcpConnection(channel, to.toString());
        } catch (ConnectException e) {
            channel.close();
            throw named(new ConnectException("nobody listens at " + to + ": " + e.getMessage()), e);
        } catch (SocketTimeoutException e) {
            channel.close();
            throw named(new SocketTimeoutException(to + " did not answer a connect within " + millis + " ms"), e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("cannot connect to " + to + ": " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress resolve(ServerAddress address) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new UnknownHostException("the host name of " + address + " cannot be resolved");
        }
        return resolved;
    }

    private static <E extends IOException> E named(E problem, IOException cause) {
        problem.initCause(cause);
        return problem;
    }
}
