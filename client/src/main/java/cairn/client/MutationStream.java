package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.ReplyHandler;
import cairn.rpc.RpcConnection;
import cairn.rpc.RpcException;
import cairn.wire.Method;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link UnitPlan}: sends units, takes answers, finds places. Thread-safe.
 *
 * <p>Threads: answers arrive on the reader thread of a connection and only change the plan. Sending and finding places
 * is done by whoever waits for something here, one thread at a time (the driver); with {@link #keepGoing} also by a
 * thread of the stream's own, for callers that do not wait. So a lone append costs no thread switch beyond its reply's.
 */
final class MutationStream {
    private final Core core;
    private final Placement placement;
    private final String name;
    private final long producer;
    private final UnitPlan plan;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private @Nullable Place place;
    private @Nullable RpcConnection connection;
    private long suspect;
    private boolean reconnect;

    /** Places found since the last answer: the first is free, a pause comes before each other. */
    private int fruitless;

    private boolean driving;
    private boolean pumped;
    private boolean closed;
    private long driveUntilNanos;
    private Backoff backoff;

    /** Where units were applied since {@link #takeTouched}: what a sync must reach. One entry for each chunk. */
    private LinkedHashMap<Long, Place> touched = new LinkedHashMap<>();

    /** Called under the lock before units are sent: may {@link #add} more. */
    private Runnable refill = () -> {};

    /** @param name for messages: the path */
    MutationStream(Core core, Placement placement, String name) {
        this.core = core;
        this.placement = placement;
        this.name = name;
        this.producer = core.world.entropy().nextLong();
        this.plan = new UnitPlan(core.options.writeBytesMax());
        this.backoff = core.backoff();
    }

    /** Adds a mutation, which owns its payload's reference now; it is sent by the next call that waits or pushes. */
    void add(Unit unit) {
        lock.lock();
        try {
            plan.add(unit);
            driveUntilNanos = core.deadline();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever makes units from something of its own does so under this lock, and holds it for nothing that waits. */
    ReentrantLock lock() {
        return lock;
    }

    /** Sets what is called, under the lock, whenever units could be sent. Before the first unit. */
    void onRoom(Runnable makesUnits) {
        refill = makesUnits;
    }

    /** Units without an answer. Under the lock. */
    int unanswered() {
        return plan.size();
    }

    /** The chunks in which units were applied since the last call. */
    List<Place> takeTouched() {
        lock.lock();
        try {
            List<Place> places = List.copyOf(touched.values());
            touched = new LinkedHashMap<>();
            return places;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what {@link #takeTouched} took and could not sync. */
    void touch(List<Place> places) {
        lock.lock();
        try {
            places.forEach(each -> touched.putIfAbsent(each.handle(), each));
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing goes on any more. */
    boolean failed() {
        lock.lock();
        try {
            return !going();
        } finally {
            lock.unlock();
        }
    }

    /** Sends what may be sent now, unless another thread does; does not wait for answers. */
    void push() throws CairnException {
        lock.lock();
        try {
            check();
            if (!driving) {
                drive(this::sendAll);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code bytes} more would stay within the bound. */
    void awaitRoom(int bytes) throws CairnException {
        await(() -> going() && (plan.isEmpty() || fits(bytes)), core.deadline());
    }

    /** Waits until every unit is answered. */
    void awaitAll(long deadlineNanos) throws CairnException {
        await(() -> plan.isEmpty() && going(), deadlineNanos);
    }

    /** Waits until the unit is answered. */
    void await(Unit unit, long deadlineNanos) throws CairnException {
        await(() -> unit.state == Unit.State.DONE, deadlineNanos);
    }

    boolean isDone(Unit unit) {
        lock.lock();
        try {
            return unit.state == Unit.State.DONE || plan.phase() == UnitPlan.Phase.FAILED;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is under way. */
    boolean idle() {
        lock.lock();
        try {
            return plan.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The present place; null before the first unit was sent. */
    @Nullable
    Place place() {
        lock.lock();
        try {
            return place;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the present chunk; every unit is answered. */
    void leave() {
        lock.lock();
        try {
            plan.leave();
            connection = null;
        } finally {
            lock.unlock();
        }
    }

    /** Starts a thread that drives the stream while nobody waits, until {@link #close}. Once. */
    void keepGoing() {
        lock.lock();
        try {
            if (pumped || closed) {
                return;
            }
            pumped = true;
        } finally {
            lock.unlock();
        }
        core.world.threads().start("cairn append " + name, this::pump);
    }

    /** Stops; units without an answer are given up: they may or may not be applied. */
    void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                fail(Errors.closed());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing goes on from here, and everybody who waits hears why. Under the lock. */
    private void fail(CairnException why) {
        if (going()) { // a refusal may have ended the plan already
            plan.fail(why);
        }
        plan.drain().forEach(unit -> unit.payload.release());
        changed.signalAll();
    }

    // ------------------------------------------------------------------ waiting and driving, under the lock

    private void await(BooleanSupplier done, long deadlineNanos) throws CairnException {
        long started = core.now();
        lock.lock();
        try {
            driveUntilNanos = Math.max(driveUntilNanos, deadlineNanos);
            while (!done.getAsBoolean()) {
                check();
                if (core.now() >= deadlineNanos) {
                    core.met(Probe.MUTATION_GIVEN_UP);
                    throw expired(core.now() - started);
                }
                if (driving) {
                    core.world.time().await(lock, changed, deadlineNanos);
                } else {
                    drive(() -> step(deadlineNanos));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(int bytes) {
        return plan.bytes() + bytes <= core.options.writeBytesMax() && plan.size() < Limits.PRODUCER_WINDOW;
    }

    private boolean going() {
        return plan.phase() != UnitPlan.Phase.FAILED;
    }

    private void drive(Runnable work) {
        driving = true;
        try {
            work.run();
        } finally {
            driving = false;
            changed.signalAll();
        }
    }

    private void pump() {
        lock.lock();
        try {
            while (!closed && plan.phase() != UnitPlan.Phase.FAILED) {
                refill.run();
                boolean work = !plan.isEmpty() && core.now() < driveUntilNanos;
                if (work && !driving) {
                    drive(() -> step(driveUntilNanos));
                } else {
                    changed.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Does the next thing there is to do, or waits for an answer. */
    private void step(long deadlineNanos) {
        if (core.master.closed()) {
            fail(Errors.closed());
            return;
        }
        if (plan.takePause()) {
            unlocked(() -> backoff.pause(deadlineNanos));
            return;
        }
        if (plan.needsPlace()) {
            findPlace(deadlineNanos);
            return;
        }
        int before = plan.epoch();
        if (sendAll() || plan.epoch() != before || plan.isEmpty() || plan.phase() == UnitPlan.Phase.FAILED) {
            return;
        }
        long oldest = plan.oldestSentNanos();
        long late = oldest == Long.MAX_VALUE ? deadlineNanos : oldest + Chunks.ATTEMPT_NANOS;
        core.world.time().await(lock, changed, Math.min(deadlineNanos, late));
        if (oldest != Long.MAX_VALUE && oldest == plan.oldestSentNanos() && core.now() >= late) {
            noAnswer();
        }
    }

    private void noAnswer() {
        Place silent = place;
        if (silent != null) {
            core.met(Probe.PRIMARY_SILENT);
            suspect = silent.member().getServerId();
            String message = silent + " has not answered for " + Errors.seconds(Chunks.ATTEMPT_NANOS);
            plan.lost(plan.epoch(), new CairnException(ErrorCode.UNREACHABLE, message));
        }
    }

    private void findPlace(long deadlineNanos) {
        Place last = place;
        boolean again = reconnect && last != null && plan.unsure();
        Placement.Why why = new Placement.Why(plan.unsure(), plan.broken(), suspect);
        boolean pause = plan.broken() && fruitless > 1;
        reconnect = false;
        fruitless++;
        lock.unlock();
        Place found = null;
        RpcConnection made = null;
        CairnException problem = null;
        try {
            if (pause) {
                backoff.pause(deadlineNanos);
            }
            found = again && last != null ? last : placement.find(last, why, deadlineNanos);
            long attempt = Math.min(
                    deadlineNanos, core.now() + core.options.connectTimeout().toNanos());
            made = core.rpc.get(Core.address(found.member()), attempt);
        } catch (CairnException e) {
            problem = e;
        } finally {
            lock.lock();
        }
        if (plan.phase() == UnitPlan.Phase.FAILED) {
            return;
        }
        if (problem != null) {
            noPlace(last, found, problem);
        } else if (found != null && made != null) {
            settle(found, made);
        }
    }

    private void settle(Place found, RpcConnection made) {
        place = found;
        connection = made;
        suspect = 0;
        plan.placed(found.asking());
    }

    private void noPlace(@Nullable Place last, @Nullable Place found, CairnException problem) {
        core.met(found != null ? Probe.PLACE_UNREACHABLE : Probe.NO_PLACE);
        if (found != null) { // a place whose server cannot be reached
            place = found;
            suspect = found.member().getServerId();
            plan.unreached(problem);
        } else if (problem.code() == ErrorCode.NO_SUCH_CHUNK && last != null && plan.unsure()) {
            core.met(Probe.PLACE_CUT_FROM_FILE);
            place = null;
            plan.gone();
        } else if (problem.code().retry() == Retry.NO
                || problem.code() == ErrorCode.NO_SPACE
                || problem.code() == ErrorCode.NO_SUCH_CHUNK) {
            fail(problem);
        } else {
            plan.noPlace(problem);
        }
    }

    /** Sends all that may be sent; returns whether there was something. */
    private boolean sendAll() {
        refill.run();
        boolean any = false;
        for (Unit unit = plan.next(core.now()); unit != null; unit = plan.next(core.now())) {
            any = true;
            send(unit);
        }
        return any;
    }

    private void send(Unit unit) {
        Place to = place;
        RpcConnection over = connection;
        int epoch = plan.epoch();
        if (to == null || over == null) {
            plan.lost(epoch, new CairnException(ErrorCode.UNREACHABLE, name + ": no place"));
            return;
        }
        MutateRequest request = request(unit, to);
        Payload payload = unit.payload.retain();
        CairnException problem = null;
        lock.unlock();
        try {
            over.callAsync(Method.MUTATE, request, payload, MutateReply.parser(), new Answer(unit, to, epoch));
        } catch (RpcException e) {
            problem = e;
        } finally {
            lock.lock();
        }
        if (problem != null) {
            refused(unit, to, epoch, problem);
        }
    }

    private MutateRequest request(Unit unit, Place to) {
        return MutateRequest.newBuilder()
                .setHandle(to.handle())
                .setVersion(to.version())
                .setKind(unit.kind)
                .setOffset(unit.offset)
                .setProducer(producer)
                .setSequence(unit.sequence)
                .setPrevious(unit.previous)
                .setAcknowledged(plan.acknowledged())
                .setSynced(unit.synced)
                .setSeal(unit.seal)
                .setPayloadSum(unit.payloadSum)
                .addAllPieceSums(unit.pieceSums)
                .build();
    }

    private void refused(Unit unit, Place from, int epoch, CairnException why) {
        if (epoch == plan.epoch()) {
            ErrorCode code = why.code();
            boolean broken = code == ErrorCode.UNREACHABLE;
            boolean bad = broken || code == ErrorCode.DISK_FAILED || code == ErrorCode.NO_SUCH_CHUNK;
            boolean dead = why instanceof RpcException rpc && (rpc.refused() || rpc.silent());
            suspect = bad ? from.member().getServerId() : 0;
            core.met(probe(code));
            reconnect = broken && !dead && fruitless <= 1; // perhaps only the connection is gone, not the server
        }
        if (epoch != plan.epoch()) {
            core.met(Probe.MUTATION_ANSWERED_TOO_LATE);
        }
        plan.refused(epoch, unit, why);
        if (plan.phase() == UnitPlan.Phase.FAILED) {
            fail(why);
        }
        changed.signalAll();
    }

    private static Probe probe(ErrorCode code) {
        return switch (code) {
            case UNREACHABLE -> Probe.MUTATION_WITHOUT_ANSWER;
            case SEALED -> Probe.MUTATION_MET_SEAL;
            case OUT_OF_ORDER -> Probe.MUTATION_MET_GAP;
            default -> code.retry() == Retry.SAME ? Probe.MUTATION_MET_LOAD : Probe.MUTATION_MET_NEW_VERSION;
        };
    }

    private void answered(Unit unit, Place from, int epoch, MutateReply reply) {
        unit.sealedAt = reply.getSealed() && epoch == plan.epoch() ? reply.getCommitted() : -1;
        List<Unit> done = plan.answered(epoch, unit, from.fileOffset() + reply.getOffset());
        for (Unit each : done) {
            each.payload.release();
        }
        touched.put(from.handle(), from);
        if (fruitless > 0) {
            fruitless = 0;
            backoff = core.backoff();
        }
        changed.signalAll();
    }

    private void check() throws CairnException {
        CairnException problem = plan.problem();
        if (plan.phase() == UnitPlan.Phase.FAILED && problem != null) {
            throw new CairnException(problem.code(), name + ": " + problem.getMessage(), problem);
        }
    }

    private CairnException expired(long nanos) {
        CairnException problem = plan.problem();
        CairnException cause = problem != null
                ? problem
                : new CairnException(ErrorCode.UNREACHABLE, (place == null ? name : place) + " has not answered");
        return Errors.expired(name + (place == null ? "" : ", " + place), nanos, cause);
    }

    private void unlocked(Runnable work) {
        lock.unlock();
        try {
            work.run();
        } finally {
            lock.lock();
        }
    }

    /** Takes one answer, on the connection's thread. */
    private final class Answer implements ReplyHandler<MutateReply> {
        private final Unit unit;
        private final Place from;
        private final int epoch;

        Answer(Unit unit, Place from, int epoch) {
            this.unit = unit;
            this.from = from;
            this.epoch = epoch;
        }

        @Override
        public void answered(Reply<MutateReply> reply) {
            reply.release();
            lock.lock();
            try {
                MutationStream.this.answered(unit, from, epoch, reply.message());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void failed(RpcException problem) {
            lock.lock();
            try {
                refused(unit, from, epoch, problem);
            } finally {
                lock.unlock();
            }
        }
    }
}
