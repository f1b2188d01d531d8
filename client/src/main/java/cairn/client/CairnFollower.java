package cairn.client;

import cairn.model.CairnException;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads a file as it grows: at its end it waits, by long poll, for what is written next, across chunks. Bytes are given
 * out once every replica holds them, checked as {@link CairnInput} checks them. A file that nobody writes (its last
 * chunk is sealed) is looked at twice a second.
 *
 * <p>Threads: one reads; any may {@link #close}, which ends a waiting read with an exception within {@link
 * #WAIT_NANOS_MAX}.
 */
public final class CairnFollower implements Closeable {

    /** One long poll, in nanoseconds: how long a closed follower may still wait. */
    public static final long WAIT_NANOS_MAX = 10_000_000_000L;

    private static final long IDLE_PAUSE_MIN_NANOS = 10_000_000L;
    private static final long IDLE_PAUSE_MAX_NANOS = 500_000_000L;

    /** A century: clocks may start anywhere, and sums of times must not overflow. */
    private static final long FOR_EVER_NANOS = 3_000_000_000_000_000_000L;

    private final Core core;
    private final CairnInput input;
    private final long file;
    private int lastIndex;
    private long idlePauseNanos = IDLE_PAUSE_MIN_NANOS;

    CairnFollower(Core core, Reading reading, long fromOffset) throws CairnException {
        this.core = core;
        this.file = reading.file();
        this.input = new CairnInput(core, reading);
        input.moveTo(fromOffset);
    }

    /**
     * Reads at the position, waiting as long as it takes.
     *
     * @return bytes read, at least 1 unless {@code into} is full
     */
    public int read(ByteBuffer into) throws IOException {
        return readUntil(into, core.now() + FOR_EVER_NANOS);
    }

    /**
     * Reads at the position, waiting at most {@code patience}.
     *
     * @return bytes read; 0 when nothing new came in time
     */
    public int read(ByteBuffer into, Duration patience) throws IOException {
        long wait = patience.compareTo(Duration.ofNanos(FOR_EVER_NANOS)) > 0 ? FOR_EVER_NANOS : patience.toNanos();
        return readUntil(into, core.now() + wait);
    }

    /** The offset of the next byte to read, in the file. */
    public long position() {
        return input.position();
    }

    @Override
    public void close() {
        input.stop();
    }

    private int readUntil(ByteBuffer into, long untilNanos) throws IOException {
        while (into.hasRemaining()) {
            int count = input.read(into);
            if (count > 0) {
                idlePauseNanos = IDLE_PAUSE_MIN_NANOS;
                return count;
            }
            long left = untilNanos - core.now();
            if (left <= 0) {
                return 0;
            }
            await(Math.min(left, WAIT_NANOS_MAX));
        }
        return 0;
    }

    /** Returns when there may be more, or a part of the time is over. */
    private void await(long waitNanos) throws CairnException {
        long position = input.position();
        Located last = core.locations.last(file, lastIndex, core.deadline());
        lastIndex = last == null ? 0 : last.index();
        if (last == null || (last.at().getSealed() && last.end() <= position)) {
            core.world.time().sleep(Math.min(waitNanos, idlePauseNanos));
            idlePauseNanos = Math.min(IDLE_PAUSE_MAX_NANOS, 2 * idlePauseNanos);
        } else if (!last.at().getSealed() && last.offset() <= position) {
            try {
                core.chunks.await(file, last.at(), position - last.offset(), waitNanos, core.deadline());
            } catch (CairnException e) {
                if (e.code().retry() != Retry.REFRESH) {
                    throw e;
                }
                core.met(Probe.FOLLOWED_CHUNK_CUT);
                core.world.time().sleep(IDLE_PAUSE_MIN_NANOS); // the chunk was cut from the file: look again
            }
        }
    }
}
