package cairn.server.chunk;

import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.Software;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.PayloadPool;
import cairn.rpc.RpcOptions;
import cairn.rpc.RpcPool;
import cairn.rpc.RpcServer;
import cairn.server.LoggedEvents;
import cairn.world.Listener;
import cairn.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chunkserver process (GFS 2.3): keeps replicas on its disks, takes part in their versions, serves clients. Runs on any
 * {@link World}; thread-safe.
 */
public final class ChunkServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkServer.class);

    private static final long TICK_NANOS = 250_000_000L;
    private static final long SCRUB_TICK_NANOS = 1_000_000_000L;
    private static final long DISKS_TICK_NANOS = 1_000_000_000L;

    private final Station station;
    private final ChunkService service;
    private final RpcServer server;
    private final RpcPool peers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final AtomicBoolean stopped;
    private boolean closed;
    private int loops;

    private ChunkServer(Station station, ChunkService service, RpcServer server, AtomicBoolean stopped) {
        this.station = station;
        this.service = service;
        this.server = server;
        this.peers = station.peers();
        this.stopped = stopped;
    }

    /**
     * Opens the disks and listens; registers with the master in the background.
     *
     * @throws IOException one clear line: a directory in use, of another cell, damaged; an address in use
     */
    public static ChunkServer start(World world, ChunkServerOptions options) throws IOException {
        Holdings holdings = Holdings.open(world, options);
        try {
            Listener listener = world.network().listen(options.listen());
            return start(world, options, holdings, listener);
        } catch (IOException e) {
            holdings.close();
            throw e;
        }
    }

    private static ChunkServer start(World world, ChunkServerOptions options, Holdings holdings, Listener listener) {
        Endpoint endpoint = new Endpoint(
                world,
                () -> new Hello(holdings.cellId(), Software.NAME, "chunkserver", holdings.geometry()),
                new PayloadPool(world.time(), PayloadPool.DEFAULT_BYTES_MAX),
                RpcOptions.DEFAULT,
                new LoggedEvents(world.time()));
        RpcPool peers = new RpcPool(endpoint);
        Serving serving = new Serving(world.time());
        MasterLink link = new MasterLink(world, options, peers, holdings, serving);
        Traffic traffic = new Traffic(world.time());
        Throttle copies = new Throttle(world.time(), options.upkeep().copyRateMax());
        Permits permits = new Permits(world, holdings, serving, options.sharesFiles());
        Station station =
                new Station(world, options, endpoint.pool(), peers, holdings, serving, permits, link, traffic, copies);
        AtomicBoolean stopped = new AtomicBoolean();
        DiskBalance balance = new DiskBalance(station, stopped::get);
        Scrubber scrubber = new Scrubber(station, stopped::get);
        ChunkService service = new ChunkService(station, scrubber, balance);
        ChunkServer self = new ChunkServer(station, service, RpcServer.start(endpoint, listener, service), stopped);
        self.startLoops();
        return self;
    }

    private void startLoops() {
        startLoop("master link", () -> station.masterLink().run(advertised(), new MasterOrders()));
        startLoop("chunk ticks", () -> every(TICK_NANOS, service::tick));
        startLoop("disks", () -> every(DISKS_TICK_NANOS, service::balanceDisks));
        startLoop("scrub", () -> every(SCRUB_TICK_NANOS, service::scrub));
        long syncNanos = station.options().syncWithin().toNanos();
        startLoop("sync", () -> every(syncNanos / 2, () -> station.holdings().syncOld(syncNanos / 2)));
    }

    private void startLoop(String name, Runnable body) {
        count(1);
        station.world().threads().start(name, () -> {
            try {
                body.run();
            } finally {
                count(-1);
            }
        });
    }

    private void count(int more) {
        lock.lock();
        try {
            loops += more;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void every(long nanos, Runnable body) {
        while (true) {
            long deadline = station.world().time().nanos() + nanos;
            lock.lock();
            try {
                boolean early = true;
                while (!closed && early) {
                    early = station.world().time().await(lock, closing, deadline);
                }
                if (closed) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            body.run();
        }
    }

    /** Where others reach this server: the address asked for, with the port that it got. */
    private ServerAddress advertised() {
        return new ServerAddress(
                station.options().listen().host(), server.address().port());
    }

    public ServerAddress address() {
        return advertised();
    }

    /** 0 before the first registration. */
    public ServerId id() {
        return station.self();
    }

    /**
     * Waits until the master knows this server.
     *
     * @throws IOException what the master said when it refuses this server, or that it did not answer in time
     */
    public void awaitRegistered(long deadlineNanos) throws IOException {
        station.masterLink().awaitRegistered(deadlineNanos);
    }

    /**
     * Returns when this server was closed.
     *
     * @throws IOException what the master said when it never will take this server, which is closed then
     */
    public void awaitStopped() throws IOException {
        IOException refusal = station.masterLink().awaitEnd();
        if (refusal != null) {
            close();
            throw refusal;
        }
    }

    /** What is under way now. */
    public ChunkServerInventory inventory() {
        int waiting = 0;
        int replicas = 0;
        for (LiveReplica live : station.holdings().all()) {
            waiting += live.waiting();
            replicas++;
        }
        return new ChunkServerInventory(
                server.connections(),
                station.pool().outstanding(),
                waiting,
                station.holdings().copyCount(),
                station.holdings().filesInUse(),
                replicas);
    }

    /** Stops serving, syncs every disk and leaves the mark of a clean stop. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            stopped.set(true);
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        station.permits().close();
        station.masterLink().close();
        server.close();
        awaitLoops();
        for (LiveReplica live : station.holdings().all()) {
            quiesce(live);
        }
        peers.close();
        station.holdings().close();
        LOG.info("stopped");
    }

    private static void quiesce(LiveReplica live) {
        live.lock.lock();
        try {
            live.stepAside(Role.OUTSIDE, ErrorCode.NOT_SERVING, "this server stops");
            live.enter();
        } finally {
            live.lock.unlock();
        }
    }

    private void awaitLoops() {
        lock.lock();
        try {
            while (loops > 0) {
                closing.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Carries out what the master's answers say. */
    private final class MasterOrders implements MasterLink.Orders {
        @Override
        public void drop(long handle) throws IOException {
            if (station.masterLink().isLost(handle)) {
                station.met(Probe.BAD_REPLICA_PUT_ASIDE);
                LOG.info("puts its replica of {} aside, as the master has better ones", new ChunkHandle(handle));
                station.holdings().quarantine(handle, "found bad while it was served");
            } else {
                LOG.info("drops its replica of {}, as the master says", new ChunkHandle(handle));
                station.holdings().drop(List.of(handle));
            }
            station.masterLink().dropped(handle);
        }

        @Override
        public void fence(long handle, long version) throws IOException {
            LiveReplica live = station.holdings().find(handle);
            if (live != null) {
                service.versions().fence(live, version);
            }
        }

        @Override
        public void sealed(long handle, long version, long length) throws IOException {
            LiveReplica live = station.holdings().find(handle);
            if (live != null) {
                service.versions().noteSeal(live, version, length);
            }
        }

        @Override
        public void lookAgain(long handle) {
            service.lookAgain(handle);
        }
    }
}
