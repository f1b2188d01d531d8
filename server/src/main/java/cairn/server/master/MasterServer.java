package cairn.server.master;

import cairn.log.CellIdentity;
import cairn.log.DataDirectory;
import cairn.log.LogStore;
import cairn.log.StateImage;
import cairn.master.Effect;
import cairn.master.MasterCore;
import cairn.master.MasterImage;
import cairn.master.MasterInput;
import cairn.master.MasterRecord;
import cairn.master.Records;
import cairn.model.Invariant;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.Software;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.PayloadPool;
import cairn.rpc.RpcOptions;
import cairn.rpc.RpcServer;
import cairn.server.LoggedEvents;
import cairn.world.Listener;
import cairn.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running master. It stops by itself when its log cannot be written or its core is broken: memory is then ahead of the
 * disk, and nothing more may be answered. Thread-safe.
 */
public final class MasterServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterServer.class);

    /** A master's calls carry no payloads; whoever sends some shall not use up its memory. */
    private static final long PAYLOAD_BYTES_MAX = 2L * Limits.PAYLOAD_BYTES_MAX;

    /** Every chunkserver keeps one, and asks for a sign of life on another; clients come on top. */
    static final int CONNECTIONS_MAX = 16_384;

    private final World world;
    private final DataDirectory directory;
    private final LogStore store;
    private final Life life;
    private final Turns turns;
    private final Orders orders;
    private final MasterService service;
    private final CheckpointKeeper checkpoints;
    private final RpcServer rpc;
    private final long startedNanos;
    private final MasterImage image;

    /** What is there before the server is. */
    private record Foundation(World world, MasterOptions options, DataDirectory directory, LogStore store, Life life) {}

    private MasterServer(Foundation foundation, Listener listener) {
        MasterOptions options = foundation.options();
        this.world = foundation.world();
        this.directory = foundation.directory();
        this.store = foundation.store();
        this.life = foundation.life();
        this.startedNanos = world.time().nanos();
        this.image = imageOf(store.image()).image();
        MasterCore core = new MasterCore(image, options.settings(), startedNanos, world.witness());
        this.turns = new Turns(core, store.log(), world.time(), this::perform, this::stopFor);
        Endpoint self = new Endpoint(
                world,
                () -> new Hello(
                        store.cell().cellId(),
                        Software.NAME,
                        "master",
                        store.cell().geometry()),
                new PayloadPool(world.time(), PAYLOAD_BYTES_MAX),
                RpcOptions.DEFAULT.connectionsMax(CONNECTIONS_MAX),
                new LoggedEvents(world.time()));
        this.orders = new Orders(world, self, options, turns::take);
        this.service = new MasterService(world.entropy(), options.topology(), this::report, turns::take);
        this.checkpoints = new CheckpointKeeper(world, store, options);
        this.rpc = RpcServer.start(self, listener, service);
    }

    /**
     * Opens or makes the cell, recovers it, and serves.
     *
     * @throws cairn.log.StartRefused the directory cannot be used as it is; one line for the operator
     * @throws IOException also when the address cannot be had
     */
    public static MasterServer start(World world, MasterOptions options) throws IOException {
        DataDirectory directory = DataDirectory.open(world.disks().open(options.directory()));
        Life life = new Life(world.time());
        LogStore store = null;
        Listener listener = null;
        try {
            if (directory.identity() == null) { // no cell is made that cannot be reached
                listener = world.network().listen(options.listen());
            }
            store = openStore(world, options, directory, life);
            if (listener == null) { // nobody is kept waiting for a recovery
                listener = world.network().listen(options.listen());
            }
            MasterServer server = new MasterServer(new Foundation(world, options, directory, store, life), listener);
            server.begin(options);
            return server;
        } catch (IOException | RuntimeException e) {
            if (listener != null) {
                listener.close();
            }
            if (store != null) {
                store.log().close();
            }
            directory.close();
            throw e;
        }
    }

    private static LogStore openStore(World world, MasterOptions options, DataDirectory directory, Life life)
            throws IOException {
        LogStore.Setting setting = new LogStore.Setting(
                options.log(),
                world.threads(),
                CoreImage::new,
                LOG::warn,
                problem -> lostLog(life, problem),
                world.witness());
        if (directory.identity() != null) {
            LogStore store = LogStore.recover(directory, setting);
            LOG.info(
                    "cell {} recovered: checkpoint of {} records, log up to {}",
                    "%016x".formatted(store.cell().cellId()),
                    store.checkpointIndex(),
                    store.lastIndex());
            return store;
        }
        CellIdentity cell = new CellIdentity(world.entropy().nextLong() | 1, options.geometry());
        MasterRecord first = new MasterRecord.CellCreated(
                cell.cellId(),
                cell.geometry(),
                options.replication(),
                world.time().wallMillis());
        LOG.info("cell {} made in {}", "%016x".formatted(cell.cellId()), options.directory());
        return LogStore.format(directory, cell, Records.encode(List.of(first)), setting);
    }

    private static void lostLog(Life life, IOException problem) {
        if (life.fail(problem)) {
            LOG.error("the operation log cannot be written, the master stops: {}", problem.getMessage());
        }
    }

    private static CoreImage imageOf(StateImage image) {
        if (image instanceof CoreImage ours) {
            return ours;
        }
        throw Invariant.unreachable("an image of another kind");
    }

    /** Where it really listens. */
    public ServerAddress address() {
        return rpc.address();
    }

    /** What is under way now. */
    public MasterInventory inventory() {
        return turns.ask(core -> new MasterInventory(
                rpc.connections(), service.openCalls(), core.establishmentCount(), core.copyCount()));
    }

    public long cellId() {
        return store.cell().cellId();
    }

    /** All that was decided, durable or about to be: only for who stands outside of a simulated cell, between two steps. */
    public MasterImage image() {
        return image;
    }

    /**
     * Returns when the server was closed.
     *
     * @throws IOException when it stopped by itself, and why
     */
    public void awaitStopped() throws IOException {
        life.awaitEnd();
    }

    /** What was decided is made durable; connections are cut. Returns when the directory is free. */
    @Override
    public void close() throws IOException {
        if (!life.beginEnd()) {
            return;
        }
        rpc.close();
        turns.close(); // before the orders: those that break off now shall decide nothing
        orders.close();
        checkpoints.close();
        store.log().close();
        directory.close();
        life.end();
        LOG.info("master stopped");
    }

    private void begin(MasterOptions options) {
        world.threads().start("answers", turns::performWaiting);
        world.threads().start("ticks", () -> tick(options.tick().toNanos()));
        LOG.info("master of cell {} listens at {}", "%016x".formatted(cellId()), address());
    }

    private void tick(long nanos) {
        while (life.pause(nanos)) {
            turns.take(new MasterInput.Tick(world.entropy().nextLong()));
            checkpoints.tick();
        }
        stopAfterFailure();
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Answer answer -> service.answer(answer);
            case Effect.Refuse refusal -> service.refuse(refusal);
            case Effect.Order order -> orders.carry(order);
            case Effect.Again(var input) -> turns.take(input);
            case Effect.Note(var level, var line) -> {
                switch (level) {
                    case WARNING -> LOG.warn(line);
                    case INFO -> LOG.info(line);
                    case DETAIL -> LOG.debug(line);
                }
            }
        }
    }

    private MasterInput.Report report(long ticket) {
        return new MasterInput.Report(
                ticket,
                store.log().lastIndex(),
                checkpoints.checkpointIndex(),
                (world.time().nanos() - startedNanos) / 1_000_000);
    }

    private void stopFor(Throwable reason) {
        if (life.fail(reason)) {
            // A disk that refuses is no mistake of ours: where we were says nothing to the operator.
            LOG.error("the master stops: {}", reason.getMessage(), reason instanceof IOException ? null : reason);
        }
    }

    /** The ticker sees a failure at once, wherever it was; closing is left to its thread, which holds nothing. */
    private void stopAfterFailure() {
        try {
            close();
        } catch (IOException e) {
            LOG.error("while stopping: {}", e.getMessage());
        }
    }
}
