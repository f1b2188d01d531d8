package cairn.simulation.cell;

import cairn.master.MasterSettings;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.proof.Rule;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerInventory;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterInventory;
import cairn.server.master.MasterServer;
import cairn.simulation.Fault;
import cairn.simulation.InjectedFault;
import cairn.simulation.SimNode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.LeakCheck;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The servers of a cell, each on a host of its own, running production code. A process that is killed can be restarted. */
final class SimulatedCell {

    static final List<ServerAddress> MASTERS = List.of(new ServerAddress("master", 7433));

    private static final int CHUNK_PORT = 7434;
    private static final Duration START_AGAIN = Duration.ofSeconds(1);

    /** The files of a new cell take about so long. */
    private static final long BIRTH_NANOS = 5_000_000;

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

    private static final int LEAK_LOOKS = 60;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** One seed of so many; the others would become slow. */
    private static final int RESTING_SEEDS = 16;

    /** Longer than a server keeps a connection on which nothing comes. */
    private static final Duration SILENT_CONNECTIONS_END = Duration.ofMinutes(11);

    /** Loops of a server, beside what its connections need. */
    private static final int THREADS_IDLE = 16;

    private final Simulation simulation;
    private final CellPlan plan;
    private final Sizes sizes;
    private final Set<Rule> broken;
    private final Map<SimNode, SimNode.Main> mains = new TreeMap<>(java.util.Comparator.comparing(SimNode::name));
    private final List<SimNode> chunkHosts = new ArrayList<>();
    private final Map<String, ChunkServer> running = new TreeMap<>();
    private final SimNode masterHost;
    private Consumer<ServerId> onRestart = server -> {};
    private @Nullable MasterServer master;
    private int registered;

    /** @param moving whether this run is about replicas that move */
    SimulatedCell(Simulation simulation, CellPlan plan, Set<Rule> broken, boolean moving) {
        this.simulation = simulation;
        this.plan = plan;
        this.sizes = Sizes.draw(simulation.seed(), moving);
        this.broken = broken;
        this.masterHost = simulation.node("master");
        mains.put(masterHost, this::runMaster);
        for (int i = 0; i < plan.chunkServers(); i++) {
            addChunkHost();
        }
    }

    private SimNode addChunkHost() {
        int number = chunkHosts.size();
        SimNode host = simulation.node("chunk" + number);
        String rack = "rack" + number % plan.racks();
        chunkHosts.add(host);
        mains.put(host, world -> runChunkServer(world, host, rack));
        return host;
    }

    /** A new host with empty disks, on which a chunkserver starts. */
    SimNode join() {
        SimNode host = addChunkHost();
        for (int disk = 0; disk < plan.disks(); disk++) {
            host.disk("/disk" + disk);
        }
        restart(host);
        return host;
    }

    /** Starts all servers and waits until the master knows them. */
    void start() {
        mains.keySet().forEach(this::restart);
        maybeInterruptBirth();
        simulation.run(START_LIMIT, () -> registered == plan.chunkServers());
    }

    /** A cell may be struck while it is being made: then nobody has heard of it. */
    private void maybeInterruptBirth() {
        SimRandom random = new SimRandom(simulation.seed()).stream("birth");
        Fault by = random.coin() ? Fault.CRASH : Fault.POWER;
        if (!plan.has(by) || random.coin()) {
            return;
        }
        simulation.at(Duration.ofNanos(random.exponential(BIRTH_NANOS)), () -> {
            simulation.faults().note(by);
            if (by == Fault.CRASH) {
                masterHost.crash();
            } else {
                masterHost.powerLoss();
            }
            restart(masterHost);
        });
    }

    private void runMaster(World world) throws IOException {
        try {
            MasterServer started = Processes.startMaster(world, MASTERS.getFirst(), plan, sizes, broken);
            master = started;
            world.threads().start("supervisor", () -> awaitEnd(started));
        } catch (IOException e) {
            again(masterHost, e);
        }
    }

    /** A master ends when its log cannot be written. */
    private void awaitEnd(MasterServer started) {
        try {
            started.awaitStopped();
        } catch (IOException e) {
            again(masterHost, e);
        }
    }

    /**
     * As a supervisor of the operating system would: what the world made up ends the process, which is tried again after a
     * while; anything else is a mistake of ours and fails the run. Called by the process; does not return.
     */
    private void again(SimNode host, IOException problem) {
        if (!InjectedFault.isBehind(problem)) {
            throw new Violation(host + " ended by itself: " + problem, problem);
        }
        simulation.tell(host.name(), "ends by itself: " + problem.getMessage());
        simulation.at(START_AGAIN, () -> restart(host));
        host.crash();
    }

    private void runChunkServer(World world, SimNode host, String rack) throws IOException {
        try {
            startChunkServer(world, host, rack);
        } catch (IOException e) {
            again(host, e);
        }
    }

    private void startChunkServer(World world, SimNode host, String rack) throws IOException {
        ChunkServerOptions options = ChunkServerOptions.of(
                        directories(host), MASTERS.getFirst(), new ServerAddress(host.name(), CHUNK_PORT))
                .withRack(rack)
                .withStore(sizes.store())
                .withSealAfterIdle(plan.sealAfterIdle())
                .withAcknowledgeWithin(plan.acknowledgeWithin())
                .withUpkeep(sizes.upkeep())
                .breaking(broken);
        ChunkServer server = ChunkServer.start(world, options);
        ChunkServer former = running.put(host.name(), server);
        if (former != null) {
            onRestart.accept(former.id());
        } else if (chunkHosts.indexOf(host) < plan.chunkServers()) {
            server.awaitRegistered(world.time().nanos() + START_LIMIT.toNanos());
            registered++;
        }
    }

    /** Whether servers are evened out that differ by a few of the tiny chunks, and all are on one rack, so that any may take any. */
    boolean evensOutAtOnce() {
        return sizes.unevenMax() < MasterSettings.DEFAULT.unevenMax() && plan.racks() == 1;
    }

    private List<String> directories(SimNode host) {
        List<String> directories = new ArrayList<>();
        for (int disk = 0; disk < disksOf(host); disk++) {
            directories.add("/disk" + disk);
        }
        return directories;
    }

    /** Some servers get their second disk when they are started again: what they hold is then to be evened out. */
    private int disksOf(SimNode host) {
        boolean grows = new SimRandom(simulation.seed())
                .stream("disks of " + host.name()).coin();
        return grows && !running.containsKey(host.name()) ? 1 : plan.disks();
    }

    /** The newest process of the master, alive or not; null before the first. */
    @Nullable
    MasterServer master() {
        return master;
    }

    /** From now on {@code told} hears of each chunkserver in whose place a new process runs. */
    void onRestart(Consumer<ServerId> told) {
        onRestart = told;
    }

    SimNode masterHost() {
        return masterHost;
    }

    List<SimNode> chunkHosts() {
        return chunkHosts;
    }

    /** All servers' hosts, the master's first. */
    List<SimNode> hosts() {
        List<SimNode> hosts = new ArrayList<>(chunkHosts);
        hosts.addFirst(masterHost);
        return hosts;
    }

    /** Kills the process on this host, if one runs there, and starts it. */
    void startAnew(SimNode host) {
        host.crash();
        restart(host);
    }

    /** Starts the process on this host if none runs there. */
    void restart(SimNode host) {
        SimNode.Main main = mains.get(host);
        if (main != null && !host.isRunning()) {
            host.start(main);
        }
    }

    /** All processes that are down are started. */
    void restartAll() {
        mains.keySet().forEach(this::restart);
    }

    /**
     * When all clients have left and all goals are restored: no server has anything left over. Connections to hosts that
     * vanished without a word are given up after minutes only, so in some runs the cell idles that long, on a network that does
     * no more of that, before it is judged.
     */
    void judgeLeaks() {
        boolean rested = simulation.seed() % RESTING_SEEDS == 0;
        if (rested) {
            simulation.spareConnections(); // those that are swallowed while it idles would be left over, too
            simulation.runFor(SILENT_CONNECTIONS_END);
        }
        List<LeakCheck> left = leaks(rested);
        for (int looks = 1; looks < LEAK_LOOKS && !left.isEmpty(); looks++) {
            simulation.runFor(BETWEEN_LOOKS); // what a server does by itself, it does now and then
            left = leaks(rested);
        }
        left.forEach(LeakCheck::judge);
    }

    /** Of each server that has too much of something, what. */
    private List<LeakCheck> leaks(boolean rested) {
        List<LeakCheck> checks = new ArrayList<>();
        for (SimNode host : chunkHosts) {
            ChunkServer server = Objects.requireNonNull(running.get(host.name()));
            host.world().threads().start("inventory", () -> {
                ChunkServerInventory has = server.inventory();
                checks.add(common(host, rested)
                        .atMost(0, "payloads", has.payloads())
                        .atMost(0, "mutations and calls under way", has.waiting())
                        .atMost(0, "copies under way", has.copies())
                        .atMost(plan.disks(), "files in use", has.files())); // the scrubber may be at work
            });
        }
        MasterServer leader = Objects.requireNonNull(master);
        masterHost.world().threads().start("inventory", () -> {
            MasterInventory has = leader.inventory();
            checks.add(common(masterHost, rested)
                    .atMost(chunkHosts.size(), "calls under way", has.calls())
                    .atMost(0, "versions being brought up", has.establishments())
                    .atMost(0, "copies under way", has.copies()));
        });
        simulation.run(STOP_LIMIT, () -> checks.size() == chunkHosts.size() + 1);
        checks.removeIf(LeakCheck::holds);
        return checks;
    }

    /** Servers at rest talk to each other and to the master, on two connections at most in each direction. */
    private LeakCheck common(SimNode host, boolean rested) {
        LeakCheck check = new LeakCheck(host.name());
        if (rested) {
            check.atMost(4L * (chunkHosts.size() + 1), "connections", host.connectionCount());
        }
        return check.atMost(THREADS_IDLE + 3L * host.connectionCount(), "threads", host.threadCount());
    }

    /** Stops every chunkserver as an operator would, and kills the process when it is through. */
    void stopChunkServers() {
        int[] stopped = {0};
        for (SimNode host : chunkHosts) {
            ChunkServer server = Objects.requireNonNull(running.get(host.name()));
            host.world().threads().start("stop", () -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new Violation(host + " cannot stop: " + e);
                }
                stopped[0]++;
            });
        }
        simulation.run(STOP_LIMIT, () -> stopped[0] == chunkHosts.size());
        chunkHosts.forEach(SimNode::crash);
    }
}
