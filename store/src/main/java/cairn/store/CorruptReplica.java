package cairn.store;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;

/** A block of a replica does not match its checksum, or is missing. Report the replica; read another one. */
public final class CorruptReplica extends CairnException {
    private static final long serialVersionUID = 1L;

    private final transient ChunkHandle handle;
    private final long blockOffset;

    CorruptReplica(ChunkHandle handle, String file, long blockOffset, String what) {
        super(
                ErrorCode.CORRUPT,
                "chunk %s: %s in block at %d of %s; the replica must be replaced"
                        .formatted(handle, what, blockOffset, file));
        this.handle = handle;
        this.blockOffset = blockOffset;
    }

    public ChunkHandle handle() {
        return handle;
    }

    /** Where the bad block begins in the chunk. */
    public long blockOffset() {
        return blockOffset;
    }
}
