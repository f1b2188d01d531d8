package cairn.server.chunk;

import cairn.model.ErrorCode;

/** Whoever waits for a mutation that is not committed yet. */
interface Inflight {

    /** The version ended before the mutation was committed: nobody knows now whether it will be. Must not block. */
    void abandoned(ErrorCode code, String reason);
}
