package cairn.client;

import cairn.client.Chunks.Complaint;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.wire.proto.ChunkLocation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the end of a file ready for mutations. What it returns was, at one moment, the last chunk of the file and open
 * under the version it names. It stays the last as long as that version accepts mutations, because a chunk is added
 * only behind a sealed one, and a chunk opened again has a newer version.
 */
final class Tail {
    private final Core core;
    private final long file;

    /** A sealed last chunk that is longer is left alone and gets a successor. */
    private final long reopenBytesMax;

    Tail(Core core, long file, long reopenBytesMax) {
        this.core = core;
        this.file = file;
        this.reopenBytesMax = reopenBytesMax;
    }

    /**
     * For record appends. A chunk that was sealed because a record did not fit is longer than a chunk less a record;
     * any shorter one was sealed because nobody wrote, and goes on. So no two appenders disagree about a chunk.
     */
    static Tail forAppends(Core core, long file) {
        return new Tail(
                core, file, core.geometry().chunkBytes() - core.geometry().recordBytesMax());
    }

    /** @param before the place before; null at the beginning */
    Located find(int hint, @Nullable Place before, Placement.Why why, long deadlineNanos) throws CairnException {
        Backoff backoff = core.backoff();
        Place failed = why.failed() ? before : null;
        for (int round = 0; ; round++) {
            Located last = core.locations.last(file, hint, deadlineNanos);
            Place here = last != null && failed != null && failed.handle() == last.handle() ? failed : null;
            if (last != null && ready(last, here)) {
                return last;
            }
            if (round > 1) {
                pauseOrGiveUp(backoff, deadlineNanos);
            }
            try {
                prepare(last, why.complaint(here), deadlineNanos);
                failed = null; // the master has looked: what it says now holds, the same version too
            } catch (CairnException e) {
                if (!overtaken(e.code())) {
                    throw e;
                }
                core.met(Probe.END_MOVED);
            }
        }
    }

    private static boolean ready(Located last, @Nullable Place failed) {
        if (failed != null && failed.version() == last.at().getVersion()) {
            return false;
        }
        return !last.at().getSealed() && last.at().getLed() && last.at().getMembersCount() > 0;
    }

    private void prepare(@Nullable Located last, Complaint complaint, long deadlineNanos) throws CairnException {
        if (last == null) {
            core.chunks.addFirst(file, deadlineNanos);
        } else if (last.at().getSealed() && last.length() > reopenBytesMax) {
            core.chunks.add(file, last.at(), deadlineNanos);
        } else {
            core.chunks.open(file, last.at(), complaint, last.at().getSealed(), deadlineNanos);
        }
    }

    /** Somebody else was faster: look again. */
    static boolean overtaken(ErrorCode code) {
        return code == ErrorCode.CONFLICT || code.retry() == Retry.REFRESH;
    }

    private void pauseOrGiveUp(Backoff backoff, long deadlineNanos) throws CairnException {
        if (core.now() >= deadlineNanos) {
            throw new CairnException(ErrorCode.UNREACHABLE, "the end of the file does not come to rest");
        }
        backoff.pause(deadlineNanos);
    }

    /** Whether {@code at} is the last chunk under the version it names; null when it is not in the file any more. */
    @Nullable
    Located confirm(ChunkLocation at, long deadlineNanos) throws CairnException {
        Located last = core.locations.last(file, at.getIndex(), deadlineNanos);
        boolean same = last != null
                && last.handle() == at.getHandle()
                && last.at().getVersion() == at.getVersion()
                && !last.at().getSealed();
        return same ? last : null;
    }
}
