package cairn.bench.raw;

import cairn.bench.client.Access;
import cairn.bench.raw.Link.Head;
import cairn.bench.raw.Link.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The client's side of the bare moves: a connection for each file or call under way, used again and again. */
public final class RawAccess implements Access {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What small records that nobody waits for are collected to. */
    private static final int BATCH_BYTES = 64 << 10;

    private static final int SERVERS = 3;

    private final int port;
    private final Queue<Link> idle = new ConcurrentLinkedQueue<>();

    /** Talks to the first server of a chain. */
    public RawAccess(String address) {
        this.port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private Link link() throws IOException {
        Link link = idle.poll();
        return link == null ? Link.connect(port) : link;
    }

    private void call(Op op, int servers, String name) throws IOException {
        Link link = link();
        link.send(new Head(op, servers - 1, Head.ANSWER, 0, 0, 0, name), NOTHING);
        link.awaitAnswer(op + " " + name);
        idle.add(link);
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public Sink create(String path, int replicas, boolean synced) throws IOException {
        Link link = link();
        return new Sink() {
            private long position;

            @Override
            public void write(ByteBuffer from) throws IOException {
                int bytes = from.remaining();
                link.send(new Head(Op.WRITE, replicas - 1, 0, bytes, link.sum(from), position, path), from);
                position += bytes;
            }

            @Override
            public void close() throws IOException {
                int flags = Head.ANSWER | Head.CLOSE | (synced ? Head.SYNC : 0);
                link.send(new Head(Op.FLUSH, replicas - 1, flags, 0, 0, 0, path), NOTHING);
                link.awaitAnswer(path);
                idle.add(link);
            }
        };
    }

    @Override
    public Source open(String path) throws IOException {
        return new RawSource(path);
    }

    /** Reads from the first server, which sends a whole file in pieces, one after the other, to a sequential reader. */
    private final class RawSource implements Source {
        private final String path;
        private final Link link;
        private boolean streaming;

        RawSource(String path) throws IOException {
            this.path = path;
            this.link = link();
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (!streaming) {
                link.send(new Head(Op.READ, 0, Head.CLOSE, Head.TO_THE_END, 0, 0, path), NOTHING);
                streaming = true;
            }
            int count = link.receivePiece(into);
            streaming = count > 0;
            return count > 0 ? count : -1;
        }

        @Override
        public void readFully(long at, ByteBuffer into) throws IOException {
            link.send(new Head(Op.READ, 0, 0, into.remaining(), 0, at, path), NOTHING);
            while (into.hasRemaining()) {
                link.receivePiece(into);
            }
        }

        @Override
        public void close() throws IOException {
            if (streaming && !link.receiveEnd()) {
                link.close(); // there is more, which nobody wants
                return;
            }
            idle.add(link);
        }
    }

    @Override
    public Records append(String path, int producer, boolean synced) throws IOException {
        Link link = link();
        return new Records() {
            private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);

            @Override
            public void append(ByteBuffer record) throws IOException {
                send(record, Head.ANSWER | (synced ? Head.SYNC : 0));
                link.awaitAnswer(path);
            }

            @Override
            public void appendLater(ByteBuffer record) throws IOException {
                if (batch.remaining() < record.remaining()) {
                    sendBatch();
                }
                batch.put(record);
            }

            private void sendBatch() throws IOException {
                send(batch.flip(), 0);
                batch.clear();
            }

            private void send(ByteBuffer record, int flags) throws IOException {
                int bytes = record.remaining();
                link.send(new Head(Op.WRITE, SERVERS - 1, flags, bytes, link.sum(record), -1, path), record);
            }

            @Override
            public void flush() throws IOException {
                sendBatch();
                int flags = Head.ANSWER | (synced ? Head.SYNC : 0);
                link.send(new Head(Op.FLUSH, SERVERS - 1, flags, 0, 0, 0, path), NOTHING);
                link.awaitAnswer(path);
            }

            @Override
            public void close() {
                idle.add(link);
            }
        };
    }

    @Override
    public Source follow(String path) {
        throw new UnsupportedOperationException("the bare moves have no followers");
    }

    @Override
    public void stat(String path) throws IOException {
        call(Op.STAT, 1, path);
    }

    @Override
    public void mkdir(String path) throws IOException {
        call(Op.MKDIR, 1, path);
    }

    @Override
    public void touch(String path) throws IOException {
        call(Op.TOUCH, 1, path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call(Op.RENAME, 1, from + ">" + to);
    }

    @Override
    public void delete(String path) throws IOException {
        call(Op.DELETE, SERVERS, path);
    }

    @Override
    public void close() throws IOException {
        for (Link link : idle) {
            link.close();
        }
    }
}
