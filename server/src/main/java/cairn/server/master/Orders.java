package cairn.server.master;

import cairn.master.Effect;
import cairn.master.MasterInput;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.RpcConnection;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.wire.Method;
import cairn.wire.proto.CloneReply;
import cairn.wire.proto.DropRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ForkReply;
import cairn.wire.proto.ForkRequest;
import cairn.wire.proto.LeadReply;
import cairn.wire.proto.LeadRequest;
import cairn.wire.proto.PrepareReply;
import cairn.wire.proto.PrepareRequest;
import cairn.wire.proto.ScrubReply;
import cairn.wire.proto.ScrubRequest;
import cairn.wire.proto.SealReply;
import cairn.wire.proto.SealRequest;
import cairn.world.World;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries orders to chunkservers, each on a thread, and tells the core how they ended. Each server has lanes of its own: one that
 * does not answer holds up nobody else's orders. Thread-safe.
 */
final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    /** To a host that lives, a connection is accepted or refused well within this. */
    private static final Duration KNOCK = Duration.ofMillis(250);

    /** How long a kernel is given to close all that a killed process had open, on a host that has other work, too. */
    private static final Duration DYING = Duration.ofSeconds(1);

    private static final Duration KNOCK_AGAIN = Duration.ofMillis(10);

    /** A chunk copied within a slow disk, and synced; the core waits less long if others are faster. */
    private static final Duration FORK_TIMEOUT = Duration.ofSeconds(60);

    /** Clients cause these orders, and a server looks at all its replicas in time anyway: no queue is worth having. */
    private static final int SCRUBS_WAITING_MAX = 100;

    private final World world;
    private final Endpoint self;
    private final RpcPool pool;
    private final MasterOptions options;
    private final Consumer<MasterInput> ended;
    private final ConcurrentSkipListMap<ServerId, Lanes> lanes = new ConcurrentSkipListMap<>();
    private final Lane clones;

    /** Those of one server; LEAD may wait for seconds. */
    private record Lanes(Lane quick, Lane leads) {}

    /** @param ended told how each order ended */
    Orders(World world, Endpoint self, MasterOptions options, Consumer<MasterInput> ended) {
        this.world = world;
        this.self = self;
        this.pool = new RpcPool(self);
        this.options = options;
        this.ended = ended;
        this.clones = new Lane(world.threads(), "clone", options.clonesMax());
    }

    void carry(Effect.Order order) {
        switch (order) {
            case Effect.Prepare prepare -> lanes(order).quick().run(() -> prepare(prepare));
            case Effect.Lead lead -> lanes(order).leads().run(() -> lead(lead));
            case Effect.Probe probe -> lanes(order).quick().run(() -> probe(probe));
            case Effect.Clone clone -> clones.run(() -> clone(clone));
            case Effect.Fork fork -> lanes(order).leads().run(() -> fork(fork));
            case Effect.Drop drop -> lanes(order).quick().run(() -> drop(drop));
            case Effect.Scrub scrub -> lanes(order).quick().run(() -> scrub(scrub), SCRUBS_WAITING_MAX);
            case Effect.Seal seal -> lanes(order).quick().run(() -> seal(seal));
        }
    }

    private Lanes lanes(Effect.Order order) {
        return lanes.computeIfAbsent(
                order.target().server(),
                server -> new Lanes(
                        new Lane(world.threads(), "order", options.quickOrdersMax()),
                        new Lane(world.threads(), "lead", options.leadsMax())));
    }

    void close() {
        lanes.values().forEach(each -> {
            each.quick().close();
            each.leads().close();
        });
        clones.close();
        pool.close();
    }

    private void prepare(Effect.Prepare order) {
        PrepareRequest request = PrepareRequest.newBuilder()
                .setHandle(order.chunk().value())
                .setVersion(order.version().value())
                .setCreate(order.create())
                .addAllMembers(order.chain())
                .setServerId(order.target().server().value())
                .build();
        try {
            PrepareReply reply = pool.call(
                    address(order), Method.PREPARE, request, PrepareReply.parser(), in(options.prepareTimeout()));
            ended.accept(new MasterInput.PrepareAnswered(
                    order.chunk(), order.version(), order.target().server(), reply.getReplica()));
        } catch (RpcException e) {
            ended.accept(new MasterInput.PrepareFailed(
                    order.chunk(), order.version(), order.target().server(), failure(order, e)));
        }
    }

    private void lead(Effect.Lead order) {
        Duration timeout = options.leadTimeout().plusNanos(order.request().getWaitNanos());
        try {
            LeadRequest request = order.request().toBuilder()
                    .setServerId(order.target().server().value())
                    .build();
            LeadReply reply = pool.call(address(order), Method.LEAD, request, LeadReply.parser(), in(timeout));
            ended.accept(new MasterInput.LeadAnswered(
                    order.chunk(), order.version(), order.target().server(), reply.getLength()));
        } catch (RpcException e) {
            ended.accept(new MasterInput.LeadFailed(
                    order.chunk(), order.version(), order.target().server(), failure(order, e)));
        }
    }

    private void probe(Effect.Probe order) {
        long deadline = in(options.probeTimeout());
        try {
            RpcConnection connection = RpcConnection.connect(self, address(order), deadline);
            try {
                connection
                        .call(Method.PING, Empty.getDefaultInstance())
                        .await(Empty.parser(), deadline)
                        .release();
            } finally {
                connection.close();
            }
            ended.accept(new MasterInput.ProbeAnswered(
                    order.chunk(), order.version(), order.target().server()));
        } catch (RpcException e) {
            ended.accept(new MasterInput.ProbeFailed(
                    order.chunk(), order.version(), order.target().server(), failure(order, e)));
        }
    }

    private void clone(Effect.Clone order) {
        try {
            CloneReply reply = pool.call(
                    address(order),
                    Method.CLONE,
                    order.request().toBuilder()
                            .setServerId(order.target().server().value())
                            .build(),
                    CloneReply.parser(),
                    in(options.cloneTimeout()));
            ended.accept(new MasterInput.CloneAnswered(
                    order.chunk(), order.version(), order.target().server(), reply.getReplica(), reply.getMoved()));
        } catch (RpcException e) {
            ended.accept(new MasterInput.CloneFailed(
                    order.chunk(), order.version(), order.target().server(), failure(order, e)));
        }
    }

    private void fork(Effect.Fork order) {
        try {
            ForkRequest request = order.request().toBuilder()
                    .setServerId(order.target().server().value())
                    .build();
            ForkReply reply = pool.call(address(order), Method.FORK, request, ForkReply.parser(), in(FORK_TIMEOUT));
            ended.accept(new MasterInput.ForkAnswered(
                    order.chunk(), order.version(), order.target().server(), reply.getReplica()));
        } catch (RpcException e) {
            ended.accept(new MasterInput.ForkFailed(
                    order.chunk(), order.version(), order.target().server(), failure(order, e)));
        }
    }

    private void drop(Effect.Drop order) {
        DropRequest.Builder request =
                DropRequest.newBuilder().setServerId(order.target().server().value());
        order.chunks().forEach(chunk -> request.addHandles(chunk.value()));
        try {
            pool.call(address(order), Method.DROP, request.build(), Empty.parser(), in(options.prepareTimeout()));
            if (order.veil() != Effect.Drop.NOBODY_WAITS) {
                ended.accept(new MasterInput.DropAnswered(
                        order.veil(), order.target().server()));
            }
        } catch (RpcException e) {
            world.witness().met(Probe.DROP_UNANSWERED);
            LOG.debug(
                    "{} did not drop {} chunks now: {}",
                    order.target().server(),
                    order.chunks().size(),
                    e.getMessage());
            if (order.veil() != Effect.Drop.NOBODY_WAITS) {
                ended.accept(
                        new MasterInput.DropFailed(order.veil(), order.target().server(), failure(order, e)));
            }
        }
    }

    private void scrub(Effect.Scrub order) {
        ScrubRequest request =
                ScrubRequest.newBuilder().addHandles(order.chunk().value()).build();
        try {
            pool.call(address(order), Method.SCRUB, request, ScrubReply.parser(), in(options.prepareTimeout()));
        } catch (RpcException e) {
            LOG.info("{} does not check {} now: {}", order.target().server(), order.chunk(), e.getMessage());
        }
    }

    private void seal(Effect.Seal order) {
        SealRequest request = SealRequest.newBuilder()
                .setHandle(order.chunk().value())
                .setVersion(order.version().value())
                .build();
        try {
            pool.call(address(order), Method.SEAL, request, SealReply.parser(), in(options.prepareTimeout()));
        } catch (RpcException e) {
            world.witness().met(Probe.SEAL_ORDER_FAILED);
            LOG.info("{} did not seal {} now: {}", order.target().server(), order.chunk(), e.getMessage());
        }
    }

    private long in(Duration timeout) {
        return world.time().nanos() + timeout.toNanos();
    }

    private static ServerAddress address(Effect.Order order) throws RpcException {
        try {
            return ServerAddress.parse(order.target().address());
        } catch (IllegalArgumentException e) {
            throw new RpcException(ErrorCode.UNREACHABLE, String.valueOf(e.getMessage()), 0);
        }
    }

    private MasterInput.Failure failure(Effect.Order order, RpcException e) {
        boolean dead = e.refused() || (isLost(e) && nobodyListens(order));
        return new MasterInput.Failure(e.code(), dead, e.detail(), String.valueOf(e.getMessage()));
    }

    private static boolean isLost(RpcException e) {
        return e.code() == ErrorCode.UNREACHABLE && !e.silent();
    }

    /**
     * A connection that broke says little; whether a new one is refused says whether the process is dead. That spares the
     * wait for its serving term, and the kernel answers at once or not at all. A kernel closes what a killed process had open one
     * after the other: for a while it may take connections that it resets.
     */
    private boolean nobodyListens(Effect.Order order) {
        long until = in(DYING);
        while (true) {
            long deadline = in(KNOCK);
            try {
                RpcConnection.connect(self, address(order), deadline).close();
                return false;
            } catch (RpcException e) {
                if (e.refused()) {
                    world.witness().met(Probe.DEATH_PROVED_BY_KNOCKING);
                    return true;
                }
                boolean answered = isLost(e) && world.time().nanos() < deadline;
                if (!answered || world.time().nanos() >= until) {
                    return false;
                }
            }
            world.time().sleep(KNOCK_AGAIN.toNanos());
        }
    }
}
