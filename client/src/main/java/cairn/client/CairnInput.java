package cairn.client;

import cairn.client.Reading.Piece;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file. Each byte was checked against the checksum its writer computed before it is given out; a replica that
 * fails is reported, and another one is read. Any replica may answer; a read sees every mutation acknowledged before it
 * began (GFS 2.7, stronger: docs/consistency.md), and a sequential one may see bytes as they were up to {@link
 * ClientOptions#readAheadBytesMax} earlier, when they were asked for ahead.
 *
 * <p>A sequential read has its own connection and takes its bytes off the socket itself, so one that pauses for seconds asks anew
 * (docs/decisions/0015). Direct buffers of whole checksum blocks, a MiB say, cost least: nothing is copied.
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
    private final ReadAhead ahead;
    private @Nullable Piece current;
    private long position;
    private long lastEnd = -1;
    private int aheadMax;
    private volatile boolean closed;

    CairnInput(Core core, Reading reading) {
        this.core = core;
        this.reading = reading;
        this.ahead = new ReadAhead(core, reading);
    }

    /**
     * Reads at the position and moves it on. Into a direct buffer with room for whole blocks the bytes are received in place: what
     * lies behind those that are returned, up to its limit, is then undefined.
     *
     * @return bytes read, at least 1 unless {@code into} is full; -1 at the end of the file as it is now
     */
    public int read(ByteBuffer into) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        int count = fetch(into, into.remaining());
        ByteBuffer bytes = count == 0 ? here() : null;
        if (bytes != null) {
            count = Math.min(bytes.remaining(), into.remaining());
            into.put(bytes.limit(bytes.position() + count));
        }
        position += Math.max(0, count);
        return count;
    }

    /** {@link #read(ByteBuffer)} into {@code count} bytes of an array. */
    public int read(byte[] into, int start, int count) throws IOException {
        return read(ByteBuffer.wrap(into, start, count));
    }

    /**
     * Reads at a position of the caller's; does not move this input's. Many threads may do so at once. After an error, or at the
     * end of the file, what lies in a direct buffer between its position and its limit is undefined.
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
            int count = reading.near(at, into, true, deadline);
            if (count > 0) {
                at += count;
                continue;
            }
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
        ahead.drop();
    }

    /** The bytes at the position, after waiting for some; null at the end of the file. */
    private @Nullable ByteBuffer available(int wanted) throws CairnException {
        return fetch(null, wanted) < 0 ? null : here();
    }

    private @Nullable ByteBuffer here() {
        Piece piece = current;
        return piece == null ? null : piece.bytes().buffer().position((int) (position - piece.from()));
    }

    /**
     * Gets the bytes at the position.
     *
     * @param into where they may go at once
     * @return how many went there; 0: they are {@link #here}; -1: the file ends at the position
     */
    private int fetch(@Nullable ByteBuffer into, int wanted) throws CairnException {
        if (closed) {
            close(); // by stop(): what is held belongs to this thread
        }
        check(position);
        Piece piece = current;
        if (piece != null && position >= piece.from() && position < piece.until()) {
            return 0;
        }
        dropCurrent();
        long deadline = core.deadline();
        boolean sequential = position == lastEnd || position == 0;
        if (!ahead.isAt(position)) {
            ahead.drop();
            int count = into == null ? 0 : reading.near(position, into, false, deadline);
            if (count > 0) {
                return put(count);
            }
            int needed = Math.min(wanted, Limits.TRANSFER_BYTES);
            Piece near = reading.near(position, needed, sequential ? Limits.TRANSFER_BYTES : asked(wanted), deadline);
            if (near != null) {
                return keep(near);
            }
        }
        if (!ahead.isAmid()) {
            aheadMax = sequential ? Math.min(depthMax(), Math.max(1, aheadMax * 2)) : 0;
        }
        if (aheadMax > 1) {
            ahead.ask(position, aheadMax, deadline);
        }
        if (ahead.isAt(position)) {
            int count = into == null ? 0 : ahead.receive(into, deadline);
            return count > 0 ? put(count) : keep(ahead.piece(deadline));
        }
        return keep(reading.read(position, aheadMax > 1 ? Limits.TRANSFER_BYTES : asked(wanted), deadline));
    }

    private int put(int count) {
        lastEnd = position + count;
        return count;
    }

    private int keep(@Nullable Piece piece) {
        current = piece;
        lastEnd = piece == null ? lastEnd : piece.until();
        return piece == null ? -1 : 0;
    }

    private static int asked(int wanted) {
        return Math.max(ASK_BYTES_MIN, Math.min(wanted, Limits.TRANSFER_BYTES));
    }

    private int depthMax() {
        return Math.max(1, core.options.readAheadBytesMax() / core.pieceBytes());
    }

    private void dropCurrent() {
        Piece piece = current;
        current = null;
        if (piece != null) {
            piece.bytes().release();
        }
    }

    private void check(long offset) throws CairnException {
        if (closed) {
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
