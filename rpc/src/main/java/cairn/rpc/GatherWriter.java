package cairn.rpc;

import cairn.rpc.FrameSender.Outgoing;
import cairn.world.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts many frames into few gather writes: headers, messages and tiny payloads are laid into one buffer, all other
 * payloads go to the socket from where they are. Used by one thread.
 */
final class GatherWriter {
    /** A payload up to this is cheaper to copy than to be given a place of its own in a gather write. */
    private static final int TINY_PAYLOAD_BYTES = 1024;

    private static final int BUFFER_BYTES_MAX = 64 << 10;
    private static final int SEGMENTS_MAX = 16;

    private final Connection connection;
    private final Payload buffer;
    private final ByteBuffer out;
    private final List<ByteBuffer> segments = new ArrayList<>();
    private int cutAt;

    GatherWriter(Connection connection, PayloadPool pool, List<Outgoing> frames) {
        this.connection = connection;
        this.buffer = pool.takeNow(bufferBytes(frames));
        this.out = buffer.buffer();
    }

    private static int bufferBytes(List<Outgoing> frames) {
        long bytes = 0;
        for (Outgoing frame : frames) {
            bytes += frame.head().length
                    + (tiny(frame.payload()) ? frame.payload().length() : 0);
        }
        return (int) Math.min(bytes, BUFFER_BYTES_MAX);
    }

    /** Returns when the socket has taken everything. */
    void write(List<Outgoing> frames) throws IOException {
        for (Outgoing frame : frames) {
            addHead(frame.head());
            addPayload(frame.payload());
        }
        flush();
    }

    void release() {
        buffer.release();
    }

    private void addHead(byte[] head) throws IOException {
        int done = 0;
        while (done < head.length) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(out.remaining(), head.length - done);
            out.put(head, done, count);
            done += count;
        }
    }

    private void addPayload(Payload payload) throws IOException {
        if (payload.length() == 0) {
            return;
        }
        if (tiny(payload) && payload.length() <= out.remaining()) {
            out.put(payload.buffer());
            return;
        }
        cut();
        segments.add(payload.buffer());
        if (segments.size() >= SEGMENTS_MAX) {
            flush();
        }
    }

    private static boolean tiny(Payload payload) {
        return payload.length() <= TINY_PAYLOAD_BYTES;
    }

    /** Ends the current run of copied bytes. */
    private void cut() {
        if (out.position() > cutAt) {
            segments.add(out.slice(cutAt, out.position() - cutAt));
            cutAt = out.position();
        }
    }

    private void flush() throws IOException {
        cut();
        if (!segments.isEmpty()) {
            connection.write(segments.toArray(new ByteBuffer[0]));
            segments.clear();
        }
        out.clear();
        cutAt = 0;
    }
}
