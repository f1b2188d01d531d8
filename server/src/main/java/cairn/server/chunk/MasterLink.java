package cairn.server.chunk;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.Patience;
import cairn.model.Retry;
import cairn.model.ServerAddress;
import cairn.model.Slice;
import cairn.model.Software;
import cairn.model.proof.Probe;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.SealChunkRequest;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's side of its talk with the master: registers, reports every replica, then sends heartbeats; obeys what the
 * answers say; carries the serving term. One thread runs it; the calls for single chunks come from anywhere.
 */
final class MasterLink {
    private static final Logger LOG = LoggerFactory.getLogger(MasterLink.class);

    private static final long RETRY_NANOS = 250_000_000L;

    /** A master that was away for many tries is asked less often. */
    private static final long RETRY_LATER_NANOS = 1_000_000_000L;

    private static final int QUICK_TRIES = 40;

    /** Different complaints remembered, so that each is logged once until the next registration. */
    private static final int SAID_MAX = 50;

    /** How the answers are carried out; the server gives it. */
    interface Orders {
        void drop(long handle) throws IOException;

        void fence(long handle, long version) throws IOException;

        void sealed(long handle, long version, long length) throws IOException;

        void lookAgain(long handle);
    }

    private final World world;
    private final ServerAddress master;
    private final RpcPool pool;
    private final Holdings holdings;
    private final Serving serving;
    private final String rack;
    private final ConcurrentSkipListSet<Long> changed = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListSet<Long> lost = new ConcurrentSkipListSet<>();
    private final DamageLog damage = new DamageLog();
    private long heartbeats; // of the link's thread only
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition registeredOrClosed = lock.newCondition();
    private boolean registered;
    private boolean closed;
    private @Nullable IOException refusal;
    private @Nullable IOException ended;
    private volatile long session;

    private static final Set<ErrorCode> OVERTAKEN = EnumSet.of(ErrorCode.STALE_VERSION, ErrorCode.NO_SUCH_CHUNK);

    // Of the link's thread only.
    private final Set<String> said = new LinkedHashSet<>();
    private final List<LiveReplica> shown = new ArrayList<>();
    private int tries;
    private int late; // answers to this registration and to those before it, one after another
    private long cursor = 0;
    private boolean wasRegistered;
    private long obeyed;

    MasterLink(World world, ChunkServerOptions options, RpcPool pool, Holdings holdings, Serving serving) {
        this.world = world;
        this.master = options.master();
        this.pool = pool;
        this.holdings = holdings;
        this.serving = serving;
        this.rack = options.rack();
    }

    /** Runs until closed, or until the master says that this server is none of its cell. */
    void run(ServerAddress self, Orders orders) {
        while (!isClosed()) {
            try {
                RegisterReply terms = register(self);
                reportAll(terms, orders);
                note(true, null);
                LOG.info("registered as {} with the master at {}", holdings.self(), master);
                said.clear();
                tries = 0;
                late = 0;
                wasRegistered = true;
                heartbeats(terms, orders);
            } catch (RpcException e) {
                note(false, e.code().retry() == Retry.NO ? e : null);
                boolean never = e.code() == ErrorCode.BAD_REQUEST && !wasRegistered;
                if (never || e.code() == ErrorCode.WRONG_CELL) {
                    world.witness().met(Probe.MASTER_NOT_OURS);
                    end(e);
                    return;
                }
                world.witness().met(Probe.MASTER_LOST);
                sayOnce(e.getMessage());
            } catch (IOException e) {
                world.witness().met(Probe.REGISTRATION_HALF_DONE);
                note(false, e);
                sayOnce("cannot register: " + e);
            }
            pause(++tries < QUICK_TRIES ? RETRY_NANOS : RETRY_LATER_NANOS);
        }
    }

    /** A master may be away for long: what is wrong is said when it changes, not at every attempt. */
    private void sayOnce(@Nullable String complaint) {
        String words = String.valueOf(complaint);
        if (said.size() < SAID_MAX && said.add(words)) {
            LOG.warn("master {}: {}; tried again until it works", master, words);
        }
    }

    /** No retry helps against a mix-up of cells, whose bytes these are not, or of addresses, where no master is. */
    private void end(RpcException said) {
        lock.lock();
        try {
            ended = new CairnException(
                    said.code(), "the master at %s refuses this server: %s".formatted(master, said.getMessage()), said);
            registeredOrClosed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until closed, or until the master refused for good: returns what it said. */
    @Nullable
    IOException awaitEnd() {
        lock.lock();
        try {
            while (!closed && ended == null) {
                registeredOrClosed.awaitUninterruptibly();
            }
            return closed ? null : ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until this server is registered; throws what the master said when it never will be. */
    void awaitRegistered(long deadlineNanos) throws IOException {
        lock.lock();
        try {
            while (!registered && refusal == null && !closed) {
                if (!world.time().await(lock, registeredOrClosed, deadlineNanos)) {
                    throw new IOException("master " + master + " does not answer; is it running?");
                }
            }
            if (refusal != null) {
                throw refusal;
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            registeredOrClosed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void note(boolean nowRegistered, @Nullable IOException problem) {
        lock.lock();
        try {
            registered = nowRegistered;
            refusal = problem;
            registeredOrClosed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause(long nanos) {
        long deadline = world.time().nanos() + nanos;
        lock.lock();
        try {
            boolean early = true;
            while (!closed && early) {
                early = world.time().await(lock, registeredOrClosed, deadline);
            }
        } finally {
            lock.unlock();
        }
    }

    private RegisterReply register(ServerAddress self) throws IOException {
        serving.end();
        session = world.entropy().nextLong();
        RegisterRequest request = RegisterRequest.newBuilder()
                .setServerId(holdings.self().value())
                .setCellId(holdings.cellId())
                .setSession(session)
                .setAddress(self.toString())
                .setRack(rack)
                .addAllDisks(holdings.diskReports())
                .setSoftware(Software.NAME)
                .build();
        RegisterReply reply = callPatiently(Method.REGISTER, request, RegisterReply.parser());
        holdings.adopt(reply);
        return reply;
    }

    /** Shows the master everything; the serving term begins with the last page. */
    private void reportAll(RegisterReply terms, Orders orders) throws IOException {
        List<LiveReplica> all = new ArrayList<>(holdings.all());
        int at = 0;
        do {
            int end = Math.min(all.size(), at + Limits.REPORT_PAGE_MAX);
            ReplicasRequest.Builder page = ReplicasRequest.newBuilder()
                    .setServerId(holdings.self().value())
                    .setSession(session)
                    .setLast(end == all.size());
            shown.clear();
            all.subList(at, end).forEach(live -> show(live, page::addReplicas));
            long sentNanos = world.time().nanos();
            ReplicasReply reply = callPatiently(Method.REPLICAS, page.build(), ReplicasReply.parser());
            for (var stale : reply.getFenceList()) {
                obey(stale.getHandle(), () -> orders.fence(stale.getHandle(), stale.getVersion()));
            }
            for (var sealed : reply.getSealedList()) {
                obey(
                        sealed.getHandle(),
                        () -> orders.sealed(sealed.getHandle(), sealed.getVersion(), sealed.getLength()));
            }
            drop(reply.getDropList(), orders);
            shown.forEach(LiveReplica::seen);
            if (end == all.size()) {
                serving.extendTo(sentNanos + terms.getServingTermNanos());
            }
            at = end;
        } while (at < all.size());
    }

    private void heartbeats(RegisterReply terms, Orders orders) throws IOException {
        while (!isClosed()) {
            pause(terms.getHeartbeatNanos());
            HeartbeatRequest request = heartbeat(terms.getHeartbeatNanos());
            long sentNanos = world.time().nanos();
            HeartbeatReply reply;
            try {
                reply = call(Method.HEARTBEAT, request, HeartbeatReply.parser());
            } catch (RpcException e) {
                if (e.code().retry() == Retry.REFRESH || e.code().retry() == Retry.NO) {
                    world.witness().met(Probe.HEARTBEAT_REFUSED);
                    throw e; // register again
                }
                world.witness().met(Probe.HEARTBEAT_LOST);
                sayOnce("heartbeat: " + e.getMessage());
                continue;
            }
            for (var stale : reply.getFenceList()) {
                obey(stale.getHandle(), () -> orders.fence(stale.getHandle(), stale.getVersion()));
            }
            serving.extendTo(sentNanos + terms.getServingTermNanos());
            for (var sealed : reply.getSealedList()) {
                obey(
                        sealed.getHandle(),
                        () -> orders.sealed(sealed.getHandle(), sealed.getVersion(), sealed.getLength()));
            }
            drop(reply.getDropList(), orders);
            obeyed = request.getNumber();
            shown.forEach(LiveReplica::seen);
            reply.getLookAgainList().forEach(orders::lookAgain);
            if (!said.isEmpty()) {
                LOG.info("master {} answers again", master);
                said.clear();
            }
        }
    }

    private HeartbeatRequest heartbeat(long everyNanos) {
        HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder()
                .setServerId(holdings.self().value())
                .setSession(session)
                .setNumber(++heartbeats)
                .setObeyed(obeyed)
                .setWallMillis(world.time().wallMillis())
                .addAllDisks(holdings.diskReports());
        holdings.onFailingDisks().forEach(live -> {
            world.witness().met(Probe.REPLICA_ON_FAILING_DISK);
            corrupt(live, "its disk fails");
        });
        Stream.concat(lost.stream(), holdings.quarantined().stream())
                .limit(Limits.LOST_TOLD_MAX)
                .forEach(request::addLost);
        shown.clear();
        for (Long handle : changed) {
            changed.remove(handle);
            add(holdings.find(handle), request);
        }
        int most = Slice.of(holdings.all().size(), everyNanos);
        List<LiveReplica> slice = holdings.after(cursor, most);
        slice.forEach(live -> add(live, request));
        long end =
                slice.size() < most ? Long.MAX_VALUE : slice.getLast().handle().value();
        request.setAllAfter(cursor).setAllThrough(end);
        cursor = end == Long.MAX_VALUE ? 0 : end;
        return request.build();
    }

    /** What was said to be lost is not shown as if it were good. */
    private void add(@Nullable LiveReplica live, HeartbeatRequest.Builder request) {
        if (live != null && !isLost(live.handle().value())) {
            show(live, request::addReplicas);
        }
    }

    private void show(LiveReplica live, Consumer<ReplicaReport> to) {
        to.accept(live.report());
        shown.add(live);
    }

    /** What one of the orders of an answer does. */
    private interface Step {
        void run() throws IOException;
    }

    /**
     * A replica on which an order cannot be carried out is of no use; the others are not to suffer from it. An order that comes after
     * a newer version has begun says nothing about the replica.
     */
    private void obey(long handle, Step order) {
        try {
            order.run();
        } catch (IOException e) {
            if (e instanceof CairnException refused && OVERTAKEN.contains(refused.code())) {
                world.witness().met(Probe.ORDER_OVERTAKEN);
                return;
            }
            world.witness().met(Probe.ORDER_NOT_CARRIED_OUT);
            LiveReplica live = holdings.find(handle);
            if (live != null) {
                corrupt(live, String.valueOf(e.getMessage()));
            }
        }
    }

    private void drop(List<Long> handles, Orders orders) {
        for (long handle : handles) {
            try {
                orders.drop(handle);
            } catch (IOException e) {
                world.witness().met(Probe.REPLICA_NOT_DROPPED);
                LOG.warn("cannot drop {}: {}", new ChunkHandle(handle), e.toString());
            }
        }
    }

    /** The next heartbeat tells the master how this replica is now. */
    void changed(LiveReplica live) {
        changed.add(live.handle().value());
    }

    /** A replica cannot be counted on: it failed its checksums, or its disk fails. The next heartbeats say so. */
    void corrupt(LiveReplica live, String reason) {
        if (lost.add(live.handle().value())) {
            world.witness().met(Probe.REPLICA_FOUND_BAD);
            world.witness().foundDamaged(live.handle(), holdings.self());
            damage.add(live.handle(), reason);
            LOG.error("bad replica of {}: {}", live.handle(), reason);
        }
    }

    /** Something was wrong with a replica, and is well again. */
    void noteMended(LiveReplica live, String reason) {
        damage.add(live.handle(), reason);
        LOG.warn("replica of {}: {}", live.handle(), reason);
    }

    /** Replicas found bad since the start. */
    DamageLog damage() {
        return damage;
    }

    /** Whether the replica was found bad; until it is dropped. */
    boolean isLost(long handle) {
        return lost.contains(handle);
    }

    void dropped(long handle) {
        if (lost.remove(handle)) {
            world.witness().putOutOfUse(new ChunkHandle(handle), holdings.self());
        }
    }

    /** Has the seal logged. */
    void sealChunk(ChunkHandle handle, long version, long length) throws RpcException {
        call(
                Method.SEAL_CHUNK,
                SealChunkRequest.newBuilder()
                        .setServerId(holdings.self().value())
                        .setHandle(handle.value())
                        .setVersion(version)
                        .setLength(length)
                        .build(),
                Empty.parser());
    }

    /** Tells the master, on a thread of its own and until it has heard, that a version cannot go on. */
    void memberFailed(LiveReplica live, long version, long failed, String reason) {
        LOG.warn("{} version {}: member {} failed: {}", live.handle(), version, failed, reason);
        MemberFailedRequest.Builder request = MemberFailedRequest.newBuilder()
                .setServerId(holdings.self().value())
                .setHandle(live.handle().value())
                .setVersion(version)
                .setReason(reason);
        if (failed != 0) {
            request.addFailed(failed);
        }
        world.threads().start("report " + live.handle(), () -> report(live, version, request.build()));
    }

    private void report(LiveReplica live, long version, MemberFailedRequest request) {
        while (!isClosed() && live.version(version)) {
            try {
                call(Method.MEMBER_FAILED, request, Empty.parser());
                return;
            } catch (RpcException e) {
                if (e.code() != ErrorCode.UNREACHABLE && e.code() != ErrorCode.BUSY) {
                    world.witness().met(Probe.FAILURE_KNOWN_BETTER);
                    return; // the master knows better
                }
                world.witness().met(Probe.FAILURE_NOT_TOLD_YET);
                pause(RETRY_NANOS);
            }
        }
    }

    private <M extends MessageLite> M call(Method method, MessageLite request, Parser<M> parser) throws RpcException {
        return pool.call(master, method, request, parser, world.time().nanos() + Patience.MASTER_ANSWERS_NANOS);
    }

    /** For what a master to whom many servers come at once may be slow with, or too busy for; a hung one is found sooner. */
    private <M extends MessageLite> M callPatiently(Method method, MessageLite request, Parser<M> parser)
            throws RpcException {
        long deadline = world.time().nanos() + Patience.registration(late);
        while (true) {
            try {
                return pool.call(master, method, request, parser, deadline);
            } catch (RpcException e) {
                boolean inTime = world.time().nanos() < deadline;
                if (!inTime) {
                    world.witness().met(Probe.REGISTRATION_ANSWERED_LATE);
                    late++;
                }
                if (!inTime || e.code() != ErrorCode.BUSY || isClosed()) {
                    throw e;
                }
                world.witness().met(Probe.REGISTRATION_AT_BUSY_MASTER);
                pause(RETRY_NANOS);
            }
        }
    }
}
