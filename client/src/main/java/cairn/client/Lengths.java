package cairn.client;

import cairn.model.CairnException;

/** How long files are. */
final class Lengths {

    private Lengths() {}

    /** The exact length now: from the master, and from the primary of an open last chunk. */
    static long ofFile(Core core, long file, long deadlineNanos) throws CairnException {
        Located last = core.locations.last(file, 0, deadlineNanos);
        return last == null ? 0 : end(core, file, last, deadlineNanos);
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
