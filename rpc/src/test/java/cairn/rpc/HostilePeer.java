package cairn.rpc;

import cairn.wire.Frame;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.HelloRequest;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A bare socket that says what it likes, and reads nothing. */
final class HostilePeer implements AutoCloseable {
    private final Socket socket;
    private long nextId = 2;

    private HostilePeer(Cell cell) throws IOException {
        socket = new Socket(
                InetAddress.getLoopbackAddress(), cell.server.address().port());
    }

    /** Connects and says nothing. */
    static HostilePeer stranger(Cell cell) throws IOException {
        return new HostilePeer(cell);
    }

    static HostilePeer greeted(Cell cell) throws IOException {
        HostilePeer peer = new HostilePeer(cell);
        peer.send(Frame.encode(FrameKind.REQUEST, Method.HELLO.number(), 1, hello(), 0));
        return peer;
    }

    static HelloRequest hello() {
        return HelloRequest.newBuilder().setProtocolVersion(1).build();
    }

    void call(Method method, MessageLite message) throws IOException {
        send(Frame.encode(FrameKind.REQUEST, method.number(), nextId++, message, 0));
    }

    /** Header and message of a request whose payload never comes, or not all of it. */
    void begin(Method method, MessageLite message, int payloadBytes) throws IOException {
        send(Frame.encode(FrameKind.REQUEST, method.number(), nextId++, message, payloadBytes));
    }

    /** The header of a request whose message of so many bytes never comes, or not all of it. */
    static byte[] headerOf(Method method, int messageBytes) {
        ByteBuffer header = ByteBuffer.wrap(
                Frame.encode(FrameKind.REQUEST, method.number(), 9, HelloRequest.getDefaultInstance(), 0));
        header.putInt(16, messageBytes);
        CRC32C sum = new CRC32C();
        sum.update(header.duplicate().position(0).limit(24));
        return header.putInt(24, (int) sum.getValue()).array();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a byte as often as it can until it is cut off. */
    void trickle(long millis) throws InterruptedException {
        try {
            while (true) {
                socket.getOutputStream().write(0);
                Thread.sleep(millis);
            }
        } catch (IOException e) {
            // cut off
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
