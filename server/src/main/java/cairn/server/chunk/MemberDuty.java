package cairn.server.chunk;

import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.ReplyHandler;
import cairn.rpc.RpcException;
import cairn.wire.proto.MutationKind;
import cairn.wire.proto.ReplicateReply;
import cairn.wire.proto.ReplicateRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies what the primary ordered, passes it on, and answers when all behind have answered (docs/decisions/0001). */
final class MemberDuty {

    private final Station station;
    private final Forwarder forwarder;

    MemberDuty(Station station, Forwarder forwarder) {
        this.station = station;
        this.forwarder = forwarder;
    }

    /** Takes one REPLICATE. Runs on the thread of the connection from the member before, in serial order. */
    void replicate(LiveReplica live, Call call) throws IOException {
        ReplicateRequest request = call.message(ReplicateRequest.parser());
        if (request.getKind() == MutationKind.UNRECOGNIZED) {
            call.fail(ErrorCode.BAD_REQUEST, "unknown kind of mutation");
            return;
        }
        station.door().check(request, call.payload().length());
        if (request.getSeal()) {
            seal(live, request, call);
            return;
        }
        Payload payload = call.payload();
        station.clientMoved(live, payload.length());
        PieceSums sums = PieceSums.of(
                payload.buffer(), request.getOffset(), station.geometry().blockBytes());
        if (!sums.equalTo(request.getPieceSumsList())) {
            station.met(Probe.REPLICATION_DAMAGED);
            call.fail(ErrorCode.BAD_CHECKSUM, "mutation " + request.getSerial() + " was damaged on the way");
            return;
        }
        Mutation mutation = mutation(request, payload.length(), sums.sums());
        Hop hop = new Hop(
                live,
                call,
                mutation.synced(),
                request.getVersion(),
                station.world().time().nanos());
        if (!begin(live, request, mutation, hop)) {
            return;
        }
        try {
            if (forwarder.forward(live, mutation, request.getCommittedSerial(), payload, hop)) {
                live.stored.apply(new ChunkVersion(request.getVersion()), mutation, payload.buffer());
                hop.doneHere(live.chain.next() == null);
            }
        } catch (IOException e) {
            station.met(Probe.MEMBER_CANNOT_APPLY);
            hop.failedHere(station.self().value(), "cannot apply: " + e.getMessage());
        } finally {
            live.release();
        }
    }

    private boolean begin(LiveReplica live, ReplicateRequest request, Mutation mutation, Hop hop) {
        live.lock.lock();
        try {
            live.enter();
            boolean begun = false;
            try {
                begun = follows(live, request, hop.call);
                if (begun) {
                    live.pipeline.committedThrough(request.getCommittedSerial());
                    Touched touched = Touched.by(mutation, live.pipeline.begunLength());
                    live.forbidFrom(touched.from());
                    live.pipeline.begin(request.getSerial(), request.getNewLength(), touched.from(), touched.to(), hop);
                    live.mutatedAtNanos = hop.begunAtNanos;
                }
            } finally {
                if (!begun) {
                    live.leave();
                }
            }
            return begun;
        } finally {
            live.lock.unlock();
        }
    }

    /** Whether this replica may take the request now; otherwise it was answered. The caller holds the lock. */
    private boolean follows(LiveReplica live, ReplicateRequest request, Call call) {
        if (request.getVersion() != live.version || live.role != Role.MEMBER) {
            station.met(
                    request.getVersion() < live.version
                            ? Probe.REPLICATION_OF_OLDER_VERSION
                            : Probe.REPLICATION_OUTSIDE_VERSION);
            call.fail(
                    request.getVersion() < live.version ? ErrorCode.STALE_VERSION : ErrorCode.NOT_SERVING,
                    "%s is %s at version %d here".formatted(live.handle(), live.role, live.version));
            return false;
        }
        long expected = live.pipeline.begunSerial() + (request.getSeal() ? 0 : 1);
        if (request.getSerial() != expected) {
            station.met(Probe.REPLICATION_OUT_OF_ORDER);
            call.fail(
                    ErrorCode.OUT_OF_ORDER,
                    "%s expects mutation %d, not %d".formatted(live.handle(), expected, request.getSerial()));
            return false;
        }
        return true;
    }

    private void seal(LiveReplica live, ReplicateRequest request, Call call) throws IOException {
        live.lock.lock();
        try {
            live.enter();
            if (!follows(live, request, call)) {
                live.leave();
                return;
            }
            live.pipeline.committedThrough(request.getSerial());
        } finally {
            live.lock.unlock();
        }
        try {
            forwarder.forwardSeal(live, request.getSerial(), request.getNewLength(), new SealTold(station));
            live.stored.seal(new ChunkVersion(request.getVersion()), request.getNewLength());
            becomeSealed(live, request.getVersion());
        } finally {
            live.release();
        }
        call.reply(ReplicateReply.newBuilder().setSerial(request.getSerial()).build());
    }

    private static void becomeSealed(LiveReplica live, long version) {
        live.lock.lock();
        try {
            if (live.version == version && live.role == Role.MEMBER) {
                live.role = Role.SEALED;
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** Tells the primary of a member behind this one that does not answer. */
    void tick(LiveReplica live) {
        long now = station.world().time().nanos();
        long patience = station.options().acknowledgeWithin().toNanos() * 7 / 10; // before the primary blames us
        live.lock.lock();
        try {
            var next = live.chain.next();
            if (live.role != Role.MEMBER || next == null) {
                return;
            }
            for (Inflight waiting : live.pipeline.waiting()) {
                if (waiting instanceof Hop hop
                        && now - hop.begunAtNanos > patience * (hop.synced ? PrimaryDuty.SYNC_FACTOR : 1)) {
                    station.met(Probe.MEMBER_BEHIND_SILENT);
                    hop.failedHere(next.getServerId(), "no answer for a mutation within the time allowed");
                }
            }
        } finally {
            live.lock.unlock();
        }
    }

    private static Mutation mutation(ReplicateRequest request, int length, int[] sums) {
        List<MutationEntry> entries = new ArrayList<>(request.getEntriesCount());
        for (var entry : request.getEntriesList()) {
            entries.add(new MutationEntry(
                    entry.getProducer(),
                    entry.getSequence(),
                    entry.getPrevious(),
                    entry.getAcknowledged(),
                    entry.getOffset(),
                    (int) entry.getLength()));
        }
        return new Mutation(
                request.getSerial(),
                Forwarder.kind(request.getKind()),
                request.getOffset(),
                length,
                request.getNewLength(),
                entries,
                sums,
                request.getSynced());
    }

    /** One mutation at this member: answered when it is done here and behind. Guarded by the replica's lock. */
    private final class Hop implements Inflight, ReplyHandler<ReplicateReply> {
        private final LiveReplica live;
        private final Call call;
        private final boolean synced;
        private final long version;
        private final long begunAtNanos;
        private boolean here;
        private boolean behind;
        private boolean answered;
        private @Nullable Runnable leaving;

        Hop(LiveReplica live, Call call, boolean synced, long version, long begunAtNanos) {
            this.live = live;
            this.call = call;
            this.synced = synced;
            this.version = version;
            this.begunAtNanos = begunAtNanos;
        }

        void doneHere(boolean nobodyBehind) {
            live.lock.lock();
            try {
                here = true;
                behind |= nobodyBehind;
                if (here && behind && !answered) {
                    answered = true;
                    call.reply(ReplicateReply.getDefaultInstance());
                }
            } finally {
                live.lock.unlock();
            }
        }

        @Override
        public void answered(Reply<ReplicateReply> reply) {
            reply.release();
            if (reply.message().getFailedServer() != 0) {
                station.met(Probe.MEMBER_BEHIND_FAILED);
                failedHere(reply.message().getFailedServer(), reply.message().getReason());
                return;
            }
            live.lock.lock();
            try {
                behind = true;
                if (here && !answered) {
                    answered = true;
                    leaving = call.replyTogether(ReplicateReply.getDefaultInstance());
                }
            } finally {
                live.lock.unlock();
            }
        }

        @Override
        public @Nullable Runnable whenNoMoreAtHand() {
            return leaving;
        }

        @Override
        public void failed(RpcException problem) {
            live.lock.lock();
            try {
                station.met(Probe.MEMBER_BEHIND_LOST);
                var next = live.version == version ? live.chain.next() : null;
                failedHere(next == null ? 0 : next.getServerId(), String.valueOf(problem.getMessage()));
            } finally {
                live.lock.unlock();
            }
        }

        void failedHere(long server, String reason) {
            live.lock.lock();
            try {
                if (!answered) {
                    answered = true;
                    call.reply(ReplicateReply.newBuilder()
                            .setFailedServer(server)
                            .setReason(reason)
                            .build());
                }
            } finally {
                live.lock.unlock();
            }
        }

        @Override
        public void abandoned(ErrorCode code, String reason) {
            if (!answered) {
                answered = true;
                call.fail(code, reason);
            }
        }
    }

    /** For the seal, whose answer changes nothing. */
    record SealTold(Station station) implements ReplyHandler<ReplicateReply> {
        @Override
        public void answered(Reply<ReplicateReply> reply) {
            reply.release();
        }

        @Override
        public void failed(RpcException problem) {
            station.met(Probe.SEAL_UNHEARD); // the master tells members that missed it
        }
    }
}
