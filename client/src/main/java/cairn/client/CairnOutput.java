package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.FileStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a new file from its start to its end. Bytes are collected into blocks, checksummed once, and sent ahead of their
 * acknowledgements, up to {@link ClientOptions#writeBytesMax}; the fault of one chunkserver is a pause, not an error
 * (GFS 3.1, 3.2).
 *
 * <p>Durable: what was written before a {@link #flush} that returned is held by every replica in memory; before a {@link
 * #sync}, on disk; after {@link #close} the length is in the master's log too. A program that ends without close leaves
 * a file with what was acknowledged.
 *
 * <p>Threads: one at a time. Errors: any method may report the failure of an earlier write; after one the output is
 * broken and every call, close included, throws it again.
 */
public final class CairnOutput extends OutputStream implements WritableByteChannel {
    /** Of one mutation: what cost least CPU of 256 KiB, this and a MiB (docs/performance.md). */
    private static final int UNIT_BYTES = 512 << 10;

    private final Core core;
    private final long file;
    private final String path;
    private final OutputPlacement placement;
    private final MutationStream stream;
    private final int chunkBytes;
    private final List<Place> unsynced = new ArrayList<>();
    private @Nullable Payload buffer;
    private ByteBuffer collected = ByteBuffer.allocate(0);

    /** Bytes of the present chunk that were handed to the stream. */
    private int chunkSent;

    private long position;
    private @Nullable CairnException failure;
    private boolean closed;

    CairnOutput(Core core, FileStatus made, String path) {
        this.core = core;
        this.file = made.getFileId();
        this.path = path;
        this.placement = new OutputPlacement(core, made);
        this.stream = new MutationStream(core, placement, path);
        this.chunkBytes = core.geometry().chunkBytes();
    }

    @Override
    public void write(int oneByte) throws IOException {
        checkOpen();
        room().put((byte) oneByte);
        position++;
        sendIfFull();
    }

    /** Takes {@code count} bytes; blocks while too many are unacknowledged. Not retained after return. */
    @Override
    public void write(byte[] from, int start, int count) throws IOException {
        Objects.checkFromIndexSize(start, count, from.length);
        write(ByteBuffer.wrap(from, start, count));
    }

    /** Takes all of {@code from}; blocks while too many bytes are unacknowledged. Not retained after return. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        checkOpen();
        int count = from.remaining();
        while (from.hasRemaining()) {
            ByteBuffer room = room();
            int part = Math.min(room.remaining(), from.remaining());
            room.put(from.duplicate().limit(from.position() + part));
            from.position(from.position() + part);
            position += part;
            sendIfFull();
        }
        return count;
    }

    /**
     * Reads {@code from} to its end, straight into the buffers that are sent.
     *
     * @return bytes taken
     */
    public long transferFrom(ReadableByteChannel from) throws IOException {
        checkOpen();
        long start = position;
        while (true) {
            int read = from.read(room());
            if (read < 0) {
                return position - start;
            }
            position += read;
            sendIfFull();
        }
    }

    /** Bytes taken so far: the length of the file after {@link #close}. */
    public long position() {
        return position;
    }

    /** Returns when everything taken before is held by every replica. */
    @Override
    public void flush() throws IOException {
        checkOpen();
        guarded(this::flushAll);
    }

    /** Returns when everything taken before is on disk on every replica. */
    public void sync() throws IOException {
        checkOpen();
        guarded(() -> {
            flushAll();
            unsynced.addAll(stream.takeTouched());
            ChunkSync.sync(core, file, path, unsynced, core.deadline());
            unsynced.clear();
        });
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Flushes, and seals the last chunk. Idempotent after success; throws again after a failure. */
    @Override
    public void close() throws IOException {
        if (failure != null) {
            abort();
            throw broken(failure);
        }
        if (closed) {
            return;
        }
        try {
            guarded(this::finish);
        } finally {
            abort();
        }
    }

    /** Stops without sending what is still collected: the file keeps what was acknowledged. Idempotent. */
    public void abort() {
        closed = true;
        stream.close();
        Payload unsent = buffer;
        buffer = null;
        collected = ByteBuffer.allocate(0);
        if (unsent != null) {
            unsent.release();
        }
    }

    /** The rest of the present buffer; a new one, cut at multiples of {@link #UNIT_BYTES}, when there is none. */
    private ByteBuffer room() throws CairnException {
        if (buffer == null) {
            guarded(() -> {
                if (chunkSent == chunkBytes) {
                    roll();
                }
                int cut = UNIT_BYTES - chunkSent % UNIT_BYTES;
                int length = Math.min(cut, chunkBytes - chunkSent);
                stream.awaitRoom(length);
                Payload fresh = core.buffers.takeNow(length);
                buffer = fresh;
                collected = fresh.buffer();
            });
        }
        return collected;
    }

    private void sendIfFull() throws CairnException {
        if (!collected.hasRemaining()) {
            guarded(this::send);
        }
    }

    /** Hands what is collected to the stream. */
    private void send() throws CairnException {
        Unit unit = collect();
        if (unit != null) {
            stream.add(unit);
            stream.push();
        }
    }

    /** What is collected, as one mutation; null when there is nothing. */
    private @Nullable Unit collect() {
        Payload whole = buffer;
        if (whole == null || collected.position() == 0) {
            return null;
        }
        int length = collected.position();
        buffer = null;
        collected = ByteBuffer.allocate(0);
        Payload bytes = whole.slice(0, length);
        whole.release();
        int block = core.geometry().blockBytes();
        List<Integer> sums = Pieces.sums(chunkSent, bytes.buffer(), block);
        Unit unit = Unit.write(chunkSent, bytes, Pieces.whole(chunkSent, length, block, sums), sums);
        chunkSent += length;
        return unit;
    }

    /** What is still collected takes the wish to seal the chunk along; otherwise, or when that was in vain, it is a call of its own. */
    private void finish() throws CairnException {
        Unit last = collect();
        if (last != null) {
            last.seal = true;
            stream.add(last);
        }
        stream.awaitAll(core.deadline());
        if (last != null && last.sealedAt >= 0) {
            needOwnBytesOnly(last.sealedAt);
        } else if (chunkSent > 0) {
            seal();
        }
    }

    private void flushAll() throws CairnException {
        send();
        stream.awaitAll(core.deadline());
    }

    private void roll() throws CairnException {
        flushAll();
        ChunkLocation sealed = seal();
        unsynced.addAll(stream.takeTouched());
        placement.next(sealed, chunkSent);
        stream.leave();
        chunkSent = 0;
    }

    private ChunkLocation seal() throws CairnException {
        Place place = stream.place();
        if (place == null) {
            throw new CairnException(ErrorCode.INTERNAL, path + ": nothing was written");
        }
        needOwnBytesOnly(core.chunks.seal(file, place.at(), core.deadline()));
        return place.at();
    }

    private void needOwnBytesOnly(long length) throws CairnException {
        if (length != chunkSent) {
            core.met(Probe.OUTPUT_CHANGED_BY_OTHERS);
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    "somebody else changed the file while it was written: its chunk holds " + length + " bytes, not "
                            + chunkSent);
        }
    }

    private interface Step {
        void run() throws CairnException;
    }

    /** The first failure stays. */
    private void guarded(Step step) throws CairnException {
        try {
            step.run();
        } catch (CairnException e) {
            failure = e;
            throw e;
        }
    }

    private void checkOpen() throws CairnException {
        if (failure != null) {
            throw broken(failure);
        }
        if (closed) {
            throw new CairnException(ErrorCode.BAD_REQUEST, path + ": this output is closed");
        }
    }

    private CairnException broken(CairnException first) {
        return new CairnException(first.code(), String.valueOf(first.getMessage()), first);
    }
}
