package cairn.world.real;

import cairn.world.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket. A thread that comes in interrupted goes on and stays interrupted: the JDK would close the channel
 * under everybody who shares it. (An interrupt that arrives while the thread blocks in here still does.)
 */
final class TcpConnection implements Connection {
    private static final long MILLI_NANOS = 1_000_000L;

    /** What a read with a deadline takes at first: a whole number of cache lines, so that what follows lies well, too. */
    private static final int FIRST_BYTES = 128;

    private final SocketChannel channel;
    private final String peer;

    /** The channel seen as a stream, and what it reads into: only streams have deadlines. Of the thread that reads. */
    private @Nullable InputStream stream;

    private final byte[] first = new byte[FIRST_BYTES];

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

    /**
     * While bytes are at hand this is a plain read. Otherwise the first of them come through the stream, which can wait with a
     * deadline; a {@code Selector} could as well, but a channel that has one never blocks, and costs a call more for each read.
     */
    @Override
    public int read(ByteBuffer into, long deadlineNanos) throws IOException {
        InputStream in = stream;
        if (in == null) {
            in = channel.socket().getInputStream();
            stream = in;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (in.available() > 0) {
                return channel.read(into);
            }
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0 || !into.hasRemaining()) {
                return 0;
            }
            channel.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, (left + MILLI_NANOS - 1) / MILLI_NANOS));
            int count = in.read(first, 0, Math.min(FIRST_BYTES, into.remaining()));
            into.put(first, 0, Math.max(0, count));
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
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
