package cairn.server.chunk;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.EstablishRequest;
import cairn.wire.proto.ForkRequest;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.MutationEntryMessage;
import cairn.wire.proto.PrepareRequest;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.RepairRequest;
import cairn.wire.proto.ReplicateRequest;
import java.util.List;

/**
 * Looks at what peers say before anybody acts on it: behind this door every offset lies in a chunk, every count is small and
 * every address can be read, so that what would be a broken invariant inside is a refusal here. Unsigned 64-bit numbers of
 * the protocol arrive as negative ones when they are absurd. Stateless but for what it tells the witness.
 */
final class Door {
    /** Records that one serial may join: more than a primary of ours ever does. */
    static final int ENTRIES_MAX = 4096;

    /** For how long LEAD may keep a chunk from being served: many times any serving term. */
    static final long LEAD_WAIT_NANOS_MAX = 600_000_000_000L;

    /** Replicas that one DROP may name. */
    static final int DROPS_MAX = 100_000;

    private final Station station;

    Door(Station station) {
        this.station = station;
    }

    private Geometry geometry() {
        return station.geometry();
    }

    void check(MutateRequest request) throws CairnException {
        require(request.getSequence() > 0, "a producer's sequence", request.getSequence());
        require(request.getPrevious() >= 0, "a predecessor", request.getPrevious());
        require(request.getAcknowledged() >= 0, "an acknowledged sequence", request.getAcknowledged());
    }

    void check(ReadRequest request) throws CairnException {
        inChunk(request.getOffset(), "an offset");
        require(
                request.getLength() >= 0 && request.getLength() <= Limits.PAYLOAD_BYTES_MAX,
                "a length to read",
                request.getLength());
    }

    void check(ReplicateRequest request, int payloadBytes) throws CairnException {
        version(request.getVersion());
        require(request.getSerial() >= 0, "a serial", request.getSerial());
        require(
                request.getCommittedSerial() >= 0 && request.getCommittedSerial() <= request.getSerial(),
                "a committed serial",
                request.getCommittedSerial());
        range(request.getOffset(), payloadBytes);
        inChunk(request.getNewLength(), "a length");
        require(request.getEntriesCount() <= ENTRIES_MAX, "a count of entries", request.getEntriesCount());
        for (MutationEntryMessage entry : request.getEntriesList()) {
            require(entry.getSequence() > 0, "a producer's sequence", entry.getSequence());
            require(entry.getPrevious() >= 0, "a predecessor", entry.getPrevious());
            require(entry.getAcknowledged() >= 0, "an acknowledged sequence", entry.getAcknowledged());
            inChunk(entry.getOffset(), "an offset");
            inChunk(entry.getLength(), "a length");
        }
    }

    void check(PrepareRequest request) throws CairnException {
        version(request.getVersion());
        require(request.getHandle() != 0, "a handle", request.getHandle());
    }

    void check(LeadRequest request) throws CairnException {
        version(request.getVersion());
        members(request.getMembersList());
        require(
                request.getWaitNanos() >= 0 && request.getWaitNanos() <= LEAD_WAIT_NANOS_MAX,
                "a wait",
                request.getWaitNanos());
    }

    void check(EstablishRequest request) throws CairnException {
        version(request.getVersion());
        members(request.getMembersList());
        inChunk(request.getLength(), "a length");
        require(request.getSerial() >= 0, "a serial", request.getSerial());
    }

    void check(RepairRequest request, int payloadBytes) throws CairnException {
        version(request.getVersion());
        range(request.getOffset(), payloadBytes);
    }

    void check(CloneRequest request) throws CairnException {
        version(request.getVersion());
        require(request.getHandle() != 0, "a handle", request.getHandle());
        inChunk(request.getLength(), "a length");
        members(request.getSourcesList());
    }

    void check(ForkRequest request) throws CairnException {
        version(request.getVersion());
        require(request.getFork() != 0, "a handle", request.getFork());
        inChunk(request.getLength(), "a length");
    }

    void checkDrops(int count) throws CairnException {
        require(count <= DROPS_MAX, "a count of replicas to drop", count);
    }

    private void version(long version) throws CairnException {
        require(version > 0, "a version", version);
    }

    private void inChunk(long bytes, String what) throws CairnException {
        require(bytes >= 0 && bytes <= geometry().chunkBytes(), what, bytes);
    }

    private void range(long offset, int bytes) throws CairnException {
        inChunk(offset, "an offset");
        inChunk(offset + bytes, "an end");
    }

    private void members(List<Member> members) throws CairnException {
        require(!members.isEmpty() && members.size() <= Limits.REPLICATION_MAX, "a count of members", members.size());
        for (Member member : members) {
            require(member.getServerId() != 0 && isAddress(member.getAddress()), "a member", member.getServerId());
        }
    }

    private static boolean isAddress(String text) {
        try {
            return text.length() <= Limits.ADDRESS_CHARS_MAX
                    && ServerAddress.parse(text).port() != 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void require(boolean possible, String what, long value) throws CairnException {
        if (!possible) {
            station.world().witness().met(Probe.REQUEST_ABSURD);
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "%s cannot be %s".formatted(what, Long.toUnsignedString(value)));
        }
    }
}
