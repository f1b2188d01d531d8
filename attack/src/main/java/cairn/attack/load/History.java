package cairn.attack.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one client did. A line for each call, written before the call is made, so that a client that is killed leaves no call
 * behind that nobody knows of; a line for each answer; a line when an epoch is over. Words are apart by tabs:
 *
 * <pre>
 *   c  ID  NANOS  KIND  EPOCH  ...     a call
 *   a  ID  NANOS  ok    ...            its answer, or
 *   a  ID  NANOS  error CODE  MESSAGE
 *   d  EPOCH                           no call of this epoch will follow
 * </pre>
 *
 * <p>NANOS is {@link System#nanoTime}, one clock for all processes of a machine. A line is one {@code write}: the kernel has it
 * when {@link #call} returns. The last line of a killed client may be torn; it has no line end then. Thread-safe.
 */
final class History implements Closeable {

    private final FileChannel file;
    private final ReentrantLock lock = new ReentrantLock();
    private long calls;

    History(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A call is about to be made. Returns its id. */
    long call(Object... words) {
        lock.lock();
        try {
            long id = ++calls;
            write("c\t" + id + "\t" + System.nanoTime(), words);
            return id;
        } finally {
            lock.unlock();
        }
    }

    /** It was answered, with success. */
    void ok(long id, Object... words) {
        answer(id, "ok", words);
    }

    /** It was answered with an error, or not at all. */
    void error(long id, String code, String message) {
        answer(id, "error", code, message.replaceAll("\\s+", " "));
    }

    private void answer(long id, String outcome, Object... words) {
        long now = System.nanoTime();
        lock.lock();
        try {
            write("a\t" + id + "\t" + now + "\t" + outcome, words);
        } finally {
            lock.unlock();
        }
    }

    void done(long epoch) {
        lock.lock();
        try {
            write("d\t" + epoch);
        } finally {
            lock.unlock();
        }
    }

    private void write(String begin, Object... words) {
        StringBuilder line = new StringBuilder(begin);
        for (Object word : words) {
            line.append('\t').append(word);
        }
        ByteBuffer bytes = ByteBuffer.wrap(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
