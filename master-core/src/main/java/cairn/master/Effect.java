package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.ForkRequest;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.Member;
import com.google.protobuf.MessageLite;
import java.util.List;

/** What the shell does once the turn's records are durable. Orders end in a {@link MasterInput.OrderEnded} unless they say otherwise. */
public sealed interface Effect {

    record Answer(long ticket, MessageLite reply) implements Effect {}

    record Refuse(long ticket, ErrorCode code, String message, long detail) implements Effect {}

    /** An order to a chunkserver. */
    sealed interface Order extends Effect {
        Target target();
    }

    /** A chunkserver, and where it listens. */
    record Target(ServerId server, String address) {}

    /**
     * A server takes the fence of a version, and of a chunk's first one its part, too.
     *
     * @param create a replica is made when there is none
     * @param chain the members of a chunk's first version; otherwise nobody
     */
    record Prepare(Target target, ChunkHandle chunk, ChunkVersion version, boolean create, List<Member> chain)
            implements Order {}

    record Lead(Target target, ChunkHandle chunk, ChunkVersion version, LeadRequest request) implements Order {}

    /** Is the process alive? Asked on a fresh connection, so that a broken one proves nothing. */
    record Probe(Target target, ChunkHandle chunk, ChunkVersion version) implements Order {}

    record Clone(Target target, ChunkHandle chunk, ChunkVersion version, CloneRequest request) implements Order {}

    /** @param chunk the fork that is to be made */
    record Fork(Target target, ChunkHandle chunk, ChunkVersion version, ForkRequest request) implements Order {}

    /** @param veil of the file that waits for it (it ends in a {@link MasterInput.DropEnded}), or {@link #NOBODY_WAITS} */
    record Drop(Target target, List<ChunkHandle> chunks, long veil) implements Order {
        /** What is not dropped is found again in a report. */
        public static final long NOBODY_WAITS = 0;

        Drop(Target target, List<ChunkHandle> chunks) {
            this(target, chunks, NOBODY_WAITS);
        }
    }

    /** Nobody waits for it: what is bad comes with a heartbeat. */
    record Scrub(Target target, ChunkHandle chunk) implements Order {}

    /** Nobody waits for it: the primary answers with SEAL_CHUNK. */
    record Seal(Target target, ChunkHandle chunk, ChunkVersion version) implements Order {}

    /** The core is given this input, after the records of this turn. */
    record Again(MasterInput input) implements Effect {}

    /** A line for the operator's log. */
    record Note(Level level, String line) implements Effect {}

    /** Who needs the line: everybody at once, everybody, or whoever follows one chunk. */
    enum Level {
        WARNING,
        INFO,
        DETAIL
    }
}
