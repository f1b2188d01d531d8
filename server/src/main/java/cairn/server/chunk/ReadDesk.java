package cairn.server.chunk;

import cairn.chunk.BlockSums;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.rpc.RpcException;
import cairn.store.CorruptReplica;
import cairn.store.ReadResult;
import cairn.wire.Method;
import cairn.wire.proto.AwaitReply;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.CommittedReply;
import cairn.wire.proto.CommittedRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.SumsReply;
import cairn.wire.proto.SumsRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Serves readers from any replica, linearizably (docs/decisions/0001, Reads): only bytes that are committed, and only
 * while the serving term holds after they were read.
 */
final class ReadDesk {

    /** How long a reader may be kept for the primary's word, and for a mutation in flight to commit. */
    private static final long COMMIT_WAIT_NANOS = 3_000_000_000L;

    /** Nothing has to be asked. */
    private static final long CLEAN = -1;

    private static final long AWAIT_NANOS_MAX = 30_000_000_000L;

    private final Station station;
    private final PrimaryDuty primary;

    /** Paces what other servers copy from here. */
    private final Throttle copiesGiven;

    ReadDesk(Station station, PrimaryDuty primary) {
        this.station = station;
        this.copiesGiven =
                new Throttle(station.world().time(), station.options().upkeep().copyRateMax());
        this.primary = primary;
    }

    /** What a reader may have at one moment. */
    private record View(long committed, boolean sealed, long begunSerial) {}

    /** READ, on the connection's thread; goes to a thread of its own when the primary must be asked. */
    void read(LiveReplica live, Call call) throws IOException {
        ReadRequest request = call.message(ReadRequest.parser());
        station.door().check(request);
        if (request.getCopying()) {
            call.goOnApart(() -> {
                station.await(request.getLength(), copiesGiven, station.traffic(), live.disk.traffic);
                readLater(live, call, request);
            });
            return;
        }
        if (!attempt(live, call, request)) {
            station.met(Probe.READ_NOT_COMMITTED_YET);
            call.goOnApart(() -> readLater(live, call, request));
        }
    }

    /**
     * Serves the request if nothing in flight stands in the way.
     *
     * @return false when it has to be tried again after a commit
     */
    private boolean attempt(LiveReplica live, Call call, ReadRequest request) throws IOException {
        View view;
        live.lock.lock();
        try {
            checkServes(live, request.getVersion());
            if (neededFromPrimary(live, request) != CLEAN) {
                return false;
            }
            view = view(live);
        } finally {
            live.lock.unlock();
        }
        return answer(live, call, request, view);
    }

    /** Which serial must be known to be committed before the request can be served. The caller holds the lock. */
    private long neededFromPrimary(LiveReplica live, ReadRequest request) {
        if (live.role == Role.SEALED || !station.options().keeps(Rule.COMMITTED_READS)) {
            return CLEAN;
        }
        long end = request.getOffset() + request.getLength();
        long committed = live.pipeline.committedLength();
        long dirty = live.pipeline.dirtySerial(request.getOffset(), Math.min(end, committed));
        if (dirty != 0) {
            return dirty;
        }
        return live.role == Role.MEMBER && end > committed ? 0 : CLEAN;
    }

    private void readLater(LiveReplica live, Call call, ReadRequest request) {
        try {
            int tries = 0;
            do {
                long needed;
                live.lock.lock();
                try {
                    checkServes(live, request.getVersion());
                    needed = neededFromPrimary(live, request);
                } finally {
                    live.lock.unlock();
                }
                if (needed != CLEAN) {
                    awaitCommitted(live, request.getVersion(), needed);
                }
                tries++;
            } while (!(tries < 3 ? attemptKnown(live, call, request) : attemptAlone(live, call, request)));
        } catch (CairnException e) {
            call.fail(e.code(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            call.fail(ErrorCode.DISK_FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** After the primary was asked: what lies beyond its answer is not part of the file yet. */
    private boolean attemptKnown(LiveReplica live, Call call, ReadRequest request) throws IOException {
        View view;
        live.lock.lock();
        try {
            checkServes(live, request.getVersion());
            long end = Math.min(request.getOffset() + request.getLength(), live.pipeline.committedLength());
            boolean dirty = live.role != Role.SEALED && live.pipeline.dirtySerial(request.getOffset(), end) != 0;
            if (dirty && station.options().keeps(Rule.COMMITTED_READS)) {
                return false;
            }
            view = view(live);
        } finally {
            live.lock.unlock();
        }
        return answer(live, call, request, view);
    }

    /** A chunk that is overwritten all the time: readers take their turn among the writers. */
    private boolean attemptAlone(LiveReplica live, Call call, ReadRequest request) throws IOException {
        station.met(Probe.READ_OVERWRITTEN_OFTEN);
        live.acquire();
        try {
            return attemptKnown(live, call, request);
        } finally {
            live.release();
            primary.resume(live);
        }
    }

    /** Returns when what was begun here before is committed, as far as this replica knows. */
    void awaitCommitted(LiveReplica live, long version) throws CairnException {
        long begun;
        live.lock.lock();
        try {
            begun = live.pipeline.begunSerial();
        } finally {
            live.lock.unlock();
        }
        awaitCommitted(live, version, begun);
    }

    /** Returns when this replica knows that {@code serial} is committed; 0: knows the primary's present state. */
    private void awaitCommitted(LiveReplica live, long version, long serial) throws CairnException {
        long deadline = station.deadlineIn(COMMIT_WAIT_NANOS);
        Member leader;
        live.lock.lock();
        try {
            checkServes(live, version);
            if (live.role != Role.MEMBER) {
                awaitOwnCommit(live, version, serial, deadline);
                return;
            }
            leader = live.chain.primary();
        } finally {
            live.lock.unlock();
        }
        CommittedReply reply = askPrimary(live, version, serial, leader, deadline);
        live.lock.lock();
        try {
            checkServes(live, version);
            // Whatever a primary says: what is not here is not shown here.
            live.pipeline.committedThrough(
                    Math.min(reply.getSerial(), live.stored.state().serial()));
        } finally {
            live.lock.unlock();
        }
    }

    private CommittedReply askPrimary(LiveReplica live, long version, long serial, Member leader, long deadline)
            throws CairnException {
        CommittedRequest request = CommittedRequest.newBuilder()
                .setHandle(live.handle().value())
                .setVersion(version)
                .setSerial(serial)
                .build();
        try {
            return station.peers()
                    .call(Station.addressOf(leader), Method.COMMITTED, request, CommittedReply.parser(), deadline);
        } catch (RpcException e) {
            station.met(Probe.COMMITTED_NOT_TOLD);
            throw new CairnException(
                    ErrorCode.NOT_SERVING,
                    "the primary of %s does not say what is committed: %s".formatted(live.handle(), e.getMessage()),
                    e);
        }
    }

    /** The caller holds the lock. */
    private void awaitOwnCommit(LiveReplica live, long version, long serial, long deadline) throws CairnException {
        while (live.pipeline.committedSerial() < serial) {
            if (!station.world().time().await(live.lock, live.changed, deadline)) {
                station.met(Probe.COMMIT_TIMED_OUT);
                throw new CairnException(
                        ErrorCode.NOT_SERVING, "mutation " + serial + " of " + live.handle() + " is not committed yet");
            }
            checkServes(live, version);
        }
    }

    /** @return false when the bytes were overwritten while they were read */
    private boolean answer(LiveReplica live, Call call, ReadRequest request, View view) throws IOException {
        int length = Math.clamp(view.committed() - request.getOffset(), 0, request.getLength());
        Payload payload = call.roomForReply(length);
        boolean given = false;
        try {
            ReadReply.Builder reply =
                    ReadReply.newBuilder().setCommitted(view.committed()).setSealed(view.sealed());
            boolean whole = length == 0 || fill(live, request.getOffset(), payload, reply);
            live.lock.lock();
            try {
                if (station.options().keeps(Rule.READ_RECHECK)) {
                    checkServes(live, request.getVersion());
                    if (!whole || live.pipeline.overwritingSerial() > view.begunSerial()) {
                        station.met(Probe.READ_CROSSED_BY_MUTATION);
                        return false;
                    }
                }
                station.world().witness().served(live.handle(), request.getVersion(), station.self());
            } finally {
                live.lock.unlock();
            }
            given = true;
            if (!request.getCopying()) {
                station.clientMoved(live, length);
            }
            call.reply(reply.build(), payload);
            return true;
        } catch (CorruptReplica e) {
            station.met(Probe.READ_FOUND_DAMAGE);
            station.masterLink().corrupt(live, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            if (!given) {
                payload.release();
            }
        }
    }

    private static boolean fill(LiveReplica live, long offset, Payload payload, ReadReply.Builder reply)
            throws IOException {
        ReadResult result = live.read(offset, payload.length(), payload.buffer());
        for (int sum : result.pieceSums()) {
            reply.addPieceSums(sum);
        }
        return result.length() == payload.length();
    }

    private void recheck(LiveReplica live, long version) throws CairnException {
        live.lock.lock();
        try {
            checkServes(live, version);
        } finally {
            live.lock.unlock();
        }
    }

    /** The caller holds the lock. */
    void checkServes(LiveReplica live, long version) throws CairnException {
        if (version != live.version) {
            station.met(version < live.version ? Probe.READ_OF_OLDER_VERSION : Probe.READ_OF_NEWER_VERSION);
            throw new CairnException(
                    version < live.version ? ErrorCode.STALE_VERSION : ErrorCode.NOT_SERVING,
                    "%s is at version %d here, not %d".formatted(live.handle(), live.version, version));
        }
        if (live.role == Role.OUTSIDE || live.role == Role.STOPPED) {
            station.met(Probe.READ_BETWEEN_VERSIONS);
            throw new CairnException(ErrorCode.NOT_SERVING, live.handle() + " waits for its next version here");
        }
        if (!station.serving().holds() && station.options().keeps(Rule.SERVING_TERM)) {
            station.met(Probe.READ_AFTER_SERVING_TERM);
            throw new CairnException(
                    ErrorCode.NOT_SERVING, "this server has not heard from the master within the serving term");
        }
    }

    /** The caller holds the lock. */
    private static View view(LiveReplica live) {
        return new View(live.pipeline.committedLength(), live.role == Role.SEALED, live.pipeline.begunSerial());
    }

    /** COMMITTED, asked by a member; on a thread of its own. */
    void committed(LiveReplica live, Call call) throws IOException {
        CommittedRequest request = call.message(CommittedRequest.parser());
        long deadline = station.deadlineIn(COMMIT_WAIT_NANOS);
        CommittedReply reply;
        live.lock.lock();
        try {
            checkLeads(live, request.getVersion());
            if (live.role == Role.PRIMARY) {
                awaitOwnCommit(live, request.getVersion(), request.getSerial(), deadline);
            }
            reply = CommittedReply.newBuilder()
                    .setSerial(live.pipeline.committedSerial())
                    .setLength(live.pipeline.committedLength())
                    .build();
        } finally {
            live.lock.unlock();
        }
        call.reply(reply);
    }

    /** AWAIT, the long poll of followers; on a thread of its own. */
    void await(LiveReplica live, Call call) throws IOException {
        AwaitRequest request = call.message(AwaitRequest.parser());
        long deadline = station.deadlineIn(Math.clamp(request.getWaitNanos(), 0, AWAIT_NANOS_MAX));
        View view;
        live.lock.lock();
        try {
            checkLeads(live, request.getVersion());
            while (live.role == Role.PRIMARY && live.pipeline.committedLength() <= request.getBeyond()) {
                if (station.world().time().nanos() >= deadline) {
                    break;
                }
                // A primary that has lost its master may have lost its chunk: nobody is kept beyond the term.
                long term = station.serving().untilNanos();
                station.world().time().await(live.lock, live.changed, Math.min(deadline, term));
                checkLeads(live, request.getVersion());
            }
            view = view(live);
        } finally {
            live.lock.unlock();
        }
        recheck(live, request.getVersion());
        call.reply(AwaitReply.newBuilder()
                .setCommitted(view.committed())
                .setSealed(view.sealed())
                .build());
    }

    /** SUMS, for checksums of whole files; on a thread of its own. */
    void sums(LiveReplica live, Call call) throws IOException {
        SumsRequest request = call.message(SumsRequest.parser());
        live.lock.lock();
        try {
            checkLeads(live, request.getVersion());
            if (live.role == Role.PRIMARY) {
                awaitOwnCommit(
                        live, request.getVersion(), live.pipeline.begunSerial(), station.deadlineIn(COMMIT_WAIT_NANOS));
            }
        } finally {
            live.lock.unlock();
        }
        BlockSums sums = live.stored.blockSums();
        recheck(live, request.getVersion());
        Payload payload = call.roomForReply(sums.blocks() * Integer.BYTES);
        ByteBuffer into = payload.buffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int sum : sums.toArray()) {
            into.putInt(sum);
        }
        call.reply(SumsReply.newBuilder().setLength(sums.length()).build(), payload);
    }

    /** The caller holds the lock. */
    private void checkLeads(LiveReplica live, long version) throws CairnException {
        checkServes(live, version);
        if (live.role == Role.MEMBER) {
            station.met(Probe.PRIMARY_ASKED_AT_MEMBER);
            throw new CairnException(ErrorCode.NOT_PRIMARY, live.handle() + " is led by another server");
        }
    }
}
