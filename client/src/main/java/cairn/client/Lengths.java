package cairn.client;

import cairn.model.CairnException;
import cairn.model.Retry;
import cairn.model.proof.Probe;

/** How long files are. */
final class Lengths {

    private Lengths() {}

    /** The exact length now: from the master, and from the primary of an open last chunk. */
    static long ofFile(Core core, long file, long deadlineNanos) throws CairnException {
        Backoff backoff = core.backoff();
        while (true) {
            Located last = core.locations.last(file, 0, deadlineNanos);
            try {
                return last == null ? 0 : end(core, file, last, deadlineNanos);
            } catch (CairnException e) {
                if (e.code().retry() != Retry.REFRESH || core.now() >= deadlineNanos) {
                    throw e;
                }
            }
            core.met(Probe.LENGTH_CHUNK_CUT);
            backoff.pause(deadlineNanos); // the chunk was cut from the file meanwhile
        }
    }

    /** Where a last chunk ends in the file. */
    static long end(Core core, long file, Located last, long deadlineNanos) throws CairnException {
        if (last.at().getSealed()) {
            return last.end();
        }
        return last.offset()
                + core.chunks.committed(file, last.at(), deadlineNanos).getCommitted();
    }
}
