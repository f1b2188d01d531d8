package cairn.store;

import cairn.chunk.Mutation;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import java.nio.ByteBuffer;

/** What a replica asks of a change before anything is changed. The caller keeps the replica from changing. */
final class ReplicaRules {
    private final Shelf shelf;
    private final ChunkHandle handle;
    private final Content content;

    ReplicaRules(Shelf shelf, ChunkHandle handle, Content content) {
        this.shelf = shelf;
        this.handle = handle;
        this.content = content;
    }

    void check(ChunkVersion version, Mutation mutation, ByteBuffer payload) throws CairnException {
        requireFence(version);
        if (content.established != version.value() || content.suspect) {
            shelf.met(Probe.REPLICA_NOT_ESTABLISHED);
            throw refusal(ErrorCode.NOT_SERVING, "not established at %s but at v%d", version, content.established);
        }
        if (content.sealed) {
            throw refusal(ErrorCode.SEALED, "sealed at %d bytes", content.length);
        }
        if (mutation.serial() != content.serial + 1) {
            throw refusal(ErrorCode.OUT_OF_ORDER, "mutation %d cannot follow %d", mutation.serial(), content.serial);
        }
        requirePayload(mutation.offset(), mutation.length(), payload, mutation.pieceSums());
        long newLength = switch (mutation.kind()) {
            case SYNC -> content.length;
            case SET_LENGTH -> mutation.newLength();
            case WRITE, APPEND ->
                mutation.length() == 0
                        ? content.length
                        : Math.max(content.length, mutation.offset() + mutation.length());
        };
        require(
                newLength == mutation.newLength() && newLength >= 0 && newLength <= shelf.geometry.chunkBytes(),
                "a %s cannot make it %d bytes long",
                mutation.kind(),
                mutation.newLength());
        boolean hasPayload = mutation.kind() == Mutation.Kind.WRITE || mutation.kind() == Mutation.Kind.APPEND;
        require(hasPayload || mutation.length() == 0, "a %s has no payload", mutation.kind());
        require(
                mutation.kind() != Mutation.Kind.APPEND || mutation.offset() == content.length,
                "an append at %d of %d bytes",
                mutation.offset(),
                content.length);
    }

    void requirePayload(long offset, int length, ByteBuffer payload, int[] pieceSums) throws CairnException {
        boolean possible = offset >= 0 && offset <= shelf.geometry.chunkBytes() && length >= 0;
        require(possible, "no chunk has %d bytes at %d", length, offset);
        require(payload.remaining() == length, "%d bytes of payload, not %d", payload.remaining(), length);
        int pieces = Pieces.count(offset, length, shelf.geometry.blockBytes());
        require(pieceSums.length == pieces, "%d sums for %d pieces", pieceSums.length, pieces);
    }

    void requireFence(ChunkVersion version) throws CairnException {
        if (version.value() != content.fence) {
            shelf.met(Probe.FENCE_IS_ANOTHER);
            throw refusal(ErrorCode.STALE_VERSION, "%s is not its fence v%d", version, content.fence);
        }
    }

    void require(boolean holds, String what, Object... arguments) throws CairnException {
        if (!holds) {
            throw refusal(ErrorCode.BAD_REQUEST, what, arguments);
        }
    }

    CairnException refusal(ErrorCode code, String what, Object... arguments) {
        return new CairnException(code, "chunk %s: %s".formatted(handle, what.formatted(arguments)));
    }
}
