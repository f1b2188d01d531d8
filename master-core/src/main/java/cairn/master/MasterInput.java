package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.BadReplicaRequest;
import cairn.wire.proto.CheckRequest;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DeleteRequest;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.ExplainRequest;
import cairn.wire.proto.ForgetRequest;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.LimitsRequest;
import cairn.wire.proto.ListRequest;
import cairn.wire.proto.ListTrashRequest;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.MkdirRequest;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.RenameRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.RulesRequest;
import cairn.wire.proto.SealChunkRequest;
import cairn.wire.proto.SetAttributesRequest;
import cairn.wire.proto.SetRulesRequest;
import cairn.wire.proto.SnapshotRequest;
import cairn.wire.proto.StatRequest;
import cairn.wire.proto.TruncateRequest;
import cairn.wire.proto.UndeleteRequest;

/**
 * All that the master can be told. Requests carry a ticket, which comes back exactly once, now or in a later turn, with
 * {@link Effect.Answer} or {@link Effect.Refuse}.
 */
public sealed interface MasterInput {

    /** A call that somebody waits for. */
    sealed interface Request extends MasterInput {
        long ticket();
    }

    /** @param seed for the placement of the first chunk, if one is wanted */
    record Create(long ticket, CreateRequest request, long seed) implements Request {}

    record Mkdir(long ticket, MkdirRequest request) implements Request {}

    record Delete(long ticket, DeleteRequest request) implements Request {}

    record Rename(long ticket, RenameRequest request) implements Request {}

    record Stat(long ticket, StatRequest request) implements Request {}

    record ListDirectory(long ticket, ListRequest request) implements Request {}

    record SetAttributes(long ticket, SetAttributesRequest request) implements Request {}

    record Undelete(long ticket, UndeleteRequest request) implements Request {}

    record ListTrash(long ticket, ListTrashRequest request) implements Request {}

    record EmptyTrash(long ticket, EmptyTrashRequest request) implements Request {}

    record SetRules(long ticket, SetRulesRequest request) implements Request {}

    record Rules(long ticket, RulesRequest request) implements Request {}

    record Locate(long ticket, LocateRequest request) implements Request {}

    record OpenChunk(long ticket, OpenChunkRequest request) implements Request {}

    /** @param seed fresh randomness, for placement */
    record AddChunk(long ticket, AddChunkRequest request, long seed) implements Request {}

    record Snapshot(long ticket, SnapshotRequest request) implements Request {}

    record Truncate(long ticket, TruncateRequest request) implements Request {}

    record BadReplica(long ticket, BadReplicaRequest request) implements Request {}

    /** The shell adds what it knows: indexes of log and checkpoint, its uptime. */
    record Report(long ticket, long logIndex, long checkpointIndex, long uptimeMillis) implements Request {}

    record Drain(long ticket, DrainRequest request) implements Request {}

    record Limits(long ticket, LimitsRequest request) implements Request {}

    record Forget(long ticket, ForgetRequest request) implements Request {}

    record Check(long ticket, CheckRequest request) implements Request {}

    record Explain(long ticket, ExplainRequest request) implements Request {}

    record Register(long ticket, RegisterRequest request) implements Request {}

    record Replicas(long ticket, ReplicasRequest request) implements Request {}

    record Heartbeat(long ticket, HeartbeatRequest request) implements Request {}

    record SealChunk(long ticket, SealChunkRequest request) implements Request {}

    record MemberFailed(long ticket, MemberFailedRequest request) implements Request {}

    /** How an order to a chunkserver ended. */
    sealed interface OrderEnded extends MasterInput {
        ChunkHandle chunk();

        ChunkVersion version();

        ServerId server();
    }

    record PrepareAnswered(ChunkHandle chunk, ChunkVersion version, ServerId server, ReplicaReport before)
            implements OrderEnded {}

    record PrepareFailed(ChunkHandle chunk, ChunkVersion version, ServerId server, Failure failure)
            implements OrderEnded {}

    record LeadAnswered(ChunkHandle chunk, ChunkVersion version, ServerId server, long length) implements OrderEnded {}

    record LeadFailed(ChunkHandle chunk, ChunkVersion version, ServerId server, Failure failure)
            implements OrderEnded {}

    record ProbeAnswered(ChunkHandle chunk, ChunkVersion version, ServerId server) implements OrderEnded {}

    record ProbeFailed(ChunkHandle chunk, ChunkVersion version, ServerId server, Failure failure)
            implements OrderEnded {}

    /** @param moved bytes that came over the network */
    record CloneAnswered(ChunkHandle chunk, ChunkVersion version, ServerId server, ReplicaReport replica, long moved)
            implements OrderEnded {}

    record CloneFailed(ChunkHandle chunk, ChunkVersion version, ServerId server, Failure failure)
            implements OrderEnded {}

    record ForkAnswered(ChunkHandle chunk, ChunkVersion version, ServerId server, ReplicaReport replica)
            implements OrderEnded {}

    record ForkFailed(ChunkHandle chunk, ChunkVersion version, ServerId server, Failure failure)
            implements OrderEnded {}

    /** How a drop ended for which a file's veil waits. */
    sealed interface DropEnded extends MasterInput {
        long veil();

        ServerId server();
    }

    record DropAnswered(long veil, ServerId server) implements DropEnded {}

    record DropFailed(long veil, ServerId server, Failure failure) implements DropEnded {}

    /**
     * Why an order was not carried out, or may not have been.
     *
     * @param code the called server's refusal; UNREACHABLE when there was no answer
     * @param processDead the connection was refused: nobody listens there
     * @param culprit the server that the called one names as the cause; 0: itself
     */
    record Failure(ErrorCode code, boolean processDead, long culprit, String reason) {}

    /** Snapshots, and copies of shared chunks, may go on: what they waited for is logged, or has taken too long. */
    record SnapshotDue() implements MasterInput {}

    /**
     * Time has passed.
     *
     * @param seed fresh randomness, for placement
     */
    record Tick(long seed) implements MasterInput {}
}
