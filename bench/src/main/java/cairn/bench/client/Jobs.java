package cairn.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** The jobs by kind. Bytes written are random, and the same in each run. */
final class Jobs {
    static final String ROOT = "/bench";

    /** What sequential writers and readers hand over at a time; the paper's clients write 1 MB, too. */
    static final int BUFFER_BYTES = 1 << 20;

    private Jobs() {}

    static Job make(Order order, Access access) {
        return switch (order.job()) {
            case WRITE -> new WriteJob(order, access);
            case READ, PREAD, READ_NET, PREAD_NET -> new ReadJob(order, access);
            case APPEND, APPEND_PIPELINED -> new AppendJob(order, access);
            case FOLLOW -> new FollowJob(order, access);
            case SMALL_CREATE, SMALL_READ, SMALL_DELETE -> new SmallFilesJob(order, access);
            case STAT, MKDIR, RENAME, TOUCH -> new NamesJob(order, access);
        };
    }

    static ByteBuffer random(Access access, int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return access.allocate(bytes).put(content).flip();
    }

    /** Writes and closes a file of {@code bytes} bytes. */
    static void fill(Access access, String path, long bytes, Order order) throws IOException {
        ByteBuffer content = random(access, (int) Math.min(bytes, BUFFER_BYTES));
        try (Access.Sink sink = access.create(path, order.replicas(), order.synced())) {
            for (long left = bytes; left > 0; left -= content.limit()) {
                content.clear().limit((int) Math.min(left, content.capacity()));
                sink.write(content);
            }
        }
    }
}
