package cairn.server.chunk;

import cairn.chunk.Mutation;
import cairn.chunk.ProducerAnswer;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.ReplyHandler;
import cairn.rpc.RpcException;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.MutationKind;
import cairn.wire.proto.ReplicateReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Orders the mutations of the chunks that this server leads (GFS 3.1, 3.3; docs/decisions/0001). The thread that brings mutations applies
 * them when it has no more at hand, and with them whatever others bring meanwhile; nobody waits for the members behind: the chain's answers complete the
 * clients' calls.
 */
final class PrimaryDuty {

    /** Appends are joined up to this many bytes: beyond, one more copy costs more than one more write. */
    private static final int JOINED_BYTES_MAX = 256 << 10;

    private static final int JOINED_COUNT_MAX = 512;

    /** A disk that flushes may take this much longer than one that only takes bytes into memory. */
    static final int SYNC_FACTOR = 2;

    private final Station station;
    private final Forwarder forwarder;
    private final Sealer sealer;

    PrimaryDuty(Station station, Forwarder forwarder) {
        this.station = station;
        this.forwarder = forwarder;
        this.sealer = new Sealer(station, forwarder, this::answerSealed);
    }

    Sealer sealer() {
        return sealer;
    }

    /** Takes one MUTATE; answers it now or when it is committed. Runs on the connection's thread. */
    void mutate(LiveReplica live, Call call) throws IOException {
        MutateRequest request = call.message(MutateRequest.parser());
        station.door().check(request);
        Arrival arrival = new Arrival(call, request, call.takePayload());
        station.clientMoved(live, arrival.bytes());
        String fault = fault(request, arrival.bytes());
        if (!fault.isEmpty()) {
            arrival.refuse(ErrorCode.BAD_REQUEST, fault);
            return;
        }
        live.lock.lock();
        try {
            if (!admit(live, arrival)) {
                return;
            }
        } finally {
            live.lock.unlock();
        }
        call.putOff(new Turn(this, live));
    }

    /** What has arrived is applied, all that came together at once. */
    private record Turn(PrimaryDuty duty, LiveReplica live) implements Runnable {
        @Override
        public void run() {
            duty.resume(live);
        }
    }

    /** Applies what waits, unless another thread does or is about to change the version. */
    void resume(LiveReplica live) {
        live.lock.lock();
        try {
            if (live.busy || live.changesWaiting > 0 || live.arrivals.isEmpty()) {
                return; // whoever is busy comes back to the arrivals, or ends the version they came under
            }
            live.busy = true;
        } finally {
            live.lock.unlock();
        }
        drain(live);
    }

    private String fault(MutateRequest request, int bytes) {
        int chunkBytes = station.geometry().chunkBytes();
        long offset = request.getOffset();
        return switch (request.getKind()) {
            case WRITE ->
                offset < 0 || offset > chunkBytes - bytes || bytes == 0
                        ? "a write of %d bytes at %d does not fit a chunk of %d".formatted(bytes, offset, chunkBytes)
                        : "";
            case APPEND ->
                bytes == 0 || bytes > station.geometry().recordBytesMax()
                        ? "a record has 1 to %d bytes, not %d"
                                .formatted(station.geometry().recordBytesMax(), bytes)
                        : "";
            case SET_LENGTH ->
                offset < 0 || offset > chunkBytes || bytes != 0 ? "length " + offset + " is no chunk's" : "";
            case SYNC -> bytes != 0 ? "SYNC takes no bytes" : "";
            case UNRECOGNIZED -> "unknown kind of mutation";
        };
    }

    /** Queues the arrival if this replica leads; otherwise answers it. The caller holds the lock. */
    private boolean admit(LiveReplica live, Arrival arrival) {
        long version = arrival.request().getVersion();
        if (version != live.version) {
            station.met(version < live.version ? Probe.MUTATION_OF_OLDER_VERSION : Probe.MUTATION_OF_NEWER_VERSION);
            ErrorCode code = version < live.version ? ErrorCode.STALE_VERSION : ErrorCode.NOT_SERVING;
            arrival.refuse(code, "%s is at version %d here, not %d".formatted(live.handle(), live.version, version));
            return false;
        }
        switch (live.role) {
            case PRIMARY -> {
                (live.sealing ? live.waitingForSeal : live.arrivals).add(arrival);
                return !live.sealing;
            }
            case SEALED -> answerSealed(live, arrival, live.pipeline.committedLength());
            case OUTSIDE, STOPPED -> {
                station.met(Probe.MUTATION_BETWEEN_VERSIONS);
                arrival.refuse(ErrorCode.NOT_SERVING, live.handle() + " has no established version here");
            }
            case MEMBER -> {
                station.met(Probe.MUTATION_AT_MEMBER);
                arrival.refuse(ErrorCode.NOT_PRIMARY, live.handle() + " is led by another server");
            }
        }
        return false;
    }

    /** The definitive answer for a mutation that may have been applied before the seal. */
    private void answerSealed(LiveReplica live, Arrival arrival, long length) {
        MutateRequest request = arrival.request();
        ProducerAnswer answer = live.stored.lookup(request.getProducer(), request.getSequence(), 0);
        switch (answer) {
            case ProducerAnswer.Duplicate duplicate -> {
                station.met(Probe.MUTATION_REPEATED_AFTER_SEAL);
                arrival.payload().release();
                arrival.call().reply(reply(duplicate.offset(), length));
            }
            case ProducerAnswer.New _ -> refuseSealed(live, arrival, length);
            case ProducerAnswer.OutOfOrder _ -> refuseSealed(live, arrival, length);
            case ProducerAnswer.Forgotten _ -> refuseForgotten(live, arrival);
        }
    }

    private void refuseSealed(LiveReplica live, Arrival arrival, long length) {
        station.met(Probe.MUTATION_AFTER_SEAL);
        arrival.refuse(ErrorCode.SEALED, live.handle() + " is sealed at " + length + " bytes", length);
    }

    private void refuseForgotten(LiveReplica live, Arrival arrival) {
        station.met(Probe.MUTATION_LONG_DONE);
        MutateRequest request = arrival.request();
        arrival.refuse(
                ErrorCode.OUT_OF_ORDER,
                "%s has gone beyond sequence %d of producer %016x"
                        .formatted(live.handle(), request.getSequence(), request.getProducer()));
    }

    /** Applies what has arrived until nothing is left or a change of version wants its turn. */
    private void drain(LiveReplica live) {
        while (true) {
            Batch batch;
            long serial;
            live.lock.lock();
            try {
                batch = live.changesWaiting > 0 ? null : nextBatch(live);
                if (batch == null) {
                    live.leave();
                    return;
                }
                serial = live.pipeline.begunSerial() + 1;
            } finally {
                live.lock.unlock();
            }
            apply(live, batch, serial);
        }
    }

    /** Makes the next serial's mutation out of what waits, answering what needs none. The caller holds the lock. */
    private @Nullable Batch nextBatch(LiveReplica live) {
        while (live.role == Role.PRIMARY && !live.sealing && !live.arrivals.isEmpty()) {
            Arrival first = live.arrivals.removeFirst();
            MutateRequest request = first.request();
            ProducerAnswer answer =
                    live.stored.lookup(request.getProducer(), request.getSequence(), request.getPrevious());
            switch (answer) {
                case ProducerAnswer.Duplicate duplicate -> repeat(live, first, duplicate.offset());
                case ProducerAnswer.Forgotten _ -> refuseForgotten(live, first);
                case ProducerAnswer.OutOfOrder(long last)
                when keeps(Rule.PRODUCER_ORDER) -> {
                    station.met(Probe.MUTATION_OUT_OF_ORDER);
                    first.refuse(
                            ErrorCode.OUT_OF_ORDER,
                            "%s has sequence %d of producer %016x last, not %d"
                                    .formatted(live.handle(), last, request.getProducer(), request.getPrevious()));
                }
                case ProducerAnswer.OutOfOrder _, ProducerAnswer.New _ -> {
                    Batch batch = begin(live, first);
                    if (batch != null) {
                        return batch;
                    }
                }
            }
        }
        return null;
    }

    private void repeat(LiveReplica live, Arrival arrival, long offset) {
        station.met(Probe.MUTATION_REPEATED);
        arrival.payload().release();
        if (!keeps(Rule.REPEAT_COMMITTED)) {
            arrival.call().reply(reply(offset, live.pipeline.committedLength()));
            return;
        }
        long serial = live.pipeline.begunSerial();
        live.echoes.addLast(new LiveReplica.Echo(serial, arrival.call(), reply(offset, live.pipeline.begunLength())));
        live.answerEchoes();
    }

    private @Nullable Batch begin(LiveReplica live, Arrival first) {
        MutateRequest request = first.request();
        long length = live.pipeline.begunLength();
        long offset = request.getOffset();
        return switch (request.getKind()) {
            case WRITE -> single(Mutation.Kind.WRITE, offset, Math.max(length, offset + first.bytes()), first);
            case SET_LENGTH -> single(Mutation.Kind.SET_LENGTH, 0, offset, first);
            case SYNC -> single(Mutation.Kind.SYNC, 0, length, first);
            case APPEND -> append(live, first, length);
            case UNRECOGNIZED -> throw new AssertionError(request.getKind());
        };
    }

    private Batch single(Mutation.Kind kind, long offset, long newLength, Arrival arrival) {
        return new Batch(
                kind,
                offset,
                newLength,
                List.of(arrival),
                station.world().time().nanos());
    }

    /** Joins the appends that wait behind {@code first}, or starts the seal when it does not fit (GFS 3.3). */
    private @Nullable Batch append(LiveReplica live, Arrival first, long length) {
        int chunkBytes = station.geometry().chunkBytes();
        if (length + first.bytes() > chunkBytes) {
            live.arrivals.addFirst(first);
            sealer.begin(live);
            return null;
        }
        List<Arrival> joined = new ArrayList<>();
        joined.add(first);
        long end = length + first.bytes();
        Map<Long, Long> lastByProducer = new HashMap<>(); // looked up only, never iterated
        lastByProducer.put(first.request().getProducer(), first.request().getSequence());
        Arrival next = live.arrivals.peekFirst();
        while (next != null && joined.size() < JOINED_COUNT_MAX && joins(live, next, lastByProducer)) {
            if (end + next.bytes() > chunkBytes || end + next.bytes() - length > JOINED_BYTES_MAX) {
                break;
            }
            joined.add(live.arrivals.removeFirst());
            lastByProducer.put(next.request().getProducer(), next.request().getSequence());
            end += next.bytes();
            next = live.arrivals.peekFirst();
        }
        return new Batch(
                Mutation.Kind.APPEND,
                length,
                end,
                joined,
                station.world().time().nanos());
    }

    /** Whether {@code next} is certain to be new and in order behind what was joined already. */
    private static boolean joins(LiveReplica live, Arrival next, Map<Long, Long> lastByProducer) {
        MutateRequest request = next.request();
        if (request.getKind() != MutationKind.APPEND) {
            return false;
        }
        Long last = lastByProducer.get(request.getProducer());
        if (last != null) {
            return request.getSequence() > last && request.getPrevious() == last;
        }
        return live.stored.lookup(request.getProducer(), request.getSequence(), request.getPrevious())
                instanceof ProducerAnswer.New;
    }

    private void apply(LiveReplica live, Batch batch, long serial) {
        Payload payload = batch.takePayload(station.pool());
        PieceSums sums = PieceSums.of(
                payload.buffer(), batch.offset(), station.geometry().blockBytes());
        if (!batch.vouchedFor(sums)) {
            station.met(Probe.MUTATION_DAMAGED);
            payload.release();
            batch.abandoned(ErrorCode.BAD_CHECKSUM, "the bytes do not match their checksum; send them again");
            return;
        }
        Mutation mutation = batch.mutation(serial, sums.sums());
        long committedSerial;
        long version;
        live.lock.lock();
        try {
            version = live.version;
            if (live.role != Role.PRIMARY) {
                station.met(Probe.LEAD_LOST_BEFORE_MUTATION);
                payload.release();
                batch.abandoned(ErrorCode.NOT_SERVING, "the chunk's version ended; ask for the next one");
                return;
            }
            live.mutatedAtNanos = batch.begunAtNanos();
            Touched touched = Touched.by(mutation, live.pipeline.begunLength());
            live.forbidFrom(touched.from());
            live.pipeline.begin(serial, batch.newLength(), touched.from(), touched.to(), batch);
            committedSerial = live.pipeline.committedSerial();
        } finally {
            live.lock.unlock();
        }
        if (forwarder.forward(live, mutation, committedSerial, payload, new ChainAnswer(live, version, serial))) {
            applyHere(live, version, mutation, payload);
        }
        payload.release();
    }

    private void applyHere(LiveReplica live, long version, Mutation mutation, Payload payload) {
        try {
            live.stored.apply(new ChunkVersion(version), mutation, payload.buffer());
        } catch (IOException e) {
            station.met(Probe.PRIMARY_CANNOT_APPLY);
            stop(live, version, station.self().value(), "cannot apply: " + e.getMessage());
            return;
        }
        appliedHere(live, version, mutation.serial());
    }

    private void appliedHere(LiveReplica live, long version, long serial) {
        live.lock.lock();
        try {
            if (live.version == version && live.role == Role.PRIMARY) {
                live.pipeline.applied(serial);
                if (live.chain.next() == null || !keeps(Rule.ACKNOWLEDGE_LAST)) {
                    live.pipeline.acknowledged(serial);
                }
                commit(live);
            }
        } finally {
            live.lock.unlock();
        }
    }

    /** The caller holds the lock. */
    private void commit(LiveReplica live) {
        long serial = live.pipeline.committedSerial();
        List<Inflight> committed = live.pipeline.commitReady();
        if (committed.isEmpty()) {
            return;
        }
        for (Inflight one : committed) {
            Batch batch = (Batch) one;
            serial++;
            station.world()
                    .witness()
                    .acknowledged(live.handle(), live.version, serial, station.self(), batch.acknowledged());
            List<LiveReplica.Echo> last = batch.committed(serial, live.pipeline.committedLength());
            if (!last.isEmpty()) {
                live.last.addAll(last);
                sealer.begin(live);
            }
        }
        live.answerEchoes();
        live.changed.signalAll();
    }

    /** What the member behind says of one serial. */
    private final class ChainAnswer implements ReplyHandler<ReplicateReply> {
        private final LiveReplica live;
        private final long version;
        private final long serial;

        ChainAnswer(LiveReplica live, long version, long serial) {
            this.live = live;
            this.version = version;
            this.serial = serial;
        }

        @Override
        public void answered(Reply<ReplicateReply> reply) {
            reply.release();
            if (reply.message().getFailedServer() != 0) {
                station.met(Probe.MEMBER_FAILED);
                if (!keeps(Rule.CHAIN_WHOLE)) {
                    acknowledge();
                }
                stop(
                        live,
                        version,
                        reply.message().getFailedServer(),
                        reply.message().getReason());
                return;
            }
            acknowledge();
        }

        private void acknowledge() {
            live.lock.lock();
            try {
                boolean waits = serial > live.pipeline.committedSerial(); // but for a broken rule
                if (live.version != version || live.role != Role.PRIMARY) {
                    station.met(Probe.ACKNOWLEDGED_TOO_LATE);
                } else if (waits) {
                    live.pipeline.acknowledged(serial);
                    commit(live);
                }
            } finally {
                live.lock.unlock();
            }
        }

        @Override
        public void failed(RpcException problem) {
            station.met(Probe.MEMBER_LOST);
            if (!keeps(Rule.CHAIN_WHOLE)) {
                acknowledge();
            }
            var next = live.chain.next();
            stop(live, version, next == null ? 0 : next.getServerId(), String.valueOf(problem.getMessage()));
        }
    }

    /** A member cannot go on: nothing more is acknowledged under this version, and the master is told. */
    void stop(LiveReplica live, long version, long failedServer, String reason) {
        live.lock.lock();
        try {
            if (live.version != version || live.role != Role.PRIMARY) {
                return;
            }
            live.stepAside(
                    Role.STOPPED,
                    ErrorCode.NOT_SERVING,
                    "a member of %s failed; ask for its next version".formatted(live.handle()));
        } finally {
            live.lock.unlock();
        }
        station.masterLink().memberFailed(live, version, failedServer, reason);
    }

    /** Watches for members that do not answer. */
    void tick(LiveReplica live) {
        long now = station.world().time().nanos();
        boolean silent;
        long version;
        long suspect;
        live.lock.lock();
        try {
            Inflight oldest = live.role == Role.PRIMARY ? live.pipeline.oldest() : null;
            silent = oldest instanceof Batch batch && now - batch.begunAtNanos() > patience(batch.synced());
            version = live.version;
            var next = live.chain.next();
            suspect = next == null ? station.self().value() : next.getServerId();
        } finally {
            live.lock.unlock();
        }
        if (silent) {
            station.world().witness().met(Probe.MEMBER_SILENT);
            stop(live, version, suspect, "no answer for a mutation within the time allowed");
        }
    }

    private boolean keeps(Rule rule) {
        return station.options().keeps(rule);
    }

    private long patience(boolean synced) {
        return station.options().acknowledgeWithin().toNanos() * (synced ? SYNC_FACTOR : 1);
    }

    private static MutateReply reply(long offset, long committed) {
        return MutateReply.newBuilder()
                .setOffset(offset)
                .setCommitted(committed)
                .build();
    }
}
