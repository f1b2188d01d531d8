package cairn.attack.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Passes connections on and every byte of them later, in order: latency for a kernel without netem. {@code PORT HOST:PORT
 * MILLIS}: listens at the first, connects to the second, holds each piece back for so long, in both directions.
 */
public final class ProxyMain {

    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES_MAX = 256;

    private ProxyMain() {}

    /** Bytes and when they may go on; none: the end. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    private record Piece(byte[] bytes, long dueNanos) {}

    public static void main(String[] arguments) throws IOException {
        int colon = arguments[1].lastIndexOf(':');
        InetSocketAddress target = new InetSocketAddress(
                arguments[1].substring(0, colon), Integer.parseInt(arguments[1].substring(colon + 1)));
        long delayNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[2]));
        try (ServerSocket listener = new ServerSocket(Integer.parseInt(arguments[0]))) {
            System.out.println("ready");
            while (true) {
                Socket from = listener.accept();
                Thread.ofVirtual().start(() -> pass(from, target, delayNanos));
            }
        }
    }

    private static void pass(Socket from, InetSocketAddress target, long delayNanos) {
        Socket to = new Socket();
        try {
            to.connect(target);
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
        } catch (IOException e) {
            close(from);
            close(to);
            return;
        }
        direct(from, to, delayNanos);
        direct(to, from, delayNanos);
    }

    private static void direct(Socket from, Socket to, long delayNanos) {
        BlockingQueue<Piece> held = new LinkedBlockingQueue<>(PIECES_MAX);
        Thread.ofVirtual().start(() -> take(from, held, delayNanos));
        Thread.ofVirtual().start(() -> give(held, from, to));
    }

    private static void take(Socket from, BlockingQueue<Piece> held, long delayNanos) {
        byte[] buffer = new byte[PIECE_BYTES];
        try {
            InputStream input = from.getInputStream();
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                held.put(new Piece(Arrays.copyOf(buffer, count), System.nanoTime() + delayNanos));
            }
            held.put(new Piece(new byte[0], System.nanoTime() + delayNanos));
        } catch (IOException e) {
            close(from); // a reset on one side becomes an end on the other
            held.clear();
            held.add(new Piece(new byte[0], System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void give(BlockingQueue<Piece> held, Socket from, Socket to) {
        try {
            OutputStream output = to.getOutputStream();
            for (Piece piece = held.take(); piece.bytes.length > 0; piece = held.take()) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, piece.dueNanos - System.nanoTime()));
                output.write(piece.bytes);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is not used any more either way
        }
    }
}
