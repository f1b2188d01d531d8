package cairn.cli;

import cairn.cli.text.ProgressBar;
import cairn.model.Amount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows on a terminal how a copy gets on, a few times a second, from a thread of its own; elsewhere only counts.
 * Thread-safe: several files of a tree move at once, and are shown as one sum.
 */
final class Progress implements AutoCloseable {
    private static final long REDRAW_MILLIS = 200;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Console console;
    private final boolean visible;
    private final long startedNanos = System.nanoTime();
    private final AtomicLong moved = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private String name = "";
    private long totalBytes;
    private int files;
    private boolean over;
    private boolean drawn;

    /** Starts the thread when there is a terminal and {@code wanted}. */
    Progress(Console console, boolean wanted) {
        this.console = console;
        this.visible = wanted && console.terminal();
        if (visible) {
            Thread.ofPlatform().daemon().name("progress").start(this::redraw);
        }
    }

    /** Another file has begun; {@code bytes} is negative when nobody knows its length. */
    void begin(String fileName, long bytes) {
        lock.lock();
        try {
            name = fileName;
            files++;
            totalBytes = bytes < 0 || totalBytes < 0 ? -1 : totalBytes + bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Counts what is read through it. */
    ReadableByteChannel source(ReadableByteChannel from) {
        return new Source(from);
    }

    /** Counts what is written through it. */
    WritableByteChannel sink(WritableByteChannel to) {
        return new Sink(to);
    }

    /** Takes the line away while {@code console} complains about something; it comes back by itself. */
    void clear() throws IOException {
        lock.lock();
        try {
            if (drawn) {
                console.err().print(CLEAR_LINE);
                console.err().flush();
                drawn = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the line: the last state stays on the terminal. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            over = true;
            ended.signalAll();
            if (drawn) {
                draw();
                console.err().print("\n");
                console.err().flush();
            }
        } finally {
            lock.unlock();
        }
    }

    private void redraw() {
        lock.lock();
        try {
            while (!over) {
                // What takes less than one interval needs no progress.
                boolean signalled = ended.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
                if (!over && !signalled) {
                    draw();
                }
            }
        } catch (IOException | InterruptedException e) {
            // Nobody sees the terminal any more; the copy goes on.
            over = true;
        } finally {
            lock.unlock();
        }
    }

    private void draw() throws IOException {
        String label = files > 1 ? Amount.of(files, "file") : name;
        String line = new ProgressBar(label, totalBytes).line(moved.get(), System.nanoTime() - startedNanos);
        console.err().print(CLEAR_LINE + line);
        console.err().flush();
        drawn = true;
    }

    private final class Source implements ReadableByteChannel {
        private final ReadableByteChannel from;

        Source(ReadableByteChannel from) {
            this.from = from;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int count = from.read(into);
            moved.addAndGet(Math.max(count, 0));
            return count;
        }

        @Override
        public boolean isOpen() {
            return from.isOpen();
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }

    private final class Sink implements WritableByteChannel {
        private final WritableByteChannel to;

        Sink(WritableByteChannel to) {
            this.to = to;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = to.write(bytes);
            moved.addAndGet(count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return to.isOpen();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
