package cairn.simulation.scale;

import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.simulation.CpuMeter;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A master that is real, on a host of its own, and many modelled chunkservers, in one simulated world without faults. */
final class ScaleCell implements AutoCloseable {
    private static final String DIRECTORY = "/master";
    private static final Duration LIMIT = Duration.ofHours(12);

    /** Servers do not start all in the same moment. */
    private static final long START_WITHIN_NANOS = 1_000_000_000L;

    private final Progress progress;
    private final Simulation simulation;
    private final Ledger ledger;
    private final SimNode masterHost;
    private final CpuMeter cpu;
    private final SimRandom random;
    private final ModelServer.Shared shared;
    private final List<ModelServer> servers = new ArrayList<>();
    private final List<SimNode> hosts = new ArrayList<>();
    private @Nullable MasterServer master;

    /** Writes the master's log; nothing runs yet. */
    ScaleCell(ScalePlan plan, Progress progress) {
        this.progress = progress;
        this.simulation = new Simulation(plan.seed(), SimOptions.calm());
        this.random = new SimRandom(plan.seed()).stream("starts");
        this.ledger = new Ledger(plan.chunks());
        this.shared = new ModelServer.Shared(plan, ledger, new TreeMap<>());
        this.masterHost = simulation.node("master");
        progress.say("%d servers, %d chunks in %d files: placing them"
                .formatted(plan.servers(), plan.chunks(), plan.files()));
        Population population = new Population(plan);
        progress.say("writing the log of a master that knows them");
        write(population);
        for (int[] handles : population.handles()) {
            addServer(handles);
        }
        this.cpu = simulation.measure(masterHost, plan.charged());
    }

    private void write(Population population) {
        boolean[] done = {false};
        masterHost.start(world -> {
            population.write(world, DIRECTORY);
            done[0] = true;
        });
        simulation.run(LIMIT, () -> done[0]);
        masterHost.crash();
    }

    /** It does not run yet. */
    ModelServer addServer(int[] handles) {
        int number = servers.size();
        SimNode host = simulation.node(ModelServer.addressOf(number).host());
        ModelServer server = new ModelServer(shared, host, number, handles);
        hosts.add(host);
        servers.add(server);
        return server;
    }

    void startServers(int from) {
        for (int i = from; i < servers.size(); i++) {
            ModelServer server = servers.get(i);
            SimNode host = hosts.get(i);
            simulation.at(Duration.ofNanos(random.between(0, START_WITHIN_NANOS)), () -> host.start(server::run));
        }
    }

    /** Returns when it serves. */
    void startMaster() {
        masterHost.start(this::runMaster);
        run("the master starts", () -> master != null);
    }

    private void runMaster(World world) throws IOException {
        master = MasterServer.start(world, MasterOptions.of(DIRECTORY, ModelServer.MASTER));
    }

    void killMaster() {
        servers.forEach(ModelServer::unregistered);
        master = null;
        masterHost.crash();
    }

    boolean allRegistered() {
        for (ModelServer server : servers) {
            if (!server.isRegistered()) {
                return false;
            }
        }
        return true;
    }

    long registered() {
        return servers.stream().filter(ModelServer::isRegistered).count();
    }

    /** Runs until it holds, and says how far it is meanwhile. */
    void run(String what, BooleanSupplier done) {
        simulation.run(LIMIT, () -> {
            progress.maybe(() ->
                    "%s: at %.1f s, %d registered, %d chunks under their goal, %d with one replica, %d being copied, %d copied"
                            .formatted(
                                    what,
                                    simulation.nowNanos() / 1e9,
                                    registered(),
                                    ledger.under(),
                                    ledger.with(1),
                                    ledger.running(),
                                    ledger.copies()));
            return done.getAsBoolean();
        });
    }

    void runFor(String what, Duration time) {
        long until = simulation.nowNanos() + time.toNanos();
        run(what, () -> simulation.nowNanos() >= until);
    }

    /** The difference between the fullest and the emptiest server that live, as a part of a disk. */
    double unevenness() {
        double most = 0;
        double least = 1;
        for (ModelServer server : servers) {
            most = Math.max(most, server.fullness());
            least = Math.min(least, server.fullness());
        }
        return most - least;
    }

    long nowNanos() {
        return simulation.nowNanos();
    }

    CpuMeter cpu() {
        return cpu;
    }

    Ledger ledger() {
        return ledger;
    }

    List<ModelServer> servers() {
        return servers;
    }

    @Override
    public void close() {
        simulation.close();
    }
}
