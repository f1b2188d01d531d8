package cairn.client;

import cairn.client.Chunks.Complaint;
import cairn.model.CairnException;
import org.jspecify.annotations.Nullable;

/** Finds where a stream's units go: the part in which appends, outputs and positioned writes differ. */
interface Placement {

    /**
     * Why a place is wanted.
     *
     * @param unsure units may have been applied at the last place: the answer is the same chunk
     * @param failed the last place did not work under its version
     * @param suspect the server that did not answer there; 0 for none
     */
    record Why(boolean unsure, boolean failed, long suspect) {

        /** What to tell the master about the last place. */
        Complaint complaint(@Nullable Place last) {
            return failed && last != null && !last.asking() ? new Complaint(last.version(), suspect) : Complaint.NONE;
        }
    }

    /**
     * @param last the place before; null at the beginning
     * @throws CairnException NO_SUCH_CHUNK: the chunk of the last place left the file
     */
    Place find(@Nullable Place last, Why why, long deadlineNanos) throws CairnException;
}
