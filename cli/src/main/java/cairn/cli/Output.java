package cairn.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Standard output or standard error: UTF-8 text through a small buffer, bulk bytes straight through, in the order of
 * the calls. Unlike {@link java.io.PrintStream} it reports a failure, and remembers it, so that a reader that went away
 * ({@code cairn cat f | head}) ends the command instead of making it write into the void. Thread-safe.
 */
final class Output implements WritableByteChannel {
    private static final int BUFFER_BYTES = 8 << 10;

    private final WritableByteChannel to;
    private final ByteBuffer text = ByteBuffer.allocate(BUFFER_BYTES);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean broken;

    Output(WritableByteChannel to) {
        this.to = to;
    }

    void print(String words) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
        lock.lock();
        try {
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), text.remaining());
                text.put(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
                if (!text.hasRemaining()) {
                    flush();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void println(String words) throws IOException {
        print(words + "\n");
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        lock.lock();
        try {
            flush();
            return drain(bytes);
        } finally {
            lock.unlock();
        }
    }

    void flush() throws IOException {
        lock.lock();
        try {
            drain(text.flip());
        } finally {
            text.clear();
            lock.unlock();
        }
    }

    /** Whether a write failed: nobody will read what is still to come. */
    boolean isBroken() {
        return broken;
    }

    @Override
    public boolean isOpen() {
        return !broken;
    }

    /** Flushes; the stream belongs to the process and stays open. */
    @Override
    public void close() throws IOException {
        flush();
    }

    private int drain(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            broken = true;
            throw e;
        }
        return count;
    }
}
