package cairn.bench.raw;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One connection of the bare moves; one thread at a time.
 *
 * <pre>
 * request:  op 1 | further servers 1 | flags 1 | name length 1 | payload bytes 4 | crc32c 4 | position 8 | name | payload
 * answer:   status 1 (0: well, 1: refused), of reads also: bytes 4 | crc32c 4 | payload
 * </pre>
 */
final class Link implements Closeable {
    static final int PIECE_BYTES_MAX = 4 << 20;
    static final int HEADER_BYTES = 20;
    static final int READ_HEADER_BYTES = 9;

    /** Enough for any path of a workload. */
    private static final int NAME_BYTES_MAX = 127;

    private final SocketChannel socket;
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES + NAME_BYTES_MAX);
    private final CRC32C crc = new CRC32C();

    Link(SocketChannel socket) throws IOException {
        this.socket = socket;
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    static Link connect(int port) throws IOException {
        return new Link(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /** What is asked for. */
    enum Op {
        WRITE('w'),
        FLUSH('f'),
        READ('r'),
        STAT('s'),
        MKDIR('m'),
        TOUCH('t'),
        RENAME('n'),
        DELETE('d');

        private final char letter;

        Op(char letter) {
            this.letter = letter;
        }

        static Op of(byte letter) throws IOException {
            for (Op op : values()) {
                if (op.letter == letter) {
                    return op;
                }
            }
            throw new IOException("no request begins with " + letter);
        }
    }

    /**
     * The head of a request.
     *
     * @param hops further servers it goes on to
     * @param flags see {@link #ANSWER}, {@link #SYNC}, {@link #CLOSE}
     * @param bytes of the payload; of READ, bytes wanted
     * @param position in the file; -1: at its end
     */
    record Head(Op op, int hops, int flags, int bytes, int crc, long position, String name) {
        /** The sender waits for an answer. */
        static final int ANSWER = 1;

        static final int SYNC = 2;
        static final int CLOSE = 4;

        /** Bytes wanted of READ: all. The last piece of the answer is empty then. */
        static final int TO_THE_END = -1;

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        Head further(long at) {
            return new Head(op, hops - 1, flags, bytes, crc, at, name);
        }
    }

    void send(Head head, ByteBuffer payload) throws IOException {
        byte[] name = head.name.getBytes(StandardCharsets.UTF_8);
        header.clear();
        header.put((byte) head.op.letter)
                .put((byte) head.hops)
                .put((byte) head.flags)
                .put((byte) name.length);
        header.putInt(head.bytes)
                .putInt(head.crc)
                .putLong(head.position)
                .put(name)
                .flip();
        ByteBuffer[] parts = {header, payload};
        while (header.hasRemaining() || payload.hasRemaining()) {
            socket.write(parts);
        }
    }

    /** The next request's head. */
    Head receive() throws IOException {
        fill(header.clear().limit(HEADER_BYTES));
        header.flip();
        Op op = Op.of(header.get());
        int hops = header.get();
        int flags = header.get();
        byte[] name = new byte[header.get()];
        int bytes = header.getInt();
        int sum = header.getInt();
        long position = header.getLong();
        fill(header.clear().limit(name.length));
        header.flip().get(name);
        return new Head(op, hops, flags, bytes, sum, position, new String(name, StandardCharsets.UTF_8));
    }

    void answer(boolean well) throws IOException {
        header.clear().put((byte) (well ? 0 : 1)).flip();
        drain(header);
    }

    void awaitAnswer(String what) throws IOException {
        fill(header.clear().limit(1));
        if (header.get(0) != 0) {
            throw new IOException("refused: " + what);
        }
    }

    void sendPiece(ByteBuffer payload) throws IOException {
        header.clear()
                .put((byte) 0)
                .putInt(payload.remaining())
                .putInt(sum(payload))
                .flip();
        ByteBuffer[] parts = {header, payload};
        while (header.hasRemaining() || payload.hasRemaining()) {
            socket.write(parts);
        }
    }

    /** Reads one piece of an answer to READ into the buffer and checks it. */
    int receivePiece(ByteBuffer into) throws IOException {
        fill(header.clear().limit(1));
        if (header.get(0) != 0) {
            throw new IOException("refused: read");
        }
        fill(header.clear().limit(READ_HEADER_BYTES - 1));
        int bytes = header.getInt(0);
        int sum = header.getInt(Integer.BYTES);
        ByteBuffer part = into.slice(into.position(), bytes);
        fill(part);
        check(part.flip(), sum);
        into.position(into.position() + bytes);
        return bytes;
    }

    /** Whether the next piece is the empty one at the end. If not, its payload is still to come. */
    boolean receiveEnd() throws IOException {
        fill(header.clear().limit(READ_HEADER_BYTES));
        return header.getInt(1) == 0;
    }

    void check(ByteBuffer payload, int wanted) throws IOException {
        if (sum(payload) != wanted) {
            throw new IOException("a checksum does not match");
        }
    }

    /** The checksum of what remains, which stays. */
    int sum(ByteBuffer payload) {
        crc.reset();
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }

    void fill(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (socket.read(into) < 0) {
                throw new EOFException("the other end is gone");
            }
        }
    }

    private void drain(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            socket.write(from);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
