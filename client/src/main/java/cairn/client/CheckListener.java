package cairn.client;

import cairn.model.CairnException;

/** Hears of the chunks of a check while it goes on. Called on the thread that checks. */
public interface CheckListener {

    /** A chunk that is not healthy; or any, when all were asked for. */
    void chunk(ChunkCheck chunk) throws CairnException;

    /**
     * How far the check is.
     *
     * @param total chunks of the whole cell; when only some files are checked, more than will be
     */
    void progress(long examined, long total) throws CairnException;
}
