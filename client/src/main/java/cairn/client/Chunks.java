package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.wire.Method;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.AwaitReply;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.BadReplicaRequest;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.Empty;
import cairn.wire.proto.Member;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.SealReply;
import cairn.wire.proto.SealRequest;
import cairn.wire.proto.SumsReply;
import cairn.wire.proto.SumsRequest;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.jspecify.annotations.Nullable;

/** Calls about one chunk, repeated over replicas and versions until they are answered or the deadline passes. */
final class Chunks {

    /** One attempt at one server: a dead connection is found sooner, by the pings of rpc. */
    static final long ATTEMPT_NANOS = 10_000_000_000L;

    private static final long AWAIT_SLACK_NANOS = 5_000_000_000L;

    private final Core core;

    Chunks(Core core) {
        this.core = core;
    }

    /**
     * Tells the master that a version did not work. It looks for itself before it starts another.
     *
     * @param version 0 for none
     * @param suspect the server that did not answer; 0 for none
     */
    record Complaint(long version, long suspect) {
        static final Complaint NONE = new Complaint(0, 0);
    }

    /**
     * Makes sure that somebody leads an open chunk; with {@code forMutation}, opens a sealed one again. The answer is about
     * another chunk, with another handle, when that stands in its place since a snapshot: it holds all that this one held.
     */
    ChunkLocation open(long file, ChunkLocation at, Complaint complaint, boolean forMutation, long deadlineNanos)
            throws CairnException {
        return open(request(file, at, complaint).setForMutation(forMutation), deadlineNanos);
    }

    /** Opens a chunk for what makes it no longer: a quota that is reached is no hindrance. */
    ChunkLocation openWithin(long file, ChunkLocation at, Complaint complaint, long deadlineNanos)
            throws CairnException {
        return open(request(file, at, complaint).setForMutation(true).setNoLonger(true), deadlineNanos);
    }

    private static OpenChunkRequest.Builder request(long file, ChunkLocation at, Complaint complaint) {
        return OpenChunkRequest.newBuilder()
                .setFileId(file)
                .setHandle(at.getHandle())
                .setIndex(at.getIndex())
                .setOrigin(at.getOrigin())
                .setFailedVersion(complaint.version())
                .setSuspect(complaint.suspect());
    }

    private ChunkLocation open(OpenChunkRequest.Builder request, long deadlineNanos) throws CairnException {
        try {
            return core.master.call(Method.OPEN_CHUNK, request.build(), ChunkLocation.parser(), deadlineNanos);
        } catch (CairnException e) {
            if (e.code() == ErrorCode.CONFLICT) { // it was cut from the file while it was brought up
                core.met(Probe.CUT_WHILE_OPENED);
                throw new CairnException(ErrorCode.NO_SUCH_CHUNK, String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    /** The first chunk of a file; made when there is none. */
    ChunkLocation addFirst(long file, long deadlineNanos) throws CairnException {
        return add(file, ChunkLocation.getDefaultInstance(), deadlineNanos);
    }

    /** The chunk behind {@code after}, which is sealed; made when there is none. */
    ChunkLocation add(long file, ChunkLocation after, long deadlineNanos) throws CairnException {
        AddChunkRequest request = AddChunkRequest.newBuilder()
                .setFileId(file)
                .setAfter(after.getHandle())
                .setAfterIndex(after.getIndex())
                .setAfterOrigin(after.getOrigin())
                .build();
        return core.master.call(Method.ADD_CHUNK, request, ChunkLocation.parser(), deadlineNanos);
    }

    /** Tells the master that a replica failed its checksums here; it looks for itself. Best effort. */
    void reportBad(ChunkLocation at, Member member, String reason) {
        BadReplicaRequest request = BadReplicaRequest.newBuilder()
                .setHandle(at.getHandle())
                .setVersion(at.getVersion())
                .setServerId(member.getServerId())
                .setReason(reason)
                .build();
        try {
            long deadline = core.now() + core.options.connectTimeout().toNanos();
            core.master.call(Method.BAD_REPLICA, request, Empty.parser(), deadline);
        } catch (CairnException e) {
            core.met(Probe.BAD_REPLICA_NOT_TOLD);
            core.replicas.failed(member.getServerId()); // the server's own scrubber will find it too
        }
    }

    /** The committed length now, from the primary, or from any member when the chunk is sealed. */
    AwaitReply committed(long file, ChunkLocation at, long deadlineNanos) throws CairnException {
        return await(file, at, Long.MAX_VALUE, 0, deadlineNanos);
    }

    /** Waits at the primary until the committed length is beyond {@code beyond}, the seal, or {@code waitNanos}. */
    AwaitReply await(long file, ChunkLocation at, long beyond, long waitNanos, long deadlineNanos)
            throws CairnException {
        return atPrimary(
                file,
                at,
                waitNanos == 0 ? ATTEMPT_NANOS : waitNanos + AWAIT_SLACK_NANOS,
                deadlineNanos,
                (now, member, attempt) -> call(
                        member,
                        Method.AWAIT,
                        AwaitRequest.newBuilder()
                                .setHandle(now.getHandle())
                                .setVersion(now.getVersion())
                                .setBeyond(beyond)
                                .setWaitNanos(waitNanos)
                                .build(),
                        AwaitReply.parser(),
                        attempt));
    }

    /** Seals the chunk at its committed length, which is returned. Harmless when it is sealed. */
    long seal(long file, ChunkLocation at, long deadlineNanos) throws CairnException {
        return atPrimary(file, at, ATTEMPT_NANOS, deadlineNanos, (now, member, attempt) -> {
            if (now.getSealed()) {
                return now.getLength();
            }
            SealRequest request = SealRequest.newBuilder()
                    .setHandle(now.getHandle())
                    .setVersion(now.getVersion())
                    .build();
            return call(member, Method.SEAL, request, SealReply.parser(), attempt)
                    .getLength();
        });
    }

    /** The checksums of all blocks; the caller releases the payload. */
    Reply<SumsReply> sums(long file, ChunkLocation at, long deadlineNanos) throws CairnException {
        return atPrimary(file, at, ATTEMPT_NANOS, deadlineNanos, (now, member, attempt) -> {
            SumsRequest request = SumsRequest.newBuilder()
                    .setHandle(now.getHandle())
                    .setVersion(now.getVersion())
                    .build();
            return core.rpc.call(
                    Core.address(member), Method.SUMS, request, Payload.empty(), SumsReply.parser(), attempt);
        });
    }

    private <M extends MessageLite> M call(
            Member member, Method method, MessageLite request, Parser<M> parser, long deadlineNanos)
            throws CairnException {
        return core.rpc.call(Core.address(member), method, request, parser, deadlineNanos);
    }

    /** One attempt at one member under the chunk's present version. */
    private interface Ask<T> {
        T ask(ChunkLocation now, Member member, long attemptDeadlineNanos) throws CairnException;
    }

    /** Asks the primary of an open chunk, or the members of a sealed one in turn. */
    private <T> T atPrimary(long file, ChunkLocation first, long attemptNanos, long deadlineNanos, Ask<T> ask)
            throws CairnException {
        ChunkLocation at = first;
        Backoff backoff = core.backoff();
        long started = core.now();
        for (int attempt = 0; ; attempt++) {
            Member member = null;
            CairnException problem;
            try {
                at = ready(file, at, deadlineNanos);
                member = at.getMembers(at.getSealed() ? attempt % at.getMembersCount() : 0);
                return ask.ask(at, member, Math.min(deadlineNanos, core.now() + attemptNanos));
            } catch (CairnException e) {
                if (e.code().retry() == Retry.NO || core.master.closed()) {
                    throw e;
                }
                problem = e;
            }
            if (core.now() >= deadlineNanos) {
                core.met(Probe.CHUNK_CALL_GIVEN_UP);
                throw Errors.expired(about(first, member), core.now() - started, problem);
            }
            core.met(Probe.CHUNK_CALL_REPEATED);
            backoff.pause(deadlineNanos);
            at = renewed(file, at, member, problem, deadlineNanos);
        }
    }

    /** Somebody leads it, or it is sealed; and it has members. */
    private ChunkLocation ready(long file, ChunkLocation at, long deadlineNanos) throws CairnException {
        ChunkLocation now = at.getSealed() || at.getLed() ? at : open(file, at, Complaint.NONE, false, deadlineNanos);
        if (now.getMembersCount() == 0) {
            throw new CairnException(
                    ErrorCode.NO_REPLICA, Errors.chunk(now.getHandle()) + ": no chunkserver that holds it is live");
        }
        return now;
    }

    /** The chunk as it is after a failed attempt. */
    private ChunkLocation renewed(
            long file, ChunkLocation at, @Nullable Member asked, CairnException problem, long deadlineNanos)
            throws CairnException {
        Complaint complaint = Complaint.NONE;
        if (asked != null) {
            boolean silent = problem.code() == ErrorCode.UNREACHABLE;
            core.replicas.failed(asked.getServerId());
            complaint = at.getSealed() ? complaint : new Complaint(at.getVersion(), silent ? asked.getServerId() : 0);
        }
        return open(file, at, complaint, false, deadlineNanos);
    }

    static String about(ChunkLocation at, @Nullable Member member) {
        return Errors.chunk(at.getHandle()) + (member == null ? "" : " at " + member.getAddress());
    }

    /** Whether the master must be asked again, rather than another replica. */
    static boolean stale(RpcException problem) {
        return problem.code() == ErrorCode.STALE_VERSION || problem.code() == ErrorCode.NO_SUCH_CHUNK;
    }
}
