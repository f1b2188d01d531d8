package cairn.client;

import cairn.client.Reading.Ahead;
import cairn.client.Reading.Piece;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file. Each byte was checked against the checksum its writer computed before it is given out; a replica that
 * fails is reported, and another one is read. Any replica may answer; a read sees every mutation acknowledged before it
 * began (GFS 2.7, stronger: docs/consistency.md), and a sequential one may see bytes as they were up to {@link
 * ClientOptions#readAheadBytesMax} earlier, when they were asked for ahead.
 *
 * <p>Threads: {@link #read(long, ByteBuffer)} and {@link #length} may be called from many threads at once. Everything
 * that moves the position belongs to one thread at a time. Positioned reads do not ask ahead.
 *
 * <p>Errors: UNREACHABLE when no replica answered within {@link ClientOptions#operationTimeout} (calling again is safe),
 * NOT_FOUND when the file was deleted.
 */
public final class CairnInput implements Closeable {

    /** The least that is asked for: servers check whole blocks anyway. */
    private static final int ASK_BYTES_MIN = 64 << 10;

    private final Core core;
    private final Reading reading;
    private final ArrayDeque<Ahead> ahead = new ArrayDeque<>();
    private @Nullable Piece current;
    private long position;
    private long lastEnd = -1;
    private int aheadMax;
    private volatile boolean closed;

    CairnInput(Core core, Reading reading) {
        this.core = core;
        this.reading = reading;
    }

    /**
     * Reads at the position and moves it on.
     *
     * @return bytes read, at least 1 unless {@code into} is full; -1 at the end of the file as it is now
     */
    public int read(ByteBuffer into) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        ByteBuffer bytes = available(into.remaining());
        if (bytes == null) {
            return -1;
        }
        int count = Math.min(bytes.remaining(), into.remaining());
        into.put(bytes.limit(bytes.position() + count));
        position += count;
        return count;
    }

    /** {@link #read(ByteBuffer)} into {@code count} bytes of an array. */
    public int read(byte[] into, int start, int count) throws IOException {
        return read(ByteBuffer.wrap(into, start, count));
    }

    /**
     * Reads at a position of the caller's; does not move this input's. Many threads may do so at once.
     *
     * @return bytes read: {@code into} is filled unless the file ends before; -1 when {@code position} is at or behind
     *     the end of the file as it is now
     */
    public int read(long position, ByteBuffer into) throws IOException {
        check(position);
        long deadline = core.deadline();
        long started = core.now();
        long at = position;
        boolean ended = false;
        while (into.hasRemaining() && !ended) {
            Piece piece = reading.read(at, Math.min(into.remaining(), Limits.TRANSFER_BYTES), deadline);
            if (piece == null) {
                break;
            }
            into.put(piece.bytes().buffer());
            at = piece.until();
            piece.bytes().release();
            ended = into.hasRemaining() && reading.endsWith(piece, started, deadline);
        }
        return at == position && into.hasRemaining() ? -1 : (int) (at - position);
    }

    /**
     * Writes {@code count} bytes from the position on, or all up to the end of the file if that comes first, to {@code
     * to}, straight from the buffers they were received in, and moves the position.
     *
     * @return bytes moved; 0 at the end of the file
     */
    public long transferTo(WritableByteChannel to, long count) throws IOException {
        long moved = 0;
        while (moved < count) {
            ByteBuffer bytes = available((int) Math.min(count - moved, Limits.TRANSFER_BYTES));
            if (bytes == null) {
                break;
            }
            bytes.limit(bytes.position() + (int) Math.min(bytes.remaining(), count - moved));
            while (bytes.hasRemaining()) {
                int written = to.write(bytes);
                moved += written;
                position += written;
            }
        }
        return moved;
    }

    /** Everything from the position on: {@link #transferTo(WritableByteChannel, long)} without a limit. */
    public long transferTo(WritableByteChannel to) throws IOException {
        return transferTo(to, Long.MAX_VALUE);
    }

    /** The offset of the next byte to read, in the file. */
    public long position() {
        return position;
    }

    /** Moves the position, anywhere from 0 on; a read behind the end of the file returns -1. */
    public void seek(long position) throws IOException {
        moveTo(position);
    }

    void moveTo(long to) throws CairnException {
        check(to);
        position = to;
    }

    /** From another thread: the next call of the one that reads fails, and gives back what is held. */
    void stop() {
        closed = true;
    }

    /** The length of the file now, in bytes; asks the primary of an open last chunk. */
    public long length() throws IOException {
        check(0);
        return Lengths.ofFile(core, reading.file(), core.deadline());
    }

    /** This input as a stream from its position on. Closing either closes both. One thread at a time. */
    public InputStream asStream() {
        return new Stream(this);
    }

    /** Gives up read-ahead. Idempotent; never fails. Call it from the thread that reads. */
    @Override
    public void close() {
        closed = true;
        dropCurrent();
        dropAhead();
    }

    /** The bytes at the position that are here, after waiting for some; null at the end of the file. */
    private @Nullable ByteBuffer available(int wanted) throws CairnException {
        check(position);
        Piece piece = current;
        if (piece == null || position < piece.from() || position >= piece.until()) {
            dropCurrent();
            piece = next(wanted);
            if (piece == null) {
                return null;
            }
            current = piece;
            lastEnd = piece.until();
        }
        return piece.bytes().buffer().position((int) (position - piece.from()));
    }

    private @Nullable Piece next(int wanted) throws CairnException {
        long deadline = core.deadline();
        boolean sequential = position == lastEnd || position == 0;
        Ahead first = ahead.peekFirst();
        if (first != null && first.from() != position) {
            dropAhead();
        }
        aheadMax = sequential ? Math.min(depthMax(), Math.max(1, aheadMax * 2)) : 0;
        if (ahead.isEmpty()) {
            int needed = Math.min(wanted, Limits.TRANSFER_BYTES);
            Piece near = reading.near(position, needed, sequential ? Limits.TRANSFER_BYTES : asked(wanted), deadline);
            if (near != null) {
                return near;
            }
        }
        if (aheadMax > 1) {
            askAhead(position, deadline);
        }
        Ahead asked = ahead.pollFirst();
        if (asked != null) {
            askAhead(asked.from() + asked.length(), deadline);
            return reading.receive(asked, deadline);
        }
        return reading.read(position, asked(wanted), deadline);
    }

    private static int asked(int wanted) {
        return Math.max(ASK_BYTES_MIN, Math.min(wanted, Limits.TRANSFER_BYTES));
    }

    private int depthMax() {
        return Math.max(1, core.options.readAheadBytesMax() / Limits.TRANSFER_BYTES);
    }

    /** Fills the read-ahead with pieces that are known to exist, cut at multiples of their size. */
    private void askAhead(long start, long deadlineNanos) throws CairnException {
        Ahead tail = ahead.peekLast();
        long from = tail == null ? start : tail.from() + tail.length();
        while (ahead.size() < aheadMax) {
            Located chunk = core.locations.find(reading.file(), from, deadlineNanos);
            if (chunk == null || chunk.length() < 0) {
                return;
            }
            long inChunk = from - chunk.offset();
            long cut = Limits.TRANSFER_BYTES - inChunk % Limits.TRANSFER_BYTES;
            Ahead sent = reading.send(chunk, from, (int) Math.min(cut, chunk.end() - from), deadlineNanos);
            if (sent == null) {
                return;
            }
            ahead.addLast(sent);
            from += sent.length();
        }
    }

    private void dropCurrent() {
        Piece piece = current;
        current = null;
        if (piece != null) {
            piece.bytes().release();
        }
    }

    /** What was asked for and is not wanted any more is given back as it arrives. */
    private void dropAhead() {
        for (Ahead asked = ahead.pollFirst(); asked != null; asked = ahead.pollFirst()) {
            asked.pending().abandon();
        }
    }

    private void check(long offset) throws CairnException {
        if (closed) {
            close();
            throw new CairnException(ErrorCode.BAD_REQUEST, reading.path() + ": this input is closed");
        }
        if (offset < 0 || offset > Limits.FILE_BYTES_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    reading.path() + ": offset " + offset + " is not between 0 and " + Limits.FILE_BYTES_MAX);
        }
    }

    /** The stream view. */
    private static final class Stream extends InputStream {
        private final CairnInput input;
        private final byte[] one = new byte[1];

        Stream(CairnInput input) {
            this.input = input;
        }

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int start, int count) throws IOException {
            Objects.checkFromIndexSize(start, count, into.length);
            return input.read(into, start, count);
        }

        @Override
        public int available() {
            Piece piece = input.current;
            long left = piece == null ? 0 : piece.until() - input.position;
            return left > 0 ? (int) left : 0;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = Math.max(0, Math.min(count, input.length() - input.position));
            input.seek(input.position + skipped);
            return skipped;
        }

        @Override
        public void close() {
            input.close();
        }
    }
}
