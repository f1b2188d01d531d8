package cairn.bench.raw;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A server of the bare moves: {@code RawServerMain DIRECTORY [PORT OF THE NEXT IN THE CHAIN]}. Ends with its input. */
public final class RawServerMain {

    private RawServerMain() {}

    public static void main(String[] arguments) throws IOException {
        RawFiles files = new RawFiles(Path.of(arguments[0]));
        int next = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        System.out.println("listening on 127.0.0.1:" + listener.socket().getLocalPort());
        start(() -> accept(listener, files, next));
        while (System.in.read() >= 0) {} // ends with who started it
        System.exit(0);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(ServerSocketChannel listener, RawFiles files, int next) {
        try (listener) {
            while (true) {
                SocketChannel peer = listener.accept();
                start(() -> converse(peer, files, next));
            }
        } catch (IOException e) {
            System.err.println("raw server: " + e);
            System.exit(1);
        }
    }

    private static void converse(SocketChannel peer, RawFiles files, int next) {
        try (RawConversation conversation = new RawConversation(new Link(peer), files, next)) {
            while (true) {
                conversation.turn();
            }
        } catch (EOFException e) {
            return; // the peer has closed
        } catch (IOException | RuntimeException e) {
            System.err.println("raw server: " + e);
        }
    }
}
