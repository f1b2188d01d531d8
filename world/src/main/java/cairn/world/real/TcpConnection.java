package cairn.world.real;

import cairn.world.Connection;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connected socket. A thread that comes in interrupted goes on and stays interrupted: the JDK would close the channel
 * under everybody who shares it. (An interrupt that arrives while the thread blocks in here still does.)
 */
final class TcpConnection implements Connection {
    private final SocketChannel channel;
    private final String peer;

    TcpConnection(SocketChannel channel, String peer) throws IOException {
        this.channel = channel;
        this.peer = peer;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return channel.read(into);
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public void write(ByteBuffer... from) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            if (from.length == 1) {
                writeAll(from[0]);
            } else {
                writeAll(from);
            }
        } finally {
            restore(interrupted);
        }
    }

    private void writeAll(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }

    private void writeAll(ByteBuffer[] from) throws IOException {
        int first = 0;
        while (true) {
            while (first < from.length && !from[first].hasRemaining()) {
                first++;
            }
            if (first == from.length) {
                return;
            }
            channel.write(from, first, from.length - first);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the socket is gone either way, and nobody can do anything about it
        }
    }
}
