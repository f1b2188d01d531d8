package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.TruncateRequest;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes at given offsets of an existing file (GFS 2.7, 3.1). Each write of up to 16 MiB within one chunk is atomic and
 * ordered against all others; one that spans chunks is a sequence of such writes.
 *
 * <p>Threads: any number; calls are carried out one after the other. Durable on return of {@link #write}: held by every
 * replica in memory; on disk after {@link #sync}. Errors: UNREACHABLE after {@link ClientOptions#operationTimeout}; the
 * bytes may then be written in part or whole, now or until the next call of this writer, never after another call
 * returned.
 */
public final class CairnWriter implements Closeable {

    /** Chunks whose primary this writer remembers. */
    private static final int STREAMS_MAX = 16;

    private final Core core;
    private final long file;
    private final String path;
    private final int chunkBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Long, Lane> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<Long, Place> unsynced = new LinkedHashMap<>();

    /** The lane of a call that ran out of time: it is brought to its end before anything else is done. */
    private @Nullable Lane unfinished;

    private boolean closed;

    /** The way to one chunk as it stood in the file. */
    private record Lane(Located chunk, WritePlacement placement, MutationStream stream) {

        boolean leadsTo(Located now) {
            boolean sameLength = chunk.last() || chunk.length() == now.length();
            return chunk.handle() == now.handle()
                    && chunk.offset() == now.offset()
                    && chunk.last() == now.last()
                    && sameLength
                    && !stream.failed();
        }
    }

    CairnWriter(Core core, long file, String path) {
        this.core = core;
        this.file = file;
        this.path = path;
        this.chunkBytes = core.geometry().chunkBytes();
    }

    /**
     * Writes all of {@code from}. A gap behind the end of the file becomes zeros.
     *
     * @param position in the file, 0 to {@link Limits#FILE_BYTES_MAX}; at most {@link Limits#HOLE_BYTES_MAX} behind the
     *     end
     */
    public void write(long position, ByteBuffer from) throws CairnException {
        checkRange(position, from.remaining());
        alone(deadline -> {
            ByteBuffer rest = from.duplicate();
            while (rest.hasRemaining()) {
                writePart(position + rest.position() - from.position(), rest, deadline);
            }
            from.position(from.limit());
        });
    }

    /** Cuts the file, or extends it with zeros, to {@code length} bytes. */
    public void truncate(long length) throws CairnException {
        if (length < 0 || length > Limits.FILE_BYTES_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    path + ": no file can be " + length + " bytes long; from 0 to " + Limits.FILE_BYTES_MAX);
        }
        alone(deadline -> {
            long end = Lengths.ofFile(core, file, deadline);
            if (length > end) {
                extend(length, end, deadline);
            } else if (length < end) {
                cut(length, deadline);
            }
        });
    }

    /** The length of the file now. */
    public long length() throws CairnException {
        return Lengths.ofFile(core, file, core.deadline());
    }

    /** Returns when everything this writer wrote is on disk on every replica. */
    public void sync() throws CairnException {
        alone(deadline -> {
            ChunkSync.sync(core, file, path, new ArrayList<>(unsynced.values()), deadline);
            unsynced.clear();
        });
    }

    /** Lets go of the file; everything written is acknowledged already. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            lanes.values().forEach(lane -> lane.stream().close());
            lanes.clear();
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------ one call at a time

    private interface Work {
        void run(long deadlineNanos) throws CairnException;
    }

    private void alone(Work work) throws CairnException {
        lock.lock();
        try {
            if (closed) {
                throw new CairnException(ErrorCode.BAD_REQUEST, path + ": this writer is closed");
            }
            long deadline = core.deadline();
            Lane before = unfinished;
            if (before != null && !before.stream().failed()) {
                core.met(Probe.UNFINISHED_WRITE_ENDED);
                end(before, deadline);
            }
            unfinished = null;
            work.run(deadline);
        } finally {
            lock.unlock();
        }
    }

    /** Brings the mutation of a call that ran out of time to its end: it is there, or its chunk left the file. */
    private void end(Lane before, long deadlineNanos) throws CairnException {
        try {
            before.stream().awaitAll(deadlineNanos);
        } catch (CairnException e) {
            if (!moved(before, e)) {
                throw e;
            }
            core.met(Probe.UNFINISHED_WRITE_MOVED);
            forget();
        }
    }

    private static boolean moved(Lane lane, CairnException problem) {
        return problem.code() == ErrorCode.NO_SUCH_CHUNK && lane.stream().failed();
    }

    /** Writes as much as goes to one chunk in one mutation. */
    private void writePart(long at, ByteBuffer rest, long deadlineNanos) throws CairnException {
        Located chunk = chunkFor(at, deadlineNanos);
        int inChunk = (int) (at - chunk.offset());
        int limit = chunk.last() ? chunkBytes : (int) chunk.length();
        int length = Math.min(Math.min(rest.remaining(), limit - inChunk), Limits.PAYLOAD_BYTES_MAX);
        ByteBuffer part = rest.slice(rest.position(), length);
        boolean done = mutate(chunk, inChunk + length, deadlineNanos, () -> writeUnit(inChunk, part));
        rest.position(done ? rest.position() + length : rest.position());
    }

    private Unit writeUnit(int inChunk, ByteBuffer part) {
        int length = part.remaining();
        Payload bytes = core.buffers.takeNow(length);
        bytes.buffer().put(part.duplicate());
        int block = core.geometry().blockBytes();
        List<Integer> sums = Pieces.sums(inChunk, bytes.buffer(), block);
        return Unit.write(inChunk, bytes, Pieces.whole(inChunk, length, block, sums), sums);
    }

    private interface Making {
        Unit make();
    }

    /** Carries out one mutation of a chunk; false when the chunk does not stand where it stood: look at the file anew. */
    private boolean mutate(Located chunk, long reach, long deadlineNanos, Making making) throws CairnException {
        Lane lane = lane(chunk);
        lane.placement().reach(reach);
        lane.stream().add(making.make());
        unfinished = lane;
        try {
            lane.stream().awaitAll(deadlineNanos);
        } catch (CairnException e) {
            if (!moved(lane, e)) {
                throw e;
            }
            unfinished = null;
            forget();
            core.met(Probe.WRITE_FOUND_CHUNK_MOVED);
            if (core.now() >= deadlineNanos) {
                throw new CairnException(ErrorCode.UNREACHABLE, path + ": its end does not come to rest", e);
            }
            core.backoff().pause(deadlineNanos);
            return false;
        }
        unfinished = null;
        lane.stream().takeTouched().forEach(place -> unsynced.put(place.handle(), place));
        return true;
    }

    private Lane lane(Located chunk) {
        Lane known = lanes.get(chunk.handle());
        if (known != null && known.leadsTo(chunk)) {
            return known;
        }
        drop(known);
        WritePlacement placement = new WritePlacement(core, file, chunk);
        Lane lane = new Lane(chunk, placement, new MutationStream(core, placement, path));
        lanes.put(chunk.handle(), lane);
        if (lanes.size() > STREAMS_MAX) {
            drop(lanes.values().iterator().next());
        }
        return lane;
    }

    private void drop(@Nullable Lane lane) {
        if (lane != null) {
            lanes.remove(lane.chunk().handle());
            lane.stream().close();
        }
    }

    private void forget() {
        core.locations.forget(file);
        lanes.values().forEach(lane -> lane.stream().close());
        lanes.clear();
    }

    // ------------------------------------------------------------------ where bytes go

    /** The chunk that holds {@code at}, or the last one if it may grow that far; the file is extended if neither does. */
    private Located chunkFor(long at, long deadlineNanos) throws CairnException {
        Located known = core.locations.find(file, at, deadlineNanos);
        if (known != null && at - known.offset() < chunkBytes) {
            return known;
        }
        long checked = -1;
        while (true) {
            Located last = core.locations.last(file, 0, deadlineNanos);
            if (last != null && at < last.offset()) {
                Located fresh = core.locations.findFresh(file, at, deadlineNanos);
                if (fresh != null && at - fresh.offset() < chunkBytes) {
                    return fresh;
                }
            } else if (last != null && at - last.offset() < chunkBytes) {
                return last;
            }
            if (checked < 0) {
                checked = last == null ? 0 : Lengths.end(core, file, last, deadlineNanos);
                checkHole("offset ", at, checked);
            }
            addChunk(last, deadlineNanos);
        }
    }

    /** Fills the last chunk with zeros to its brim and puts an empty one behind it. */
    private void addChunk(@Nullable Located last, long deadlineNanos) throws CairnException {
        if (last == null) {
            core.chunks.addFirst(file, deadlineNanos);
            return;
        }
        Located full = last;
        if (!last.at().getSealed() || last.length() < chunkBytes) {
            if (!fill(last, chunkBytes, deadlineNanos)) {
                return;
            }
            Lane lane = lanes.get(last.handle());
            Place place = lane == null ? null : lane.stream().place();
            core.chunks.seal(file, place == null ? last.at() : place.at(), deadlineNanos);
            drop(lane);
        }
        try {
            core.chunks.add(file, full.at(), deadlineNanos);
        } catch (CairnException e) {
            if (!Tail.overtaken(e.code())) {
                throw e;
            }
            core.met(Probe.END_MOVED);
            core.backoff().pause(deadlineNanos);
        }
        core.locations.forget(file);
    }

    /** Extends the last chunk with zeros; a chunk is never cut here. False when the file must be looked at anew. */
    private boolean fill(Located last, long length, long deadlineNanos) throws CairnException {
        long now = Lengths.end(core, file, last, deadlineNanos) - last.offset();
        return now >= length || mutate(last, length, deadlineNanos, () -> Unit.setLength(length));
    }

    private void extend(long length, long end, long deadlineNanos) throws CairnException {
        checkHole("length ", length, end);
        while (true) {
            Located last = chunkFor(length - 1, deadlineNanos);
            if (!last.last() || fill(last, length - last.offset(), deadlineNanos)) {
                return;
            }
        }
    }

    private void cut(long length, long deadlineNanos) throws CairnException {
        Located holder = length == 0 ? null : core.locations.findFresh(file, length - 1, deadlineNanos);
        int keep = holder == null ? 0 : holder.index() + 1;
        core.master.call(
                Method.TRUNCATE,
                TruncateRequest.newBuilder()
                        .setId(core.master.nextId())
                        .setFileId(file)
                        .setKeep(keep)
                        .build(),
                Empty.parser(),
                deadlineNanos);
        forget();
        boolean done = length == 0;
        while (!done) {
            Located last = core.locations.last(file, keep - 1, deadlineNanos);
            if (last == null || last.offset() >= length) {
                core.met(Probe.TRUNCATED_BY_OTHERS);
                throw new CairnException(ErrorCode.CONFLICT, path + ": somebody else truncated the file meanwhile");
            }
            long inChunk = length - last.offset();
            boolean longer = inChunk <= chunkBytes && Lengths.end(core, file, last, deadlineNanos) > length;
            done = !longer || mutate(last, inChunk, deadlineNanos, () -> Unit.setLength(inChunk));
        }
    }

    private void checkHole(String what, long at, long end) throws CairnException {
        if (at - end > Limits.HOLE_BYTES_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    path + ": " + what + at + " leaves a gap of " + (at - end) + " bytes behind the end of the file ("
                            + end + "); at most " + Limits.HOLE_BYTES_MAX + " are allowed");
        }
    }

    private void checkRange(long offset, long count) throws CairnException {
        if (offset < 0 || offset > Limits.FILE_BYTES_MAX - count) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    path + ": offset " + offset + " is not between 0 and " + Limits.FILE_BYTES_MAX);
        }
    }
}
